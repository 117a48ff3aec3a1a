import type { Autoscaling, Deployment, EnvironmentState, PreviousPolicy, Weights } from '../release/deployment.ts';
import type { RampPlan } from '../release/promotion/plan.ts';
import type { Release } from '../release/release.ts';

/** One change that a plan would make, for people and for `dry-run`. */
export interface PlannedChange {
  readonly action: 'create' | 'update' | 'delete' | 'keep';
  /** What it acts on: `environment staging`, `deployment d-…`. */
  readonly subject: string;
  readonly detail: string;
}

/** A power that a target has, or why it has not. */
export type Capability = { readonly can: true } | { readonly can: false; readonly why: string };

export interface Capabilities {
  /** Traffic can be split by weight between two deployments. */
  readonly weights: Capability;
  /** A candidate has an address of its own before it gets traffic. */
  readonly darkAddress: Capability;
  /** A promotion can be left paused for a person. */
  readonly pause: Capability;
  readonly deactivate: Capability;
  readonly scaleToZero: Capability;
  /** The platform can go through the stages of a promotion by itself, watched by its own alarms. */
  readonly nativeRamp: Capability;
  /** A second deployment of the same release can be made beside the first. */
  readonly redeploy: Capability;
}

/** Marks a route as part of a promotion: the target refuses it when another promotion holds the environment. */
export interface RouteMark {
  readonly promotionId: string;
  readonly candidate: string;
  readonly current: string | undefined;
  readonly run: string;
  readonly paused: boolean;
  /** Take the environment from the promotion that holds it. */
  readonly supersede: boolean;
}

export interface DeployOptions {
  /** Make a new deployment even when one of the same release can be used again. */
  readonly fresh: boolean;
  readonly autoscaling: Autoscaling;
  /** How traffic will move to it, for platforms that must know when they begin; all at once where it is not given. */
  readonly ramp?: RampPlan;
  /** The platform is to go through the ramp by itself, from the first traffic on: nobody will tell it to go on. */
  readonly handOff?: boolean;
  /** It may be left without traffic for as long as people take to approve it. */
  readonly hold?: boolean;
  readonly signal: AbortSignal;
  /** Told what changes while waiting: one short line each. */
  readonly progress: (line: string) => void;
}

/** For routes that take a platform minutes. */
export interface RouteWatch {
  /**
   * Aborted: the wait ends with Interrupted where the platform can be told to go back, and the traffic may stand
   * half-way. Where moving takes no time, it is not looked at.
   */
  readonly signal?: AbortSignal;
  /** Told what changes while waiting: one short line each. */
  readonly progress: (line: string) => void;
}

export interface SettleOptions {
  /** Deployment id that now serves everything. */
  readonly keep: string;
  /** Deployment id that served before; undefined for the first. */
  readonly previous: string | undefined;
  readonly previousPolicy: PreviousPolicy;
  /** How long the previous one stays warm, in milliseconds. */
  readonly rollbackWindowMs: number;
  /** Promotion to close; its mark is removed. */
  readonly promotionId: string;
  /** Hash of the evidence that the promotion rests on. */
  readonly evidence: string;
  /** `promoted` writes history; `reverted` and `rolled-back` say how it ended. */
  readonly outcome: 'promoted' | 'reverted' | 'rolled-back';
}

/** Why a deployment is not well, with what a person needs to go on. */
export interface Explanation {
  readonly summary: string;
  readonly exitCode: number | undefined;
  readonly reason: string | undefined;
  /** Last log lines, secrets redacted. */
  readonly log: readonly string[];
  /** A command that shows more. */
  readonly next: string;
}

/**
 * Where releases run. Every method reads the platform's own state; none keeps state of ours between runs. Methods
 * throw ConfigError for what the user must change, ProviderError for what the platform failed to do, Interrupted when
 * the signal fires.
 */
export interface Target {
  readonly id: string;
  readonly supports: Capabilities;
  /** What deploy would change. Writes nothing. */
  plan(release: Release, environment: string): Promise<readonly PlannedChange[]>;
  /** A candidate with no traffic, answering on its own address where there is one. */
  deploy(release: Release, environment: string, options: DeployOptions): Promise<Deployment>;
  /** The environment as it is; an environment that was never deployed to has no current deployment and no address. */
  inspect(environment: string): Promise<EnvironmentState>;
  /**
   * Sets the traffic split, and the promotion mark with it, in one step. GateFailure PROMOTION-ACTIVE when another
   * promotion holds the environment; ENVIRONMENT-MOVED when none does and it serves something else than `mark.current`.
   */
  route(environment: string, weights: Weights, mark: RouteMark, watch?: RouteWatch): Promise<void>;
  /** Ends a promotion: writes history, removes the mark, keeps the previous one warm for the rollback window. */
  settle(environment: string, options: SettleOptions): Promise<void>;
  /** Turns a deployment on (waits until it answers) or off (its addresses answer 404). */
  setActive(deploymentId: string, active: boolean, signal: AbortSignal): Promise<void>;
  /** Deletes a deployment for good. ConfigError when an environment routes to it or it is what production serves. */
  remove(deploymentId: string): Promise<void>;
  explain(deploymentId: string): Promise<Explanation>;
}
