/** What a step or a check concludes. `inconclusive` is no evidence either way; `error` is a failure to find out. */
export type Verdict = 'pass' | 'warn' | 'fail' | 'inconclusive' | 'error';

/** From best to worst: the order in which verdicts override each other. */
const SEVERITY: readonly Verdict[] = ['pass', 'warn', 'inconclusive', 'fail', 'error'];

/** The worst of several verdicts; `pass` for none. */
export function worstVerdict(verdicts: readonly Verdict[]): Verdict {
  return verdicts.reduce<Verdict>((worst, next) => (severity(next) > severity(worst) ? next : worst), 'pass');
}

/** True for the verdicts that let a release go on: pass and warn. */
export function allows(verdict: Verdict): boolean {
  return verdict === 'pass' || verdict === 'warn';
}

function severity(verdict: Verdict): number {
  return SEVERITY.indexOf(verdict);
}
