import { describe, expect, it } from 'vitest';
import { MemoryForge } from '../../../tests/fakes/memory-forge.ts';
import { StepBench } from '../../../tests/fakes/step-bench.ts';
import { ConfigError } from '../../errors.ts';
import { deployStaging } from '../deploy-staging/step.ts';

describe('what the forge is told', () => {
  it('is which release reached which environment', async () => {
    const bench = new StepBench();
    const forge = new MemoryForge();
    const told: unknown[] = [];
    forge.recordDeployment = async (...args: readonly unknown[]) => {
      told.push(...args);
      return { done: true, url: undefined };
    };
    bench.forge = forge;
    const release = await bench.release('c0ffee', ['validated', 'built']);
    await bench.run(deployStaging);
    expect(told).toMatchObject([
      {
        environment: 'staging',
        releaseId: release.id,
        commit: 'c0ffee',
        status: 'success',
        production: false,
        url: 'http://environment/staging',
      },
    ]);
  });

  it('does not turn what went well into a failure when the forge refuses it', async () => {
    const bench = new StepBench();
    const forge = new MemoryForge();
    forge.recordDeployment = () =>
      Promise.reject(
        new ConfigError({
          code: 'FORGE-PERMISSION',
          what: 'the token may not write deployments',
          fix: 'Add deployments: write',
        }),
      );
    bench.forge = forge;
    await bench.release('c0ffee', ['validated', 'built']);
    const host = await bench.run(deployStaging);
    expect(host.end).toMatchObject({ result: 'pass', exitCode: 0 });
    expect(host.annotations).toMatchObject([{ level: 'warning', title: 'FORGE-PERMISSION' }]);
    expect(host.annotations[0]?.message).toContain('Add deployments: write');
  });
});
