import type { Verdict } from './verdict.ts';

/** From worst to best, as both scanners know them. */
export const SEVERITIES = ['critical', 'high', 'medium', 'low', 'negligible', 'unknown'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** A known weakness of something in an image. */
export interface ScanFinding {
  /** As its database names it: CVE-… or GHSA-… */
  readonly id: string;
  readonly severity: Severity;
  readonly package: string;
  readonly installed: string;
  /** Version without it; undefined where there is none yet. */
  readonly fixed: string | undefined;
  readonly title: string;
  readonly url: string | undefined;
}

/** What findings may be. Undefined: not judged. */
export interface ScanLimits {
  readonly warn: Severity | undefined;
  readonly fail: Severity | undefined;
  /** Whether a finding that nobody has a fix for fails too; otherwise it warns. */
  readonly failUnfixed: boolean;
}

export interface ScanJudgement {
  readonly verdict: Extract<Verdict, 'pass' | 'warn' | 'fail'>;
  /** Worst first. */
  readonly failing: readonly ScanFinding[];
  readonly warning: readonly ScanFinding[];
  /** Number of findings by severity, those that are not judged included. */
  readonly counts: Readonly<Record<Severity, number>>;
}

/** Judges what a scanner found. The same weakness of the same package counts once, in however many platforms it is. */
export function judgeScan(findings: readonly ScanFinding[], limits: ScanLimits): ScanJudgement {
  const distinct = [
    ...new Map(findings.map((each) => [`${each.id} ${each.package} ${each.installed}`, each])).values(),
  ];
  const sorted = distinct.toSorted((a, b) => rank(a.severity) - rank(b.severity) || compare(a.id, b.id));
  const counts = Object.fromEntries(SEVERITIES.map((each) => [each, 0])) as Record<Severity, number>;
  for (const { severity } of sorted) counts[severity] += 1;
  const failing = sorted.filter(
    (each) => reaches(each, limits.fail) && (limits.failUnfixed || each.fixed !== undefined),
  );
  const warning = sorted.filter(
    (each) => !failing.includes(each) && (reaches(each, limits.warn) || reaches(each, limits.fail)),
  );
  return { verdict: failing.length > 0 ? 'fail' : warning.length > 0 ? 'warn' : 'pass', failing, warning, counts };
}

/** One line: id, severity, package and version, the version that mends it, title. */
export function describeFinding({ id, severity, package: name, installed, fixed, title }: ScanFinding): string {
  const fix = fixed === undefined ? 'no fix yet' : `fixed in ${fixed}`;
  return `${id} (${severity}): ${name} ${installed}, ${fix}${title === '' ? '' : `: ${title}`}`;
}

function reaches({ severity }: ScanFinding, limit: Severity | undefined): boolean {
  return limit !== undefined && rank(severity) <= rank(limit);
}

function rank(severity: Severity): number {
  return SEVERITIES.indexOf(severity);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
