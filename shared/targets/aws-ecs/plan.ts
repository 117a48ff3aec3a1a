import type { PlannedChange } from '../../ports/target.ts';
import { rampPlan } from '../../release/promotion/plan.ts';
import { describeRelease, type Release } from '../../release/release.ts';
import { addressOf } from './addresses.ts';
import { wantedCount } from './begin.ts';
import { type EcsContext, serviceName } from './context.ts';
import { derivedFromModel, modelFor, verifyNew } from './create-service.ts';
import { derive } from './deploy.ts';
import { describeChange, diffTasks } from './diff.ts';
import { checkService, findSnapshot, type Snapshot } from './snapshot.ts';
import type { TaskShape } from './task-definition.ts';
import { describeConfiguration, hasBreaker, mannerOf, steppedConfiguration } from './traffic.ts';
import { verify } from './verify/verify.ts';

/** What deploying the release would change, after everything that can be looked at was looked at. Reads only. */
export async function planChanges(
  context: EcsContext,
  release: Release,
  environment: string,
): Promise<readonly PlannedChange[]> {
  const snapshot = await findSnapshot(context, environment);
  if (!snapshot) return planService(context, release, environment);
  const { service } = snapshot;
  checkService(service);
  const { running, shape, id } = await derive(context, snapshot, release, { fresh: false });
  const notes = await verify({ context, service, shape, release, registers: id === undefined, signal: undefined });
  const { url } = await addressOf(context, environment, service, 'production');
  return [
    id === snapshot.serving && id !== undefined
      ? { action: 'keep', subject: subjectOf(snapshot), detail: `serves ${describeRelease(release)} at ${url} already` }
      : { action: 'update', subject: subjectOf(snapshot), detail: describeMove(context, snapshot) },
    ...planTask(running, shape, id, release),
    ...planCount(context, snapshot),
    ...planScaling(context, environment),
    ...notes.map((detail): PlannedChange => ({ action: 'keep', subject: subjectOf(snapshot), detail })),
  ];
}

async function planService(
  context: EcsContext,
  release: Release,
  environment: string,
): Promise<readonly PlannedChange[]> {
  const model = await modelFor(context, environment);
  const { running, shape } = await derivedFromModel(context, model, release);
  const name = serviceName(context, environment);
  const notes = await verifyNew(context, { model, environment, shape, release, registers: true, signal: undefined });
  return [
    {
      action: 'create',
      subject: `service ${name}`,
      detail: `in the shape of ${model.service.serviceName}, without its load balancer, for ${describeRelease(release)}`,
    },
    ...planTask(running, shape, undefined, release),
    ...planScaling(context, environment),
    ...notes.map((detail): PlannedChange => ({ action: 'keep', subject: `service ${name}`, detail })),
  ];
}

function planTask(
  running: TaskShape,
  shape: TaskShape,
  known: string | undefined,
  release: Release,
): readonly PlannedChange[] {
  const changes = diffTasks(running, shape).map(describeChange);
  const differs =
    changes.length === 0 ? '' : `, which differs from what runs in ${changes.length} fields: ${changes.join('; ')}`;
  return known === undefined
    ? [{ action: 'create', subject: `deployment ${shape.family}:(next)`, detail: `a task definition${differs}` }]
    : [{ action: 'keep', subject: `deployment ${known}`, detail: `has ${describeRelease(release)} already${differs}` }];
}

/** How traffic gets to the release: said before, so that nobody expects stages where there are none. */
function describeMove(context: EcsContext, { service, environment }: Snapshot): string {
  const manner = mannerOf(service);
  const own = service.deploymentConfiguration ?? {};
  if (manner.kind === 'rolling')
    return `all at once, task by task (${manner.why})${hasBreaker(own) ? '' : '; the circuit breaker with rollback is turned on'}`;
  const ramp = environment === 'staging' ? rampPlan(0, 1, 0) : context.ramp;
  const configuration = steppedConfiguration(own, ramp, { holdMs: context.policy.holdTimeoutMs });
  const minutes = Math.round(context.policy.holdTimeoutMs / 60_000);
  return `by policy as ${describeConfiguration(configuration)}; AWS waits for the checks before each step, and gives all traffic back after ${minutes} min without a word`;
}

function planCount(context: EcsContext, snapshot: Snapshot): readonly PlannedChange[] {
  const count = wantedCount(context, snapshot);
  if (count === undefined) return [];
  return [{ action: 'update', subject: subjectOf(snapshot), detail: `from 0 to ${count} tasks` }];
}

function planScaling({ policy, autoscaling }: EcsContext, environment: string): readonly PlannedChange[] {
  if (!policy.autoscaling) return [];
  const { min, max, utilization } = autoscaling(environment);
  const detail = `${min} to ${max} tasks at ${utilization} % of their CPU; concurrency has no counterpart in ECS`;
  return [{ action: 'update', subject: `autoscaling of ${environment}`, detail }];
}

function subjectOf({ service }: Snapshot): string {
  return `service ${service.serviceName}`;
}
