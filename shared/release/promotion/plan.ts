/** How traffic moves to a candidate: the percent at each stage, and the time spent at each. */
export interface RampPlan {
  /** Percent of traffic on the candidate at each stage: rising whole numbers, the last is 100. */
  readonly stages: readonly [number, ...number[]];
  /** Time at each stage before its checks, in milliseconds. */
  readonly soakMs: number;
  /** How long an inconclusive stage is held, in milliseconds, before the promotion pauses. */
  readonly patienceMs: number;
  /** Time between two looks at an inconclusive stage, in milliseconds. */
  readonly recheckMs: number;
}

/** All traffic in one move, with its checks. */
const AT_ONCE = [100] as const;
const SHORTEST_RECHECK_MS = 1_000;

/**
 * A plan of evenly spaced stages over a window.
 * @param rampMs length of the window in milliseconds; 0 moves everything at once
 * @param stages number of stages, at least 1; more than 100 are taken as 100, since weights are whole percents
 * @param patienceMs how long an inconclusive stage is held
 */
export function rampPlan(rampMs: number, stages: number, patienceMs: number): RampPlan {
  const count = rampMs === 0 ? 1 : Math.min(stages, 100);
  const soakMs = Math.round(rampMs / count);
  return {
    stages: evenStages(count),
    soakMs,
    patienceMs,
    recheckMs: Math.max(SHORTEST_RECHECK_MS, Math.round(soakMs / 2)),
  };
}

function evenStages(count: number): readonly [number, ...number[]] {
  const [first, ...rest] = Array.from({ length: count }, (_, index) => Math.round(((index + 1) * 100) / count));
  return first === undefined ? AT_ONCE : [first, ...rest];
}
