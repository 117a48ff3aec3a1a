import { randomUUID } from 'node:crypto';
import { ConfigError } from '../../errors.ts';
import type { Target } from '../../ports/target.ts';
import type { Project } from '../../project/project.ts';
import type { ApprovalJudgement } from '../../release/approval.ts';
import type { Deployment, EnvironmentState } from '../../release/deployment.ts';
import { chainHead, type Evidence } from '../../release/evidence.ts';
import type { JsonObject } from '../../release/json.ts';
import { autoscalingOf, DEFAULT_RAMP_MS, notToBeReplaced } from '../../release/policy.ts';
import { rampPlan } from '../../release/promotion/plan.ts';
import { resumePromotion, startPromotion } from '../../release/promotion/state.ts';
import { describeRelease } from '../../release/release.ts';
import type { StepContext } from '../context.ts';
import type { InputValues, StepResult } from '../define.ts';
import { proveEnvironment } from '../parts/prove-environment.ts';
import { type OpenRelease, openRelease, recordEvidence } from '../parts/release-file.ts';
import { checkSupport, checkTarget, supportsIn } from '../parts/release-target.ts';
import { openWorkspace, type Workspace } from '../parts/workspace.ts';
import { reportEvent } from '../promotion/report-event.ts';
import { type CheckOutcome, runPromotion } from '../promotion/runner.ts';
import { settledEnvironment } from '../promotion/settled-environment.ts';
import { targetWorld } from '../promotion/target-world.ts';
import { checkEvidence } from './check-evidence.ts';
import { checkReports } from './check-reports.ts';
import { conclude } from './conclude.ts';
import type { definition } from './definition.ts';
import { describeMissing, gatherApprovals, missing } from './gather-approvals.ts';
import { type LeftAlone, whyLeft } from './left-alone.ts';
import { openPairs } from './pairs/open-pairs.ts';
import { checkStage, checkWhole, verifyDark } from './stage-checks.ts';
import { alreadyServing, leftToOthers, plan } from './without-moving.ts';

type Inputs = InputValues<typeof definition.inputs>;
type Outputs = typeof definition.outputs;

const PROOF_PATIENCE_MS = 60_000;

/** Checks evidence, content and approvals of the release; then moves the environment to it in stages. */
export async function runApprovePromote(inputs: Inputs, context: StepContext): Promise<StepResult<Outputs>> {
  const workspace = await openWorkspace(context, inputs);
  const { project, target, store } = workspace;
  const open = await openRelease(context, project, inputs.release);
  checkTarget(open.release, target);
  const { impact, impactNeedsAcceptance } = checkEvidence(open.release, project.policy, inputs.from);
  await checkReports(context, project, impact);
  await store.verify(open.release.core);
  const now = await target.inspect(inputs.environment);
  if (notToBeReplaced(project.policy, now) !== undefined) return leftToOthers(context, open, now);
  const supports = supportsIn(target, now);
  const rampMs = rampOf(inputs.ramp ?? project.policy.promotion.rampMs, { id: target.id, supports });
  if (project.policy.promotion.redeploy) checkSupport(target, 'redeploy', 'make a fresh deployment');
  if (!inputs.wait) checkSupport({ id: target.id, supports }, 'nativeRamp', 'go through the stages by itself');
  // To end another promotion is a move of traffic, which needs its approvals.
  const mayBeMissing = inputs['hold-for-approval'] && !inputs.supersede;
  if (inputs['hold-for-approval'])
    checkSupport({ id: target.id, supports }, 'darkAddress', 'let a candidate wait without traffic');
  const needed = approversNeeded(project, inputs['min-approvers'], impactNeedsAcceptance);
  if (inputs['dry-run']) return plan(workspace, open, inputs.environment, needed, rampMs);

  const waitMs = inputs['wait-for-approval'];
  const wish = { needed, waitMs, mayBeMissing };
  const approvals = await gatherApprovals(context, project, open.release, inputs.environment, wish);
  const approved = approvals.enough
    ? await recordEvidence(context, project, open, {
        kind: 'approved',
        verdict: 'pass',
        facts: approvalFacts(approvals, open),
      })
    : open;
  const { before, resumeAt } = await startingPoint(context, target, inputs, open.release.id);
  // It may have come while the approvals were waited for.
  if (notToBeReplaced(project.policy, before) !== undefined) return leftToOthers(context, approved, before);
  if (resumeAt === undefined && before.current?.releaseId === open.release.id && !project.policy.promotion.redeploy) {
    if (!approvals.enough) throw missing(approvals, open.release, context.host.facts.ci);
    return alreadyServing(context, before, before.current, approved, approvals);
  }
  return promote(context, workspace, approved, impact, before, { rampMs, resumeAt, wait: inputs.wait }, approvals);
}

/** Why stages that the policy asks for are not made the first time. */
function whyAlone({ current, foreign }: EnvironmentState, rampMs: number): string {
  if (current || foreign === undefined || rampMs === 0) return '';
  return `: ${foreign}, which serves now, is no release to share the traffic with`;
}

/** The environment to start from: whole, or paused half-way with this very release, which is then taken up again. */
async function startingPoint(
  context: StepContext,
  target: Target,
  inputs: Inputs,
  releaseId: string,
): Promise<{ before: EnvironmentState; resumeAt: number | undefined }> {
  const state = await target.inspect(inputs.environment);
  const { promotion, candidate } = state;
  if (promotion?.owner === 'paused' && candidate?.releaseId === releaseId && !inputs.supersede) {
    context.host.log.info(`taking up promotion ${promotion.id} where it was paused`);
    return { before: state, resumeAt: state.weights[candidate.id] ?? 0 };
  }
  return {
    before: await settledEnvironment(context, target, inputs.environment, inputs.supersede),
    resumeAt: undefined,
  };
}

