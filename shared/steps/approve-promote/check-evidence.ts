import { GateFailure } from '../../errors.ts';
import { type Evidence, type EvidenceKind, latestEvidence } from '../../release/evidence.ts';
import type { Policy } from '../../release/policy.ts';
import type { Release } from '../../release/release.ts';
import { allows } from '../../release/verdict.ts';

/** What a release must show before production may have it, and the step that shows it. */
const REQUIRED: readonly { readonly kind: EvidenceKind; readonly step: string }[] = [
  { kind: 'validated', step: 'validate' },
  { kind: 'built', step: 'build-push' },
  { kind: 'staged', step: 'deploy-staging' },
  { kind: 'smoked', step: 'smoke-test' },
  { kind: 'impact', step: 'impact-report' },
];

/** The evidence that a promotion rests on. */
export interface Standing {
  readonly impact: Evidence;
  /** True where the impact gates failed and the policy lets approvers accept that. */
  readonly impactNeedsAcceptance: boolean;
}

/**
 * Checks that the release has every piece of evidence, each with a verdict that lets it go on, and that smoke test and
 * impact report looked at what was staged last.
 * @param from environment where the release was tested
 * @throws GateFailure EVIDENCE-MISSING, EVIDENCE-FAILED or EVIDENCE-STALE naming the step to run
 */
export function checkEvidence(release: Release, policy: Policy, from: string): Standing {
  const [, , staged, , impact] = REQUIRED.map(({ kind, step }) => {
    const evidence = latestEvidence(release, kind);
    if (!evidence) throw refuse('EVIDENCE-MISSING', `there is no evidence that the release was ${kind}`, step);
    const accepted = kind === 'impact' && evidence.verdict === 'fail' && policy.gates.impact.onFail === 'approve';
    if (!allows(evidence.verdict) && !accepted) {
      throw refuse('EVIDENCE-FAILED', `the evidence ${kind} says ${evidence.verdict}`, step);
    }
    return evidence;
  });
  if (!staged || !impact) throw new Error('the list of required evidence is not the one read here');
  if (staged.facts.environment !== from) {
    throw refuse(
      'EVIDENCE-MISSING',
      `the release was staged in ${staged.facts.environment}, not in ${from}`,
      'deploy-staging',
    );
  }
  for (const kind of ['smoked', 'impact'] as const) {
    const evidence = latestEvidence(release, kind);
    if (evidence && evidence.seq < staged.seq) {
      throw refuse(
        'EVIDENCE-STALE',
        `the release was staged again after it was ${kind}`,
        kind === 'impact' ? 'impact-report' : 'smoke-test',
      );
    }
  }
  return { impact, impactNeedsAcceptance: impact.verdict === 'fail' };
}

function refuse(code: string, what: string, step: string): GateFailure {
  return new GateFailure({ code, what, fix: `Run ${step} for this release` });
}
