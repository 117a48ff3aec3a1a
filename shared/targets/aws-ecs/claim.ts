import { ListTagsForResourceCommand, TagResourceCommand } from '@aws-sdk/client-ecs';
import type { RouteMark } from '../../ports/target.ts';
import type { EcsContext } from './context.ts';
import { claimUnseen, environmentMoved, promotionActive, promotionSuperseded } from './errors.ts';
import { MOST_SIGHTINGS, Pauses, SIGHTINGS } from './pace.ts';
import type { Snapshot } from './snapshot.ts';
import {
  markTags,
  ownerOf,
  readHistory,
  readMark,
  readSuperseded,
  type StoredMark,
  supersededTag,
  type Tags,
  tagList,
  tagsOf,
} from './tags.ts';

/**
 * The tags of the service with this promotion's mark: what route writes before it moves anything.
 * @param holdMs how long nothing may be heard of the promotion before it counts as given up
 * @throws GateFailure PROMOTION-ACTIVE when another promotion holds the service, ENVIRONMENT-MOVED when none does and
 *   it serves something else than the mark says
 */
export function claimTags(snapshot: Snapshot, mark: RouteMark, nowMs: number, holdMs: number): Tags {
  const { tags, service, serving } = snapshot;
  const name = service.serviceName ?? '';
  const held = readMark(tags);
  const superseded = readSuperseded(tags);
  if (superseded.includes(mark.promotionId)) throw promotionSuperseded(name, mark.promotionId);
  const isOurs = held?.id === mark.promotionId;
  if (held && !isOurs && !mark.supersede) throw promotionActive(name, held, ownerOf(held, nowMs));
  const serves = readHistory(tags)[0]?.deploymentId;
  if (!held && serves !== mark.current) throw environmentMoved(name, serves, mark.current);
  const stored: StoredMark = {
    id: mark.promotionId,
    candidate: mark.candidate,
    current: mark.current,
    // What ran when the first of the promotions that hold it began.
    before: held ? held.before : serving === mark.candidate && mark.current === undefined ? undefined : serving,
    startedAt: isOurs ? held.startedAt : iso(nowMs),
    run: mark.run,
    paused: mark.paused,
    until: iso(nowMs + holdMs),
  };
  return { ...markTags(stored), ...(held && !isOurs && supersededTag([...superseded, held.id])) };
}

/**
 * Writes tags to the service, and looks whether the promotion they name is the one that holds it now: of two that write
 * at the same time one sees that it lost.
 * @throws GateFailure PROMOTION-ACTIVE
 */
export async function writeClaim(context: EcsContext, snapshot: Snapshot, tags: Tags, id: string): Promise<void> {
  await tagService(context, snapshot, tags);
  const before = readMark(snapshot.tags)?.id;
  const pauses = new Pauses(context, SIGHTINGS);
  for (let look = 1; ; look += 1) {
    const held = readMark(await readTags(context, snapshot));
    if (held?.id === id) return;
    // AWS may answer with the past for a while: what was there before is no other promotion.
    const isPast = held === undefined || held.id === before;
    if (!isPast) throw promotionActive(snapshot.service.serviceName ?? '', held, ownerOf(held, context.clock.now()));
    if (look === MOST_SIGHTINGS) throw claimUnseen(snapshot.service.serviceName ?? '');
    await pauses.pass(undefined);
  }
}

export async function tagService({ aws }: EcsContext, { service }: Snapshot, tags: Tags): Promise<void> {
  const { serviceArn: resourceArn = '', serviceName } = service;
  await aws.ask(`the tags of the service ${serviceName}`, ({ ecs }, options) =>
    ecs.send(new TagResourceCommand({ resourceArn, tags: tagList(tags) }), options),
  );
}

/** @throws GateFailure PROMOTION-ACTIVE when the service is held by another promotion than this one */
export function checkHolder({ tags, service }: Snapshot, promotionId: string, nowMs: number): void {
  const name = service.serviceName ?? '';
  const held = readMark(tags);
  if (readSuperseded(tags).includes(promotionId)) throw promotionSuperseded(name, promotionId);
  if (held && held.id !== promotionId) throw promotionActive(name, held, ownerOf(held, nowMs));
}

async function readTags({ aws }: EcsContext, { service }: Snapshot): Promise<Tags> {
  const { serviceArn: resourceArn = '', serviceName } = service;
  const answer = await aws.ask(`the tags of the service ${serviceName}`, ({ ecs }, options) =>
    ecs.send(new ListTagsForResourceCommand({ resourceArn }), options),
  );
  return tagsOf(answer.tags);
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
