import type { Tag } from '@aws-sdk/client-ecs';
import type { Deployment, HistoryEntry, PromotionMark } from '../../release/deployment.ts';
import { isDigest } from '../../release/digest.ts';
import { chainHead } from '../../release/evidence.ts';
import type { Release } from '../../release/release.ts';

/**
 * What the suite writes to AWS beside what AWS keeps itself: tags. A task definition carries which release it runs, a
 * service what was promoted to it and which promotion holds it. Values have at most 256 of the characters that tags may
 * have.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-using-tags.html
 */
const PREFIX = 'haute:';
const LONGEST_VALUE = 256;
const KEPT_HISTORY = 10;
const NOTHING = '-';

/** Tags that a service may have of the suite: the mark, the history, and what is remembered between runs. */
export const OWN_TAGS = KEPT_HISTORY + 11;

export type Tags = Readonly<Record<string, string>>;

export function tagsOf(list: readonly Tag[] | undefined): Tags {
  return Object.fromEntries((list ?? []).map(({ key = '', value = '' }) => [key, value]));
}

export function tagList(tags: Tags): Tag[] {
  return Object.entries(tags).map(([key, value]) => ({ key, value: fitting(value) }));
}

/** The tags of a definition that is registered for a release; what it is made from hands its own tags on. */
export function releaseTags(release: Release, inherited: Tags): Tags {
  const own = Object.entries(inherited).filter(([key]) => !key.startsWith(PREFIX) && !key.startsWith('aws:'));
  return {
    ...Object.fromEntries(own),
    'haute:release': release.id,
    'haute:package': release.core.packageDigest,
    'haute:commit': release.core.commit ?? NOTHING,
    'haute:evidence': chainHead(release),
  };
}

/** The release that a definition was registered for; undefined where it is none of ours. */
export function taggedRelease(tags: Tags): Pick<Deployment, 'releaseId' | 'packageDigest'> | undefined {
  const [release, pkg] = [tags['haute:release'] ?? '', tags['haute:package'] ?? ''];
  return isDigest(release) && isDigest(pkg) ? { releaseId: release, packageDigest: pkg } : undefined;
}

/** The mark of a promotion as it is kept. */
export interface StoredMark {
  readonly id: string;
  readonly candidate: string;
  readonly current: string | undefined;
  /** Definition that ran before, of ours or not; undefined where nothing did. */
  readonly before: string | undefined;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly run: string;
  readonly paused: boolean;
  /** ISO 8601: who holds it says something before, or is gone. */
  readonly until: string;
}

export function readMark(tags: Tags): StoredMark | undefined {
  const id = tags['haute:promotion'] ?? NOTHING;
  const candidate = tags['haute:candidate'] ?? NOTHING;
  if (id === NOTHING || candidate === NOTHING) return undefined;
  return {
    id,
    candidate,
    current: given(tags['haute:current']),
    before: given(tags['haute:before']),
    startedAt: tags['haute:started'] ?? '',
    run: tags['haute:run'] ?? '',
    paused: tags['haute:state'] === 'paused',
    until: tags['haute:until'] ?? '',
  };
}

export function markTags(mark: StoredMark): Tags {
  return {
    'haute:promotion': mark.id,
    'haute:candidate': mark.candidate,
    'haute:current': mark.current ?? NOTHING,
    'haute:before': mark.before ?? NOTHING,
    'haute:started': mark.startedAt,
    'haute:run': mark.run,
    'haute:state': mark.paused ? 'paused' : 'running',
    'haute:until': mark.until,
  };
}

/** No promotion holds the service. */
export const NO_MARK: Tags = { 'haute:promotion': NOTHING, 'haute:candidate': NOTHING, 'haute:state': 'none' };

/** Who holds a promotion: nobody has seen a process, so it is known by its word to say something in time. */
export function ownerOf(mark: StoredMark, nowMs: number): PromotionMark['owner'] {
  if (mark.paused) return 'paused';
  const untilMs = Date.parse(mark.until);
  if (Number.isNaN(untilMs)) return 'unknown';
  return nowMs < untilMs ? 'alive' : 'gone';
}

/** What settled, newest first: ids and times; the definitions themselves carry the rest. */
export type Settled = Pick<HistoryEntry, 'deploymentId' | 'settledAt' | 'evidence'>;

export function readHistory(tags: Tags): readonly Settled[] {
  return Array.from({ length: KEPT_HISTORY }, (_, index) => tags[historyKey(index)] ?? '').flatMap((value) => {
    const [deploymentId, settledAt, evidence = ''] = value.split(' ');
    return deploymentId && settledAt ? [{ deploymentId, settledAt, evidence }] : [];
  });
}

/** The history with one more at its front; a deployment that settles again where it is has one line, the latest. */
export function historyTags(history: readonly Settled[], entry: Settled): Tags {
  const older = history[0]?.deploymentId === entry.deploymentId ? history.slice(1) : history;
  const entries = [entry, ...older].slice(0, KEPT_HISTORY);
  return Object.fromEntries(entries.map((each, index) => [historyKey(index), historyValue(each)]));
}

/** Promotions that were taken over, the latest last: they must not come back. */
export function readSuperseded(tags: Tags): readonly string[] {
  return (tags['haute:superseded'] ?? '').split(' ').filter((id) => id !== '');
}

export function supersededTag(ids: readonly string[]): Tags {
  // Ids have 36 characters.
  return { 'haute:superseded': ids.slice(-6).join(' ') };
}

/** How many tasks a service had before it was turned off. */
export function readCount(tags: Tags): number | undefined {
  const count = Number(given(tags['haute:count']) ?? Number.NaN);
  return Number.isInteger(count) && count > 0 ? count : undefined;
}

export function countTag(count: number | undefined): Tags {
  return { 'haute:count': count === undefined ? NOTHING : String(count) };
}

/** @param evidence hash; left out where a family has so long a name that both do not fit */
function historyValue({ deploymentId, settledAt, evidence }: Settled): string {
  const short = `${deploymentId} ${settledAt}`;
  const long = evidence === '' ? short : `${short} ${evidence}`;
  return long.length <= LONGEST_VALUE ? long : short;
}

function historyKey(index: number): string {
  return `haute:history-${String(index + 1).padStart(2, '0')}`;
}

function given(value: string | undefined): string | undefined {
  return value === undefined || value === NOTHING || value === '' ? undefined : value;
}

/** Letters, digits, spaces and `+ - = . _ : / @`; the rest becomes `_`. */
function fitting(value: string): string {
  return value.replaceAll(/[^\p{L}\p{Z}\p{N}_.:/=+\-@]/gu, '_').slice(0, LONGEST_VALUE);
}
