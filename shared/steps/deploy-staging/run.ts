import { randomUUID } from 'node:crypto';
import { ConfigError, GateFailure } from '../../errors.ts';
import type { PlannedChange, Target } from '../../ports/target.ts';
import { chainHead } from '../../release/evidence.ts';
import { autoscalingOf } from '../../release/policy.ts';
import { rampPlan } from '../../release/promotion/plan.ts';
import { startPromotion } from '../../release/promotion/state.ts';
import { describeRelease } from '../../release/release.ts';
import type { StepContext } from '../context.ts';
import type { InputValues, StepResult } from '../define.ts';
import { page, plain, table } from '../parts/markdown.ts';
import { describeServed, proveEnvironment, verdictOf } from '../parts/prove-environment.ts';
import { proveServing } from '../parts/prove-serving.ts';
import { type OpenRelease, openRelease, recordEvidence } from '../parts/release-file.ts';
import { checkTarget } from '../parts/release-target.ts';
import { servedBy } from '../parts/served-by.ts';
import { recordOnForge } from '../parts/tell-forge.ts';
import { openWorkspace, type Workspace } from '../parts/workspace.ts';
import { reportEvent } from '../promotion/report-event.ts';
import { runPromotion } from '../promotion/runner.ts';
import { settledEnvironment } from '../promotion/settled-environment.ts';
import { targetWorld } from '../promotion/target-world.ts';
import type { definition } from './definition.ts';

type Inputs = InputValues<typeof definition.inputs>;
type Outputs = typeof definition.outputs;

/** How long another release may answer after the target said that the traffic has moved. */
const PROOF_PATIENCE_MS = 60_000;

/** Deploys the release to an environment other than production, all at once, and waits until it answers there. */
export async function runDeployStaging(inputs: Inputs, context: StepContext): Promise<StepResult<Outputs>> {
  if (inputs.environment === 'production') throw productionNeedsApproval();
  const workspace = await openWorkspace(context, inputs);
  const open = await openRelease(context, workspace.project, inputs.release);
  checkTarget(open.release, workspace.target);
  await workspace.store.verify(open.release.core);
  const changes = await workspace.target.plan(open.release, inputs.environment);
  if (inputs['dry-run']) return { result: 'pass', outputs: {}, summary: planSummary(inputs.environment, changes) };
  return deploy(context, workspace, open, inputs.environment);
}

async function deploy(
  context: StepContext,
  { project, target }: Workspace,
  open: OpenRelease,
  environment: string,
): Promise<StepResult<Outputs>> {
  const { log, facts } = context.host;
  const before = await settledEnvironment(context, target, environment, false);
  const { world, log: moved } = targetWorld({
    target,
    release: open.release,
    before,
    promotionId: randomUUID(),
    run: facts.run,
    fresh: false,
    supersede: false,
    autoscaling: autoscalingOf(project.policy, environment),
    previousPolicy: 'scale-to-zero',
    rollbackWindowMs: project.policy.promotion.rollbackWindowMs,
    evidence: chainHead(open.release),
    progress: (line) => log.info(line),
    async verify(candidate, signal) {
      if (candidate.address) await proveServing(context, candidate.address, candidate, PROOF_PATIENCE_MS, signal);
      return { verdict: 'pass', detail: 'the candidate is up' };
    },
    check: async () => ({ verdict: 'pass', detail: 'all traffic was moved' }),
    prove: async (deployment, signal) =>
      proveEnvironment(context, await target.inspect(environment), deployment, PROOF_PATIENCE_MS, signal),
  });
  const { state: end, cause } = await runPromotion(startPromotion(rampPlan(0, 1, 0)), world, {
    clock: context.clock,
    signal: context.signal,
    onEvent: (event, state) => reportEvent(log, environment, event, state),
  });
  if (end.phase !== 'done' || !moved.candidate) {
    const description = end.reason ?? 'it was not deployed';
    await recordOnForge(context, project, open.release, {
      environment,
      status: 'failure',
      url: undefined,
      description,
    });
    context.signal.throwIfAborted();
    throw cause ?? (await notDeployed(target, environment, moved.candidate?.id, end.reason));
  }
  const state = await target.inspect(environment);
  const { served } = moved;
  const verdict = verdictOf(served);
  const next = await recordEvidence(context, project, open, {
    kind: 'staged',
    verdict,
    facts: {
      environment,
      deploymentId: moved.candidate.id,
      ...(served?.proven ? served.facts : { servingNotProven: served?.why ?? 'not asked' }),
    },
  });
  const where = served?.proven ? `answers on ${served.url}` : `is where ${environment} is taken from`;
  log.info(`${describeRelease(open.release)} ${where}`);
  await recordOnForge(context, project, open.release, {
    environment,
    status: 'success',
    url: served?.url,
    description: `${describeRelease(open.release)} ${served?.proven ? 'answers' : 'was not asked: no address'}`,
  });
  return {
    result: verdict,
    releaseId: next.release.id,
    releaseFile: next.file,
    outputs: {
      'deployment-id': moved.candidate.id,
      ...(served?.proven && { url: served.url }),
      status: state.current?.status ?? 'unknown',
    },
    summary: page(
      `## Haute deploy to ${plain(environment)}: ${verdict}`,
      table(
        ['what', ''],
        [
          ['release', `\`${open.release.id}\``],
          ['deployment', `\`${moved.candidate.id}\``],
          ['address', served?.url ?? 'none that is known'],
          ['served before', servedBy(before)],
        ],
      ),
      plain(describeServed(served)),
    ),
  };
}

function planSummary(environment: string, changes: readonly PlannedChange[]): string {
  const rows = changes.map((change) => [change.action, plain(change.subject), plain(change.detail)]);
  return page(
    `## Haute deploy to ${plain(environment)}: plan`,
    table(['action', 'what', 'detail'], rows),
    'Nothing was changed.',
  );
}

async function notDeployed(
  target: Target,
  environment: string,
  id: string | undefined,
  reason = 'unknown',
): Promise<GateFailure> {
  const next = id ? `; ${(await target.explain(id)).next}` : '';
  return new GateFailure({
    code: 'DEPLOY-FAILED',
    what: `${environment} was not changed: ${reason}`,
    fix: `Mend what is named here and deploy again${next}`,
  });
}

function productionNeedsApproval(): ConfigError {
  return new ConfigError({
    code: 'ENVIRONMENT-PRODUCTION',
    what: 'production is only changed by a promotion, which needs evidence and approvals',
    fix: 'Use approve-promote for production',
  });
}
