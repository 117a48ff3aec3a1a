import type { ApprovalJudgement } from '../../release/approval.ts';
import type { Deployment, EnvironmentState } from '../../release/deployment.ts';
import type { StepContext } from '../context.ts';
import type { StepResult } from '../define.ts';
import { page, plain, table } from '../parts/markdown.ts';
import { describeServed, proveEnvironment, verdictOf } from '../parts/prove-environment.ts';
import type { OpenRelease } from '../parts/release-file.ts';
import { supportsIn } from '../parts/release-target.ts';
import { servedBy } from '../parts/served-by.ts';
import { howToTakeOver } from '../parts/take-over.ts';
import type { Workspace } from '../parts/workspace.ts';
import type { definition } from './definition.ts';

type Outputs = typeof definition.outputs;

const PROOF_PATIENCE_MS = 60_000;

/** Nothing to move: the environment serves this release already, and its address is asked whether that is so. */
export async function alreadyServing(
  context: StepContext,
  before: EnvironmentState,
  current: Deployment,
  open: OpenRelease,
  approvals: ApprovalJudgement,
): Promise<StepResult<Outputs>> {
  const served = await proveEnvironment(context, before, current, PROOF_PATIENCE_MS);
  const verdict = verdictOf(served);
  context.host.log.info(`${before.name} serves this release already; nothing to do`);
  return {
    result: verdict,
    releaseId: open.release.id,
    releaseFile: open.file,
    outputs: {
      'deployment-id': current.id,
      approvers: approvals.counted.map((record) => record.person).join(', '),
      ...(served.proven && { url: served.url }),
      stages: '',
    },
    summary: page(
      `## Haute approve and promote: ${verdict}`,
      `${plain(before.name)} was given to release \`${open.release.id}\` already; nothing was moved.`,
      plain(describeServed(served)),
    ),
  };
}

/** Nothing to move: what serves is no release, has callers of its own, and nobody has said that it may be replaced. */
export function leftToOthers(context: StepContext, open: OpenRelease, before: EnvironmentState): StepResult<Outputs> {
  const message = `${before.foreign} serves ${before.name} and is no release, so nothing was moved. ${howToTakeOver(before)}`;
  context.host.annotate({ level: 'error', title: 'ENVIRONMENT-NOT-OURS', message });
  return {
    result: 'inconclusive',
    releaseId: open.release.id,
    releaseFile: open.file,
    outputs: {},
    summary: page('## Haute approve and promote: inconclusive', `${plain(message)}.`),
  };
}

/** What would be moved, after everything that is only looked at was looked at. */
export async function plan(
  { target }: Workspace,
  open: OpenRelease,
  environment: string,
  needed: number,
  rampMs: number,
): Promise<StepResult<Outputs>> {
  const state = await target.inspect(environment);
  const { weights } = supportsIn(target, state);
  const changes = await target.plan(open.release, environment);
  const rows = changes.map((change) => [change.action, plain(change.subject), plain(change.detail)]);
  return {
    result: 'pass',
    outputs: {},
    summary: page(
      `## Haute approve and promote: plan for ${plain(environment)}`,
      table(['action', 'what', 'detail'], rows),
      `Evidence and content of the release are in order. ${needed} approvals will be asked for. Traffic moves from ${servedBy(state)} ${rampMs === 0 ? 'all at once' : `over ${rampMs / 1000} s`}${weights.can ? '' : ` (${plain(weights.why)})`}. Nothing was changed.`,
    ),
  };
}
