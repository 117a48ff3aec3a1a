import type { Autoscaling, EnvironmentState, PreviousPolicy } from './deployment.ts';
import type { ScanLimits } from './scan.ts';

/** Autoscaling of an environment that the policy does not name. */
export const DEFAULT_AUTOSCALING: Autoscaling = {
  min: 1,
  max: 4,
  concurrency: 8,
  windowMs: 60_000,
  scaleDownDelayMs: 15 * 60_000,
  utilization: 70,
};

/** Window over which traffic moves where nothing else was asked for, on a target that can split it; elsewhere at once. */
export const DEFAULT_RAMP_MS = 600_000;

/** Two limits on one figure, as fractions (0.05 is 5 %). Undefined: not judged. */
export interface Limits {
  readonly warn: number | undefined;
  readonly fail: number | undefined;
}

/** `[environments.<name>]` */
export interface EnvironmentPolicy {
  readonly autoscaling: Autoscaling;
  /** What is no release and may be replaced where it serves, by the name that the steps show; not there: nothing may. */
  readonly takeOver?: string;
}

/** haute.release.toml with every default filled in. Times in milliseconds, percentages as fractions. */
export interface Policy {
  /** Where releases run, where haute.toml cannot say it: Haute refuses targets that it does not know. */
  readonly target: string | undefined;
  /** By environment name; an environment that is not named has the defaults. */
  readonly environments: Readonly<Record<string, EnvironmentPolicy>>;
  readonly promotion: {
    /** Window over which traffic moves; 0 is all at once. Undefined: the target's own, see DEFAULT_RAMP_MS. */
    readonly rampMs: number | undefined;
    /** Number of evenly spaced stages of the ramp. */
    readonly stages: number;
    /** How long an inconclusive stage is held before the promotion pauses. */
    readonly patienceMs: number;
    readonly previous: PreviousPolicy;
    readonly rollbackWindowMs: number;
    readonly redeploy: boolean;
    /** Quotes of the portfolio that candidate and current are both asked for at every check; 0 asks for none. */
    readonly pairedQuotes: number;
  };
  readonly gates: {
    readonly smoke: {
      /** 95th percentile of one quote's answer time. */
      readonly p95LatencyMs: number;
      /** For expected values without their own, a fraction. */
      readonly tolerance: number;
    };
    /** What an image scanner may find, where one is asked for. */
    readonly scan: ScanLimits;
    readonly impact: {
      readonly key: string | undefined;
      /** First is the premium; empty: found from the answers. */
      readonly outputs: readonly string[];
      /** `premium`, `count`, or a column. */
      readonly weight: string;
      readonly meanChange: Limits;
      readonly premiumChange: Limits;
      readonly rowsOver: Limits & { readonly change: number };
      readonly quotability: Limits;
      /** Least share of the portfolio that must have been scored. */
      readonly minScored: number;
      readonly onFail: 'block' | 'approve' | 'warn';
    };
  };
  readonly approval: {
    readonly min: number;
    readonly distinctFromAuthor: boolean;
    /** Users or teams; empty: anyone with write access. */
    readonly approvers: readonly string[];
    readonly sources: readonly ('environment' | 'review' | 'deployment' | 'comment')[];
  };
  /** `[targets.<id>]`, as written: each target reads its own. */
  readonly targets: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Autoscaling of an environment by policy. */
export function autoscalingOf(policy: Pick<Policy, 'environments'>, environment: string): Autoscaling {
  return policy.environments[environment]?.autoscaling ?? DEFAULT_AUTOSCALING;
}

/**
 * What serves an environment, is no release, and may not be replaced: nobody has said so. Undefined where nothing is in
 * the way. It is permitted by its name, so that the word is over once it is replaced. What came over a release of ours
 * is never replaced by the next one: that one was compared with the release.
 */
export function notToBeReplaced(
  { environments }: Pick<Policy, 'environments'>,
  { name, foreign, current }: Pick<EnvironmentState, 'name' | 'foreign' | 'current'>,
): string | undefined {
  if (current) return foreign;
  return environments[name]?.takeOver === foreign ? undefined : foreign;
}
