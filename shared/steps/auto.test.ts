import { describe, expect, it } from 'vitest';
import { ConfigError } from '../errors.ts';
import type { ChangeFacts } from '../ports/host.ts';
import { stepsFor } from './auto.ts';
import { definitions } from './definitions.ts';

const known = definitions.map((step) => step.id);
const toStaging = ['validate', 'build-push', 'deploy-staging', 'smoke-test', 'impact-report'];

function change(facts: Partial<ChangeFacts>): ChangeFacts {
  return {
    event: 'push',
    rawEvent: 'push',
    repository: 'acme/pricing',
    commit: 'c0ffee',
    ref: 'refs/heads/main',
    branch: 'main',
    defaultBranch: 'main',
    request: undefined,
    ...facts,
  };
}

function codeOf(asked: string, facts: ChangeFacts | undefined): string {
  try {
    return stepsFor(asked, known, facts).join(' ');
  } catch (error) {
    return error instanceof ConfigError ? error.problems[0].code : String(error);
  }
}

describe('what a job runs', () => {
  it.each<[string, Partial<ChangeFacts>, readonly string[]]>([
    ['a pull request', { event: 'change-request', branch: undefined }, ['validate']],
    ['a push to the default branch', {}, toStaging],
    ['a push to another branch', { branch: 'new-rates' }, ['validate']],
    ['a push to a branch that only looks like it', { branch: 'main/x' }, ['validate']],
  ])('on %s, by itself', (_, facts, expected) => {
    expect(stepsFor('auto', known, change(facts))).toEqual(expected);
  });

  it.each<[string, ChangeFacts | undefined]>([
    ['a tag', change({ ref: 'refs/tags/v1', branch: undefined })],
    ['a schedule', change({ event: 'other', rawEvent: 'schedule' })],
    ['a push where the default branch is not known', change({ defaultBranch: undefined })],
    ['a host that knows nothing', undefined],
  ])('on %s is never guessed', (_, facts) => {
    expect(codeOf('auto', facts)).toBe('AUTO-UNDECIDED');
  });

  it.each(known)('is %s where it is named, whatever the event', (step) => {
    expect(stepsFor(step, known, change({ event: 'other' }))).toEqual([step]);
  });

  it('is never a promotion or a rollback unless it is named', () => {
    const all = (['change-request', 'push'] as const).flatMap((event) => stepsFor('auto', known, change({ event })));
    expect(all).not.toContain('approve-promote');
    expect(all).not.toContain('rollback');
  });

  it('names the step that was likely meant', () => {
    expect(() => stepsFor('smoketest', known, undefined)).toThrow('Did you mean smoke-test');
    expect(codeOf('', undefined)).toBe('STEP-UNKNOWN');
  });
});
