import { ProviderError } from '../../errors.ts';
import type { Project } from '../../project/project.ts';
import type { ApprovalJudgement } from '../../release/approval.ts';
import type { EnvironmentState } from '../../release/deployment.ts';
import type { PromotionState } from '../../release/promotion/state.ts';
import type { StepContext } from '../context.ts';
import type { StepResult } from '../define.ts';
import { page, plain, table } from '../parts/markdown.ts';
import { describeServed, verdictOf } from '../parts/prove-environment.ts';
import { type OpenRelease, recordEvidence } from '../parts/release-file.ts';
import { servedBy } from '../parts/served-by.ts';
import { recordOnForge } from '../parts/tell-forge.ts';
import type { MoveLog } from '../promotion/target-world.ts';
import type { definition } from './definition.ts';
import type { LeftAlone } from './left-alone.ts';

type Outputs = typeof definition.outputs;

const FORGE_STATUS = { promoted: 'success', paused: 'in-progress', reverted: 'failure' } as const;

/** How the promotion ended. */
export interface PromotionEnd {
  readonly state: PromotionState;
  readonly cause: unknown;
  /** Why it was left where it stands on purpose; undefined where it was not. */
  readonly left: LeftAlone | undefined;
  /** What became of the quotes that candidate and current were both asked for; undefined where there were to be none. */
  readonly paired: string | undefined;
}

/** Turns the end of the promotion into evidence and the step's result. @throws what stopped it, where something threw */
export async function conclude(
  context: StepContext,
  project: Project,
  open: OpenRelease,
  before: EnvironmentState,
  moved: MoveLog,
  { state, cause, left, paired }: PromotionEnd,
  approvals: ApprovalJudgement,
): Promise<StepResult<Outputs>> {
  if (state.phase === 'stuck') throw stuck(before, state, cause);
  const facts = {
    environment: before.name,
    stages: moved.stages,
    ...(moved.candidate && { deploymentId: moved.candidate.id }),
    ...(before.current && { previousDeploymentId: before.current.id }),
    ...(state.reason && { reason: state.reason }),
    ...(paired !== undefined && { pairedQuotes: paired }),
    ...(moved.served?.proven === false && { servingNotProven: moved.served.why }),
  };
  const verdict = { done: verdictOf(moved.served), paused: 'inconclusive' as const }[state.phase as string];
  const kind = state.phase === 'done' ? 'promoted' : state.phase === 'paused' ? 'paused' : 'reverted';
  const next = await recordEvidence(context, project, open, { kind, verdict: verdict ?? 'fail', facts });
  await recordOnForge(context, project, open.release, {
    environment: before.name,
    status: FORGE_STATUS[kind],
    url: before.address?.url,
    description: state.reason ?? (moved.served?.proven ? 'serves all traffic' : 'has all traffic; nobody was asked'),
  });
  if (state.phase === 'reverted' && cause !== undefined) throw cause;
  if (state.phase === 'reverted') {
    context.host.annotate({
      level: 'error',
      title: 'PROMOTION-REVERTED',
      message: `${before.name} serves what it served before: ${state.reason ?? ''}`,
    });
  }
  const isLeft = state.phase === 'paused' && left !== undefined;
  if (isLeft) context.host.annotate({ level: 'warning', title: left.title, message: left.reason });
  return {
    result: isLeft ? 'warn' : (verdict ?? 'fail'),
    releaseId: next.release.id,
    releaseFile: next.file,
    outputs: outputsOf(before, moved, state, approvals),
    summary: summaryOf(open, before, moved, state, paired, approvals),
  };
}

function outputsOf(
  before: EnvironmentState,
  moved: MoveLog,
  state: PromotionState,
  approvals: ApprovalJudgement,
): StepResult<Outputs>['outputs'] {
  const serving = state.phase === 'done' ? moved.candidate : before.current;
  return {
    ...(serving && { 'deployment-id': serving.id }),
    ...(before.current && { 'previous-deployment-id': before.current.id }),
    approvers: approvals.counted.map((record) => record.person).join(', '),
    ...(before.address && { url: before.address.url }),
    stages: moved.stages.join(', '),
  };
}

function summaryOf(
  open: OpenRelease,
  before: EnvironmentState,
  moved: MoveLog,
  state: PromotionState,
  paired: string | undefined,
  approvals: ApprovalJudgement,
): string {
  const result = { done: verdictOf(moved.served), paused: 'paused' as const }[state.phase as string] ?? 'reverted';
  return page(
    `## Haute approve and promote: ${result}`,
    table(
      ['what', ''],
      [
        ['release', `\`${open.release.id}\``],
        ['environment', plain(before.name)],
        [
          'approved by',
          approvals.counted
            .map((record) => `${plain(record.person)} (${record.source}, ${record.strength})`)
            .join(', ') || (approvals.enough ? 'nobody was needed' : 'nobody yet'),
        ],
        ['traffic stages passed', moved.stages.map((percent) => `${percent} %`).join(', ') || 'none'],
        ...(paired === undefined ? [] : [['paired quotes', plain(paired)] as const]),
        ['served before', servedBy(before)],
        ['serves now', serving(before, moved, state)],
      ],
    ),
    state.reason ? `Why: ${plain(state.reason)}` : '',
    state.phase === 'done' ? plain(describeServed(moved.served)) : '',
    approvals.ignored.length > 0
      ? `Not counted: ${approvals.ignored.map(({ approval, why }) => `${plain(approval.person)} ${plain(why)}`).join('; ')}`
      : '',
  );
}

function serving(before: EnvironmentState, moved: MoveLog, state: PromotionState): string {
  const candidate = moved.candidate ? `\`${moved.candidate.id}\`` : 'the candidate';
  if (state.phase === 'done') return candidate;
  const current = servedBy(before);
  return state.phase === 'paused' ? `${state.confirmed ?? '?'} % ${candidate}, the rest ${current}` : current;
}

function stuck(before: EnvironmentState, state: PromotionState, cause: unknown): ProviderError {
  return new ProviderError(
    {
      code: 'PROMOTION-STUCK',
      what: `${before.name} stands between two deployments, because the revert failed: ${state.reason ?? 'unknown'}`,
      fix: 'Run rollback now; it gives all traffic back to what served before',
    },
    { cause },
  );
}
