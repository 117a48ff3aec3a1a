import { randomUUID } from 'node:crypto';
import { GateFailure } from '../../errors.ts';
import type { RouteMark, Target } from '../../ports/target.ts';
import type { Deployment, EnvironmentState } from '../../release/deployment.ts';
import type { Release } from '../../release/release.ts';
import type { Verdict } from '../../release/verdict.ts';
import type { StepContext } from '../context.ts';
import type { InputValues, StepResult } from '../define.ts';
import { page, plain, table } from '../parts/markdown.ts';
import { describeServed, proveEnvironment, type Served, verdictOf } from '../parts/prove-environment.ts';
import { proveServing } from '../parts/prove-serving.ts';
import { findKnownRelease, recordEvidence, releaseFileOf } from '../parts/release-file.ts';
import { servedBy } from '../parts/served-by.ts';
import { recordOnForge } from '../parts/tell-forge.ts';
import { openWorkspace, type Workspace } from '../parts/workspace.ts';
import { describePromotion, finishRevert } from '../promotion/settled-environment.ts';
import { whole } from '../promotion/target-world.ts';
import { chooseRollback } from './choose.ts';
import type { definition } from './definition.ts';

type Inputs = InputValues<typeof definition.inputs>;
type Outputs = typeof definition.outputs;

const PROOF_PATIENCE_MS = 30_000;

/** Ends a promotion that is under way, or gives all traffic to an earlier release; either way proven at the address. */
export async function runRollback(inputs: Inputs, context: StepContext): Promise<StepResult<Outputs>> {
  const startedAt = context.clock.now();
  const workspace = await openWorkspace(context, inputs);
  const state = await workspace.target.inspect(inputs.environment);
  if (!state.promotion && inputs.cancel) throw noPromotion(inputs.environment);
  const back = state.promotion ? state.current : chooseRollback(state, inputs.to);
  if (inputs['dry-run']) return plan(state, back);
  let reverted: Served | undefined;
  if (state.promotion) {
    context.host.log.warn(describePromotion(state.name, state));
    reverted = await finishRevert(context, workspace.target, state);
  }
  const ended = state.promotion && inputs.to === undefined;
  const {
    to: done,
    left,
    served,
  } = ended ? { to: back, left: undefined, served: reverted } : await goBack(context, workspace, inputs, startedAt);
  const verdict = done ? verdictOf(served) : 'pass';
  const seconds = (context.clock.now() - startedAt) / 1000;
  // What served before the first release was no release, or nothing.
  const now = done ? { current: done } : await workspace.target.inspect(inputs.environment);
  context.host.log.info(
    done
      ? `${done.id} (release ${done.releaseId}) ${served?.proven ? 'serves' : 'was given'} ${state.name} after ${seconds} s`
      : `${state.name} serves ${servedBy(now).replaceAll('`', '')}, as before`,
  );
  if (left && done) await tellForge(context, workspace, left, state.name, done, inputs.reason);
  return {
    result: verdict,
    ...(done && { releaseId: done.releaseId }),
    outputs: {
      ...(done && { 'deployment-id': done.id }),
      seconds: seconds.toFixed(3),
      ...(state.address && { url: state.address.url }),
    },
    summary: page(
      summaryOf(state, now, seconds, inputs.reason, verdict),
      served?.proven === false ? plain(describeServed(served)) : '',
    ),
  };
}

function tellForge(
  context: StepContext,
  { project }: Workspace,
  left: Release,
  environment: string,
  to: Deployment,
  reason: string,
): Promise<void> {
  const description = `rolled back to ${to.releaseId}${reason ? `: ${reason}` : ''}`;
  return recordOnForge(context, project, left, { environment, status: 'failure', url: undefined, description });
}

/**
 * Moves all traffic to an earlier deployment and records why on the release that was left.
 * @returns what serves now, and the release that was left where this checkout knows it
 */
