import type { ApprovalJudgement } from '../../release/approval.ts';
import type { Deployment, EnvironmentState } from '../../release/deployment.ts';
import type { StepContext } from '../context.ts';
import type { StepResult } from '../define.ts';
import { addressOf } from '../parts/addresses.ts';
import { page, plain, table } from '../parts/markdown.ts';
import { proveServing } from '../parts/prove-serving.ts';
import type { OpenRelease } from '../parts/release-file.ts';
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
  const address = addressOf(before);
  await proveServing(context, address, current, PROOF_PATIENCE_MS);
  context.host.log.info(`${before.name} serves this release already; nothing to do`);
  return {
    result: 'pass',
    releaseId: open.release.id,
    releaseFile: open.file,
    outputs: {
      'deployment-id': current.id,
      approvers: approvals.counted.map((record) => record.person).join(', '),
      url: address.url,
      stages: '',
    },
    summary: page(
      '## Haute approve and promote: pass',
      `${plain(before.name)} serves release \`${open.release.id}\` already; it was asked and answered so.`,
    ),
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
  const changes = await target.plan(open.release, environment);
  const rows = changes.map((change) => [change.action, plain(change.subject), plain(change.detail)]);
  return {
    result: 'pass',
    outputs: {},
    summary: page(
      `## Haute approve and promote: plan for ${plain(environment)}`,
      table(['action', 'what', 'detail'], rows),
      `Evidence and content of the release are in order. ${needed} approvals will be asked for. Traffic moves from ${
        state.current ? `\`${state.current.id}\`` : 'nothing'
      } over ${rampMs / 1000} s. Nothing was changed.`,
    ),
  };
}
