import { UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { wantedCount } from './begin.ts';
import { tagService } from './claim.ts';
import { type EcsContext, SILENT, type Watch } from './context.ts';
import { deployTimeout } from './errors.ts';
import { LOOKS, Pauses } from './pace.ts';
import { suspendScaling } from './scaling.ts';
import { findService, type Snapshot } from './snapshot.ts';
import { countTag } from './tags.ts';

/** Ends every task of a service, and remembers how many there were. */
export async function turnOff(context: EcsContext, snapshot: Snapshot, watch: Watch = SILENT): Promise<void> {
  const { service, environment } = snapshot;
  const { desiredCount = 0 } = service;
  if (desiredCount > 0) await tagService(context, snapshot, countTag(desiredCount));
  if (context.policy.autoscaling) await suspendScaling(context, environment, true);
  await setCount(context, snapshot, 0, watch);
}

/** Starts as many tasks as there were before the service was turned off, and waits until they run. */
export async function turnOn(context: EcsContext, snapshot: Snapshot, watch: Watch): Promise<void> {
  const count = wantedCount(context, snapshot);
  if (count === undefined) return;
  if (context.policy.autoscaling) await suspendScaling(context, snapshot.environment, false);
  await setCount(context, snapshot, count, watch);
  await tagService(context, snapshot, countTag(undefined));
}

async function setCount(context: EcsContext, { service }: Snapshot, desiredCount: number, watch: Watch): Promise<void> {
  const { aws, place, clock, policy } = context;
  const { serviceName = '' } = service;
  await aws.ask(`the number of tasks of ${serviceName}`, ({ ecs }, options) =>
    ecs.send(new UpdateServiceCommand({ cluster: place.cluster, service: serviceName, desiredCount }), options),
  );
  const giveUpAt = clock.now() + policy.deployTimeoutMs;
  const pauses = new Pauses(context, LOOKS);
  for (;;) {
    const now = await findService(context, serviceName, watch.signal);
    const running = now?.runningCount ?? 0;
    if (now?.desiredCount === desiredCount && (desiredCount === 0 ? running === 0 : running >= desiredCount)) return;
    if (clock.now() >= giveUpAt)
      throw deployTimeout(
        serviceName,
        policy.deployTimeoutMs / 60_000,
        `${running} tasks run, ${desiredCount} are wanted`,
      );
    await pauses.pass(watch.signal);
  }
}
