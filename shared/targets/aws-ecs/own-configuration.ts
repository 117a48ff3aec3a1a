import { UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { tagService } from './claim.ts';
import type { EcsContext } from './context.ts';
import type { Snapshot } from './snapshot.ts';
import { rememberConfiguration, restoredConfiguration } from './traffic.ts';

const TAG = 'haute:configuration';
const NOTHING = '-';

/** Remembers what a promotion changes of the service's configuration; of several the first, which found it as it is meant. */
export async function rememberOwn(context: EcsContext, snapshot: Snapshot): Promise<void> {
  if ((snapshot.tags[TAG] ?? NOTHING) !== NOTHING) return;
  const text = rememberConfiguration(snapshot.service.deploymentConfiguration ?? {});
  await tagService(context, snapshot, { [TAG]: text });
}

/** Puts it back. The gates are ours: left at the service they would hold up whoever deploys there next. */
export async function restoreOwn(context: EcsContext, snapshot: Snapshot): Promise<void> {
  const { service, tags } = snapshot;
  const text = tags[TAG] ?? NOTHING;
  if (text === NOTHING) return;
  const configuration = restoredConfiguration(service.deploymentConfiguration ?? {}, text);
  const { serviceName = '' } = service;
  const { cluster } = context.place;
  if (configuration)
    await context.aws.ask(`the configuration of the service ${serviceName}`, ({ ecs }, options) =>
      ecs.send(
        new UpdateServiceCommand({ cluster, service: serviceName, deploymentConfiguration: configuration }),
        options,
      ),
    );
  await tagService(context, snapshot, { [TAG]: NOTHING });
}