async function goBack(
  context: StepContext,
  { project, target }: Workspace,
  inputs: Inputs,
  startedAt: number,
): Promise<{ readonly to: Deployment; readonly left: Release | undefined; readonly served: Served }> {
  const state = await target.inspect(inputs.environment);
  const back = chooseRollback(state, inputs.to);
  const served =
    back.id === state.current?.id && state.foreign === undefined
      ? await proveEnvironment(context, state, back, PROOF_PATIENCE_MS)
      : await switchTo(context, target, state, back);
  const left = state.current;
  const known = left && (await findKnownRelease(context, project, left.releaseId));
  if (known && left.id !== back.id) {
    await recordEvidence(
      context,
      project,
      { release: known, file: releaseFileOf(project, known.id) },
      {
        kind: 'rolled-back',
        verdict: verdictOf(served),
        facts: {
          environment: state.name,
          to: back.id,
          toRelease: back.releaseId,
          reason: inputs.reason,
          seconds: (context.clock.now() - startedAt) / 1000,
        },
      },
    );
  }
  return { to: back, left: left?.id === back.id ? undefined : known, served };
}

async function switchTo(
  context: StepContext,
  target: Target,
  state: EnvironmentState,
  back: Deployment,
): Promise<Served> {
  // What has no address of its own runs nowhere yet, and is started by the traffic that it is given.
  if (back.status !== 'active' && back.address) {
    context.host.log.info(`${back.id} is ${back.status}: starting it`);
    await target.setActive(back.id, true, context.signal);
  }
  if (back.address) await proveServing(context, back.address, back, PROOF_PATIENCE_MS);
  const { run } = context.host.facts;
  const mark: RouteMark = {
    promotionId: randomUUID(),
    candidate: back.id,
    current: state.current?.id,
    run,
    paused: false,
    supersede: false,
  };
  const watch = { progress: (line: string) => context.host.log.info(line) };
  let served: Served;
  try {
    await target.route(state.name, whole(back), mark, watch);
    served = await proveEnvironment(context, state, back, PROOF_PATIENCE_MS);
  } catch (error) {
    if (isRefused(error)) throw error;
    await target.route(state.name, state.weights, mark, watch);
    await settle(target, state, state.current ?? back, mark.promotionId, 'reverted');
    throw error;
  }
  await settle(target, state, back, mark.promotionId, 'rolled-back');
  return served;
}

/** True when the environment was not given to this rollback at all: there is nothing to take back. */
function isRefused(error: unknown): boolean {
  return error instanceof GateFailure && ['PROMOTION-ACTIVE', 'ENVIRONMENT-MOVED'].includes(error.problem.code);
}

/** What was left stays as it is: somebody will want to look at it. */
function settle(
  target: Target,
  state: EnvironmentState,
  keep: Deployment,
  promotionId: string,
  outcome: 'rolled-back' | 'reverted',
): Promise<void> {
  return target.settle(state.name, {
    keep: keep.id,
    previous: outcome === 'rolled-back' ? state.current?.id : undefined,
    previousPolicy: 'keep',
    rollbackWindowMs: 0,
    promotionId,
    evidence: '',
    outcome,
  });
}

function plan(state: EnvironmentState, back: Deployment | undefined): StepResult<Outputs> {
  const to = back ? `${back.id} (release ${back.releaseId})` : 'what served before the promotion, which is no release';
  const what = `All traffic of ${plain(state.name)} would go to ${to}. Nothing was changed.`;
  return {
    result: 'pass',
    outputs: { ...(back && { 'deployment-id': back.id }) },
    summary: page('## Haute rollback: plan', what),
  };
}

type Serving = Pick<EnvironmentState, 'current' | 'foreign'>;

function summaryOf(state: EnvironmentState, now: Serving, seconds: number, reason: string, verdict: Verdict): string {
  return page(
    `## Haute rollback: ${verdict}`,
    table(
      ['what', ''],
      [
        ['environment', plain(state.name)],
        ['serves now', withRelease(now)],
        ['served before', withRelease(state)],
        ['promotion ended', state.promotion ? `\`${state.promotion.id}\`` : 'none was under way'],
        ['time', `${seconds.toFixed(2)} s`],
        ['reason', plain(reason) || 'not given'],
      ],
    ),
  );
}

function withRelease(serving: Serving): string {
  const release = serving.foreign === undefined ? serving.current?.releaseId : undefined;
  return release === undefined ? servedBy(serving) : `${servedBy(serving)} (release \`${release}\`)`;
}

function noPromotion(environment: string): GateFailure {
  return new GateFailure({
    code: 'PROMOTION-NONE',
    what: `no promotion is under way in ${environment}, so there is none to cancel`,
    fix: 'Leave the cancel input out to go back to the release before',
  });
}
