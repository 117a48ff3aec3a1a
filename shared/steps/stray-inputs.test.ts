import { describe, expect, it } from 'vitest';
import { definitions } from './definitions.ts';
import { misspeltInputs } from './stray-inputs.ts';

const known = [...new Set(definitions.flatMap((step) => Object.keys(step.inputs)))];
const written = (name: string): { shown: string; name: string } => ({ shown: name, name });

describe('inputs that no step has', () => {
  it.each([
    ['staging-ulr', 'staging-url'],
    ['dryrun', 'dry-run'],
    ['p95latency', 'p95-latency'],
    ['min-approver', 'min-approvers'],
  ])('%s is a misspelt %s', (name, meant) => {
    expect(misspeltInputs([written(name)], known, (near) => near)).toEqual([
      { code: 'INPUT-UNKNOWN', what: `there is no input ${name}`, fix: `Did you mean ${meant}?` },
    ]);
  });

  it.each(['release-notes-file', 'node-version', 'xyz'])('%s is somebody else’s', (name) => {
    expect(misspeltInputs([written(name)], known, (near) => near)).toEqual([]);
  });

  it('names all at once, as the host spells them', () => {
    const strays = [written('stagingulr'), written('dryrn')];
    const fixes = misspeltInputs(strays, known, (name) => `--${name}`).map(({ fix }) => fix);
    expect(fixes).toEqual(['Did you mean --staging-url?', 'Did you mean --dry-run?']);
  });
});
