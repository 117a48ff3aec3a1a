import { ConfigError, GateFailure } from '../../errors.ts';
import type { Forge } from '../../ports/forge.ts';
import type { Project } from '../../project/project.ts';
import { type ApprovalJudgement, judgeApprovals } from '../../release/approval.ts';
import { shortDigest } from '../../release/digest.ts';
import { latestEvidence } from '../../release/evidence.ts';
import { describeRelease, type Release } from '../../release/release.ts';
import type { StepContext } from '../context.ts';

const ASK_EVERY_MS = 15_000;

export interface ApprovalWish {
  /** Least number of distinct approvers. */
  readonly needed: number;
  /** How long to wait for approvals that are missing; 0 asks once. */
  readonly waitMs: number;
  /** There may be too few: the judgement says so. */
  readonly mayBeMissing: boolean;
}

/**
 * Asks the forge who approved this release, again until there are enough or the time is over.
 * @throws GateFailure APPROVAL-REJECTED or APPROVAL-MISSING, with everybody whose word did not count and why
 */
export async function gatherApprovals(
  context: StepContext,
  project: Project,
  release: Release,
  environment: string,
  { needed, waitMs, mayBeMissing }: ApprovalWish,
): Promise<ApprovalJudgement> {
  const forge = await context.forge(project);
  const { approval: rules } = project.policy;
  const { commit } = release.core;
  const subject = { releaseId: release.id, commit, evidenceAt: latestEvidence(release, 'impact')?.at };
  const authors = commit === null || !rules.distinctFromAuthor ? [] : await authorsOf(context, project, forge, commit);
  const giveUpAt = context.clock.now() + waitMs;
  for (;;) {
    const judgement = judgeApprovals(await ask(forge), rules, authors, needed, subject);
    if (judgement.rejected.length > 0) throw rejected(judgement);
    if (judgement.enough) return judgement;
    if (context.clock.now() >= giveUpAt) {
      if (mayBeMissing) return judgement;
      throw missing(judgement, release, context.host.facts.ci);
    }
    context.host.log.info(`${judgement.counted.length} of ${needed} approvals; waiting`);
    await context.clock.sleep(Math.min(ASK_EVERY_MS, giveUpAt - context.clock.now()), context.signal);
  }

  function ask(on: Forge): ReturnType<Forge['approvals']> {
    return on.approvals({
      ...subject,
      environment,
      sources: rules.sources,
      approvers: rules.approvers,
      needed,
      question: `Promote ${describeRelease(release)} to ${environment}?`,
      signal: context.signal,
    });
  }
}

/**
 * Everybody who made the change: as the forge knows, or as git does where the forge does not have the code.
 * @throws ConfigError AUTHORS-UNKNOWN where neither does, as anybody could then approve their own change
 */
async function authorsOf(
  context: StepContext,
  project: Project,
  forge: Forge,
  commit: string,
): Promise<readonly string[]> {
  const known = await forge.authors(commit, context.signal);
  const authors = known.length > 0 ? known : await context.source.authors(project.root, commit, context.signal);
  if (authors.length > 0) return authors;
  throw new ConfigError({
    code: 'AUTHORS-UNKNOWN',
    what: `nobody knows who made commit ${commit.slice(0, 12)}, and the policy lets no author approve`,
    fix: 'Check out the repository with this commit before the step',
  });
}

function rejected({ rejected: people }: ApprovalJudgement): GateFailure {
  const who = people.map(
    (record) => `${record.person} (${record.source})${record.comment ? `: ${record.comment}` : ''}`,
  );
  return new GateFailure({
    code: 'APPROVAL-REJECTED',
    what: `rejected by ${who.join('; ')}`,
    fix: 'Settle it with them; their latest word counts',
  });
}

/** `2 distinct approvers are needed; approved by nobody`, with everybody whose word did not count and why. */
export function describeMissing({ counted, ignored, needed }: ApprovalJudgement): string {
  const have = counted.map((record) => record.person).join(', ') || 'nobody';
  const not = ignored.map(({ approval, why }) => `${approval.person} ${why}`).join('; ');
  return `${needed} distinct approvers are needed; approved by ${have}${not ? `. Not counted: ${not}` : ''}`;
}

/** GateFailure APPROVAL-MISSING, with everybody whose word did not count and why. */
export function missing(judgement: ApprovalJudgement, release: Release, ci: boolean): GateFailure {
  const fix = 'Have the release approved by more people who are not its authors';
  return new GateFailure({
    code: 'APPROVAL-MISSING',
    what: describeMissing(judgement),
    fix: ci ? `${fix}; a comment on the change request does it: /haute approve ${shortDigest(release.id)}` : fix,
  });
}
