import { describe, expect, it } from 'vitest';
import { allows, type Verdict, worstVerdict } from './verdict.ts';

describe('verdicts', () => {
  it.each<[Verdict[], Verdict]>([
    [[], 'pass'],
    [['pass', 'warn'], 'warn'],
    [['inconclusive', 'warn'], 'inconclusive'],
    [['inconclusive', 'fail'], 'fail'],
    [['fail', 'error', 'pass'], 'error'],
  ])('the worst of %j is %s', (verdicts, worst) => {
    expect(worstVerdict(verdicts)).toBe(worst);
  });

  it('let a release go on only on pass and warn', () => {
    expect((['pass', 'warn', 'inconclusive', 'fail', 'error'] as const).filter(allows)).toEqual(['pass', 'warn']);
  });
});
