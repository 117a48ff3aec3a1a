import { TagResourceCommand } from '@aws-sdk/client-ecs';
import type { SettleOptions } from '../../ports/target.ts';
import { checkHolder, tagService } from './claim.ts';
import { type EcsContext, SILENT } from './context.ts';
import { percentOf } from './deployments.ts';
import { notSettled } from './errors.ts';
import { restoreOwn } from './own-configuration.ts';
import { weightsOf } from './report.ts';
import { isSplit, readSnapshot, type Snapshot } from './snapshot.ts';
import { historyTags, NO_MARK, readHistory, readMark, tagList } from './tags.ts';
import { readTask } from './tasks.ts';
import { rollBack, takenUp, waitFor } from './wait.ts';

/**
 * Ends a promotion: what waits in the dark goes, the service gets its own configuration back, and history, where the
 * promotion made any, and the end of the mark are written in one call.
 * @throws ProviderError ECS-NOT-SETTLED while traffic is elsewhere; GateFailure PROMOTION-ACTIVE
 */
export async function settle(context: EcsContext, environment: string, options: SettleOptions): Promise<void> {
  const { keep, outcome, promotionId, evidence } = options;
  const before = await readSnapshot(context, environment);
  checkHolder(before, promotionId, context.clock.now());
  const snapshot = await (outcome === 'reverted' ? withoutCandidate : finished)(context, before);
  checkAll(snapshot, options);
  await restoreOwn(context, snapshot);
  const settledAt = new Date(context.clock.now()).toISOString();
  if (outcome !== 'reverted') await tagTask(context, keep, outcome, evidence);
  const history = readHistory(snapshot.tags);
  const written = outcome === 'reverted' ? {} : historyTags(history, { deploymentId: keep, settledAt, evidence });
  await tagService(context, snapshot, { ...written, ...NO_MARK });
}

/** A candidate that never got traffic still has its tasks. */
async function withoutCandidate(context: EcsContext, snapshot: Snapshot): Promise<Snapshot> {
  const { underWay, service, environment, tags } = snapshot;
  if (!underWay || underWay.to !== readMark(tags)?.candidate) return snapshot;
  await rollBack(context, service.serviceName ?? '', underWay.arn, { signal: undefined, progress: () => undefined });
  return readSnapshot(context, environment);
}

/** With all the traffic on it, AWS is let past the last gate: what served before goes. */
async function finished(context: EcsContext, snapshot: Snapshot): Promise<Snapshot> {
  const { underWay, environment } = snapshot;
  if (!underWay || percentOf(underWay.deployment) !== 100) return snapshot;
  await waitFor(context, takenUp(snapshot, underWay.to), { until: 'done' }, SILENT);
  return readSnapshot(context, environment);
}

function checkAll(snapshot: Snapshot, { keep, outcome }: SettleOptions): void {
  const { service, tags, serving } = snapshot;
  const mark = readMark(tags);
  const isEmptyAgain = outcome === 'reverted' && mark?.current === undefined;
  if (isEmptyAgain && (serving !== mark?.candidate || service.desiredCount === 0)) return;
  const percent = weightsOf(snapshot, [keep])[keep] ?? 0;
  if (percent !== 100 || snapshot.underWay || isSplit(snapshot))
    throw notSettled(service.serviceName ?? '', keep, percent);
}

async function tagTask(context: EcsContext, id: string, outcome: string, evidence: string): Promise<void> {
  const { definition } = await readTask(context, id);
  const { taskDefinitionArn: resourceArn = '' } = definition;
  const tags = { 'haute:outcome': outcome, ...(evidence !== '' && { 'haute:evidence': evidence }) };
  await context.aws.ask(`the tags of the task definition ${id}`, ({ ecs }, options) =>
    ecs.send(new TagResourceCommand({ resourceArn, tags: tagList(tags) }), options),
  );
}