async function promote(
  context: StepContext,
  { project, target }: Workspace,
  open: OpenRelease,
  impact: Evidence,
  before: EnvironmentState,
  {
    rampMs,
    resumeAt,
    wait,
  }: { readonly rampMs: number; readonly resumeAt: number | undefined; readonly wait: boolean },
  approvals: ApprovalJudgement,
): Promise<StepResult<Outputs>> {
  const { log, facts } = context.host;
  const { promotion } = project.policy;
  const { darkAddress, weights } = supportsIn(target, before);
  const environment = before.name;
  // With nothing to share the traffic with, stages would only delay the first deployment.
  const plan = rampPlan(before.current ? rampMs : 0, promotion.stages, promotion.patienceMs);
  const pairs = await openPairs(context, project, open.release, impact, before.current, plan.stages.length + 1);
  const {
    world,
    log: moved,
    pause,
  } = targetWorld({
    target,
    release: open.release,
    before,
    promotionId: randomUUID(),
    run: facts.run,
    // What was made anew before it was left is taken up as it is.
    fresh: promotion.redeploy && resumeAt === undefined,
    supersede: resumeAt !== undefined,
    resumed: resumeAt === undefined ? undefined : before.candidate,
    autoscaling: autoscalingOf(project.policy, environment),
    ramp: plan,
    handOff: !wait,
    hold: !approvals.enough,
    previousPolicy: promotion.previous,
    rollbackWindowMs: promotion.rollbackWindowMs,
    evidence: chainHead(open.release),
    progress: (line) => log.info(line),
    verify: async (candidate, signal) =>
      darkAddress.can
        ? whenAsked(candidate, signal, () => verifyDark(context, project, candidate, before.current, signal))
        : asSupported(`it is asked once it has traffic: ${darkAddress.why}`),
    check: async (candidate, percent, signal) => {
      if (darkAddress.can)
        return whenAsked(candidate, signal, () => checkStage(context, project, candidate, before.current, signal));
      if (percent < 100) return asSupported('it has no address of its own');
      return checkWhole(context, project, candidate, await target.inspect(environment), signal);
    },
    prove: async (deployment, signal) =>
      proveEnvironment(context, await target.inspect(environment), deployment, PROOF_PATIENCE_MS, signal),
  });
  const pace = plan.stages.length === 1 ? 'all at once' : `in ${plan.stages.length} stages over ${rampMs / 1000} s`;
  const why = weights.can ? whyAlone(before, rampMs) : `: ${weights.why}`;
  log.info(`promoting ${describeRelease(open.release)} to ${environment}, ${pace}${why}`);
  const awaited = approvals.enough ? undefined : describeMissing(approvals);
  if (awaited !== undefined) log.info(`as far as it gets without approval: ${awaited}`);
  let left: LeftAlone | undefined;
  const { state, cause } = await runPromotion(
    resumeAt === undefined ? startPromotion(plan) : resumePromotion(plan, resumeAt),
    world,
    {
      clock: context.clock,
      signal: context.signal,
      onEvent: (event, next) => reportEvent(log, environment, event, next),
      leave({ phase }) {
        left = whyLeft(phase, { wait, awaited });
        return left?.reason;
      },
    },
  );
  if (state.phase === 'paused') await pause();
  // What keeps a revert from going well may keep it from being looked at: that it is stuck is to be told all the same.
  const { address } = state.phase === 'stuck' ? before : await target.inspect(environment);
  return conclude(
    context,
    project,
    open,
    { ...before, address },
    moved,
    { state, cause, left, paired: pairs.told },
    approvals,
  );

  /** Taken up after the platform moved everything, the candidate has no address but the environment's. */
  async function whenAsked(
    candidate: Deployment,
    signal: AbortSignal,
    look: () => Promise<CheckOutcome>,
  ): Promise<CheckOutcome> {
    if (!candidate.address && resumeAt === 100)
      return checkWhole(context, project, candidate, await target.inspect(environment), signal);
    return pairs.after(await look(), candidate, before.current, signal);
  }
}

/**
 * The window that was asked for, or the target's own: ten minutes, or all at once where it cannot split traffic.
 * @throws ConfigError UNSUPPORTED for a window on a target that moves everything at once
 */
function rampOf(asked: number | undefined, target: Pick<Target, 'id' | 'supports'>): number {
  if (asked === undefined) return target.supports.weights.can ? DEFAULT_RAMP_MS : 0;
  if (asked > 0) checkSupport(target, 'weights', 'move traffic in stages');
  return asked;
}

/** What a target cannot show before it has traffic is no reason to stop: it is said, and looked at as soon as it can be. */
async function asSupported(detail: string): Promise<CheckOutcome> {
  return { verdict: 'pass', detail };
}

/** The input may ask for more approvers than the policy, never for fewer; a failed gate that people accept needs one at least. */
function approversNeeded(project: Project, asked: number | undefined, acceptance: boolean): number {
  const { min } = project.policy.approval;
  if (asked !== undefined && asked < min) {
    throw new ConfigError({
      code: 'APPROVAL-TOO-FEW',
      what: `min-approvers is ${asked}, and the policy asks for ${min}`,
      fix: 'Leave the input out, or change [approval] min in haute.release.toml in a reviewed commit',
    });
  }
  return Math.max(min, asked ?? 0, acceptance ? 1 : 0);
}

function approvalFacts(approvals: ApprovalJudgement, open: OpenRelease): JsonObject {
  return {
    needed: approvals.needed,
    evidence: chainHead(open.release),
    approvals: approvals.counted.map(({ person, source, strength, at, comment, url }) => ({
      person,
      source,
      strength,
      at,
      comment,
      ...(url !== undefined && { url }),
    })),
  };
}
