import type { RouteMark, SettleOptions } from '../../ports/target.ts';
import type { HistoryEntry, PromotionMark } from '../../release/deployment.ts';
import type { Digest } from '../../release/digest.ts';
import { environmentMoved, promotionActive, promotionSuperseded } from '../../release/promotion/refusals.ts';
import type { Release } from '../../release/release.ts';
import { unknownDeployment } from './errors.ts';
import type { DeploymentRecord, EnvironmentRecord, PromotionRecord } from './schema.ts';

const KEPT_HISTORY = 100;
const KEPT_SUPERSEDED = 50;
/** Deployments that are neither in the history nor in use. */
const KEPT_OTHERS = 20;

/** A release has one deployment for life: the image is what is deployed, and there is one of it. */
export function deploymentId(releaseId: Digest): string {
  return `d-${releaseId.slice('sha256:'.length, 'sha256:'.length + 16)}`;
}

/** The record with this release known in the environment. */
export function withDeployment(
  record: EnvironmentRecord,
  { id, core }: Pick<Release, 'id' | 'core'>,
  image: Digest,
  at: string,
): EnvironmentRecord {
  const own = deploymentId(id);
  const entry: DeploymentRecord = { releaseId: id, packageDigest: core.packageDigest, image, createdAt: at };
  return withFewer({ ...record, deployments: { ...record.deployments, [own]: record.deployments[own] ?? entry } });
}

/**
 * The record with the promotion marked.
 * @throws GateFailure PROMOTION-ACTIVE when another one holds the environment, ENVIRONMENT-MOVED when none does and what
 *   settled last is not what the mark was decided on
 */
export function withMark(
  record: EnvironmentRecord,
  mark: RouteMark,
  times: { readonly at: string; readonly aliveUntil: string },
): EnvironmentRecord {
  const held = record.promotion;
  checkHolder(record, mark.promotionId, mark.supersede, times.at);
  const serves = record.history[0]?.deploymentId;
  if (held === null && serves !== mark.current) throw environmentMoved(record.environment, serves, mark.current);
  const isSame = held?.id === mark.promotionId;
  return {
    ...record,
    superseded: held && !isSame ? [...record.superseded, held.id].slice(-KEPT_SUPERSEDED) : record.superseded,
    promotion: {
      id: mark.promotionId,
      candidate: mark.candidate,
      current: mark.current ?? null,
      startedAt: isSame ? held.startedAt : times.at,
      run: mark.run,
      paused: mark.paused,
      aliveUntil: times.aliveUntil,
    },
  };
}

/** The record with the promotion over, and in the history unless it was reverted. @throws GateFailure PROMOTION-ACTIVE */
export function withSettled(record: EnvironmentRecord, options: SettleOptions, at: string): EnvironmentRecord {
  checkHolder(record, options.promotionId, false, at);
  // A registry keeps whatever was written last: a mark that is gone was overwritten, and another one settled since.
  if (record.promotion === null) throw promotionSuperseded(record.environment, options.promotionId);
  const over = { ...record, promotion: null };
  if (options.outcome === 'reverted') return over;
  const kept = record.deployments[options.keep];
  if (kept === undefined) throw unknownDeployment(options.keep);
  const { keep: id, evidence } = options;
  const entry: HistoryEntry = { deploymentId: id, releaseId: kept.releaseId, settledAt: at, evidence };
  // What settles again where it is has one line, the latest.
  const older = record.history[0]?.deploymentId === id ? record.history.slice(1) : record.history;
  return withFewer({ ...over, history: [entry, ...older].slice(0, KEPT_HISTORY) });
}

/** Whether whoever holds the promotion is still at it, as far as a registry can tell. */
export function ownerOf(promotion: PromotionRecord, nowMs: number): PromotionMark['owner'] {
  if (promotion.paused) return 'paused';
  return nowMs > Date.parse(promotion.aliveUntil) ? 'gone' : 'unknown';
}

/** What is neither in use nor in the history is forgotten in time, the oldest first; its image stays in the registry. */
function withFewer(record: EnvironmentRecord): EnvironmentRecord {
  const wanted = new Set([
    ...record.history.map((entry) => entry.deploymentId),
    record.promotion?.candidate,
    record.promotion?.current,
  ]);
  const others = Object.keys(record.deployments).filter((id) => !wanted.has(id));
  const forgotten = new Set(others.slice(0, Math.max(0, others.length - KEPT_OTHERS)));
  const kept = Object.entries(record.deployments).filter(([id]) => !forgotten.has(id));
  return { ...record, deployments: Object.fromEntries(kept) };
}

function checkHolder(record: EnvironmentRecord, promotionId: string, supersede: boolean, at: string): void {
  const { environment, promotion: held } = record;
  if (record.superseded.includes(promotionId)) throw promotionSuperseded(environment, promotionId);
  if (held === null || held.id === promotionId || supersede) return;
  throw promotionActive(environment, {
    ...held,
    current: held.current ?? undefined,
    owner: ownerOf(held, Date.parse(at)),
  });
}
