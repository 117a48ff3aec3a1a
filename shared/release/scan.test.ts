import { describe, expect, it } from 'vitest';
import { describeFinding, judgeScan, type ScanFinding, type Severity } from './scan.ts';

const LIMITS = { warn: 'high', fail: 'critical', failUnfixed: false } as const;

function finding(severity: Severity, fixed: string | undefined = '2', id = `CVE-${severity}`): ScanFinding {
  return { id, severity, package: 'openssl', installed: '1', fixed, title: '', url: undefined };
}

describe('what a scanner found', () => {
  it.each<[string, readonly ScanFinding[], Parameters<typeof judgeScan>[1], string]>([
    ['nothing', [], LIMITS, 'pass'],
    ['something small', [finding('medium')], LIMITS, 'pass'],
    ['something to look at', [finding('high')], LIMITS, 'warn'],
    ['something over the limit', [finding('low'), finding('critical')], LIMITS, 'fail'],
    [
      'something over the limit that nobody has a fix for',
      [{ ...finding('critical'), fixed: undefined }],
      LIMITS,
      'warn',
    ],
    [
      'the same, where that is no excuse',
      [{ ...finding('critical'), fixed: undefined }],
      { ...LIMITS, failUnfixed: true },
      'fail',
    ],
    [
      'the worst, without limits',
      [finding('critical')],
      { warn: undefined, fail: undefined, failUnfixed: true },
      'pass',
    ],
    ['a word that is not known, where all is judged', [finding('unknown')], { ...LIMITS, fail: 'unknown' }, 'fail'],
  ])('%s', (_, findings, limits, verdict) => {
    expect(judgeScan(findings, limits).verdict).toBe(verdict);
  });

  it('counts once what is in several platforms, the worst first', () => {
    const { failing, warning, counts } = judgeScan(
      [finding('high'), finding('critical', '2', 'B'), finding('critical', '2', 'A'), finding('critical', '2', 'B')],
      LIMITS,
    );
    expect(failing.map(({ id }) => id)).toEqual(['A', 'B']);
    expect(warning.map(({ id }) => id)).toEqual(['CVE-high']);
    expect(counts).toMatchObject({ critical: 2, high: 1, low: 0 });
  });

  it('is told with what would mend it', () => {
    expect(describeFinding(finding('high'))).toBe('CVE-high (high): openssl 1, fixed in 2');
    expect(describeFinding({ ...finding('low'), fixed: undefined, title: 'Bad' })).toBe(
      'CVE-low (low): openssl 1, no fix yet: Bad',
    );
  });
});
