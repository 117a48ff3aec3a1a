import type { Digest } from './digest.ts';

/** Statuses common to all targets. Each target maps its own onto these and keeps the raw one for display. */
export const DEPLOYMENT_STATUSES = [
  'building',
  'deploying',
  'loading',
  'active',
  'updating',
  'unhealthy',
  'scaled-to-zero',
  'waking-up',
  'deactivating',
  'inactive',
  'failed',
  'unknown',
] as const;
export type DeploymentStatus = (typeof DEPLOYMENT_STATUSES)[number];

/** How an address is spoken to: which wire shape its quotes have. */
export type Wire = 'haute' | 'databricks' | 'baseten';

/** Where quotes are answered. Header values may be secret: never logged. */
export interface ServingAddress {
  readonly url: string;
  readonly wire: Wire;
  readonly headers?: Readonly<Record<string, string>>;
  /** Not there where the target starts the servers itself. */
  readonly pulled?: PulledByOthers;
}

/** Servers that others start from a tag, in their own time: they may not have been told which release they are. */
export interface PulledByOthers {
  /** What they pull: `registry.example.com/motor:staging`. */
  readonly reference: string;
  /** How long they may take, in milliseconds. */
  readonly patienceMs: number;
}

/** A release running on a target. Immutable; keeps its id for life. */
export interface Deployment {
  readonly id: string;
  readonly releaseId: Digest;
  readonly packageDigest: Digest;
  readonly status: DeploymentStatus;
  /** The platform's own word for the status. */
  readonly rawStatus: string;
  /** Its own (dark) address, where the platform can give one. */
  readonly address: ServingAddress | undefined;
  /** The image that it runs, with its digest; not there on targets that run none. */
  readonly image?: string;
  /** ISO 8601. */
  readonly createdAt: string;
  /** Replicas that can answer now. */
  readonly replicas: number;
}

/** Percent of an environment's traffic by deployment id; whole numbers that add up to 100, or empty. */
export type Weights = Readonly<Record<string, number>>;

/** Autoscaling of an environment; deployments inherit it on promotion. */
export interface Autoscaling {
  /** Replicas; 0 allows scale to zero. */
  readonly min: number;
  readonly max: number;
  /** Requests in flight that one replica should hold. */
  readonly concurrency: number;
  /** Window over which load is averaged, in milliseconds. */
  readonly windowMs: number;
  /** Idle time before a replica goes, in milliseconds. */
  readonly scaleDownDelayMs: number;
  /** Percent of `concurrency` at which a replica counts as full. */
  readonly utilization: number;
}

/** One deployment that settled in an environment: a line of its history. */
export interface HistoryEntry {
  readonly deploymentId: string;
  readonly releaseId: Digest;
  /** ISO 8601, when it reached 100 percent and settled. */
  readonly settledAt: string;
  /** Hash of the evidence that let it through; empty where there was none. */
  readonly evidence: string;
}

/** The mark that an environment carries while a promotion is under way. */
export interface PromotionMark {
  readonly id: string;
  /** Deployment id being promoted. */
  readonly candidate: string;
  /** Deployment id that served all traffic before; undefined for the first deployment. */
  readonly current: string | undefined;
  /** ISO 8601. */
  readonly startedAt: string;
  /** Who runs it: a run URL, or `terminal`. */
  readonly run: string;
  /** `paused`: left on purpose for a person to resume or cancel. `gone`: its process is no more and nobody will finish it. */
  readonly owner: 'alive' | 'paused' | 'gone' | 'unknown';
}

/** An environment as the target reports it now. */
export interface EnvironmentState {
  readonly name: string;
  readonly address: ServingAddress | undefined;
  /** Why an environment that was deployed to has no address all the same: then nobody can be asked what serves there. */
  readonly noAddress?: string;
  readonly weights: Weights;
  /** The deployment that settled last; undefined before the first. */
  readonly current: Deployment | undefined;
  /**
   * What serves callers there and was never promoted, where the target can tell: `motor-pricing:1`. Before the first
   * release it is replaced only where the policy names it; afterwards somebody has put it over `current`.
   */
  readonly foreign?: string;
  readonly candidate: Deployment | undefined;
  readonly promotion: PromotionMark | undefined;
  /** Newest first; the first entry is `current`. */
  readonly history: readonly HistoryEntry[];
  /** Every deployment this environment can still route to. */
  readonly deployments: readonly Deployment[];
  readonly autoscaling: Autoscaling;
  /** What this environment cannot do although its target can elsewhere, with the reason. */
  readonly cannot?: { readonly weights?: string; readonly darkAddress?: string };
}

/** What happens to the deployment that served before, once a promotion has settled and its rollback window is over. */
export type PreviousPolicy = 'keep' | 'scale-to-zero' | 'deactivate';

/** An address as people may see it: without what may hold a key, its query and what stands before its host. */
export function shownUrl(url: string): string {
  return url.replace(/[?#].*$/s, '').replace(/\/\/[^/]*@/, '//');
}
