import { expect, it } from 'vitest';
import type { ImpactRun } from './impact-run.ts';
import { missingBaseline } from './missing-baseline.ts';
import type { Inputs } from './run.ts';

const run = {
  sides: { production: undefined, foreign: 'motor-pricing:1', asked: true },
  project: { policy: { environments: {} } },
} as unknown as ImpactRun;

function told(mode: 'served' | 'offline'): string | undefined {
  return missingBaseline({ baseline: 'production', mode } as unknown as Inputs, run);
}

it('says how what serves and is no release is compared with, and how it may be replaced', () => {
  expect(told('served')).toBe(
    'motor-pricing:1 serves production and is no release: give production-url its address to compare with it. If it may be replaced, write take_over = "motor-pricing:1" under [environments.production] in haute.release.toml.',
  );
});

it('sends nobody to an address where packages are compared without one', () => {
  expect(told('offline')).toContain('leave mode: offline out and give production-url its address');
});
