import type { Autoscaling } from '../../../release/deployment.ts';

/** What a deployment is asked to do, as measured. */
export interface Load {
  /** Requests in flight, averaged over the window. */
  readonly average: number;
  /** Requests in flight or waiting now. */
  readonly now: number;
  /** Time since the last request ended, in milliseconds; 0 while there is one. */
  readonly idleMs: number;
  /** How long fewer replicas than there are would have done, in milliseconds. */
  readonly belowMs: number;
}

/** Replicas that the load calls for, whatever there is now. */
export function neededReplicas(load: Pick<Load, 'average' | 'now'>, settings: Autoscaling): number {
  const perReplica = settings.concurrency * (settings.utilization / 100);
  const needed = Math.ceil(load.average / perReplica);
  return clamp(Math.max(needed, load.now > 0 ? 1 : 0), settings);
}

/**
 * Replicas wanted from now on: out at once, in only after the delay, to none only when nothing was asked for that long.
 * @param wanted replicas wanted until now
 */
export function wantedReplicas(wanted: number, load: Load, settings: Autoscaling): number {
  const isIdle = wanted === 0 || load.idleMs >= settings.scaleDownDelayMs;
  // From none, only a request brings it up: not the memory of those before it was put to sleep.
  if (load.now === 0 && isIdle) return settings.min;
  const needed = neededReplicas(load, settings);
  const kept = Math.min(wanted, settings.max);
  if (needed >= kept) return needed;
  return load.belowMs >= settings.scaleDownDelayMs ? Math.max(needed, Math.min(kept, 1)) : kept;
}

function clamp(count: number, { min, max }: Autoscaling): number {
  return Math.max(min, Math.min(count, max));
}
