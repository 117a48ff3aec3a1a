import type { Tag, TaskDefinition } from '@aws-sdk/client-ecs';
import type { Clock } from '../../ports/clock.ts';
import type { Autoscaling, ServingAddress } from '../../release/deployment.ts';
import type { RampPlan } from '../../release/promotion/plan.ts';
import type { Aws } from './clients.ts';
import { type EcsPlace, serviceOf } from './names.ts';
import type { EcsPolicy } from './policy.ts';

export interface EcsTargetOptions {
  readonly aws: Aws;
  readonly place: EcsPlace;
  readonly policy: EcsPolicy;
  /** The policy's autoscaling of an environment. */
  readonly autoscaling: (environment: string) => Autoscaling;
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** Hides secrets in what tasks logged. */
  readonly redact: (text: string) => string;
  /** Path that a load balancer should ask for the health of a task. */
  readonly healthPath: string;
  /** Port that the application listens on. */
  readonly port: number;
  /** How the policy has traffic move to production: for plans, which nobody tells. */
  readonly ramp: RampPlan;
}

/** A registered task definition, whole. */
export interface RegisteredTask {
  readonly definition: TaskDefinition;
  readonly tags: readonly Tag[];
}

/** What the methods of the target share. What is for life is asked for once: definitions, revisions, addresses. */
export interface EcsContext extends EcsTargetOptions {
  /** By id. */
  readonly tasks: Map<string, RegisteredTask>;
  /** Ids of definitions by the ARN of the service revision that runs them. */
  readonly revisions: Map<string, string>;
  readonly addresses: Map<string, ServingAddress>;
  /** How long AWS waits at a gate, in milliseconds, by environment, where a deployment was begun. */
  readonly holds: Map<string, number>;
  /** Environments that were looked at. */
  readonly environments: Set<string>;
  /** What was told of a deployment, by its id and then by topic: a wait that takes it up tells what is new. */
  readonly told: Map<string, Map<string, string>>;
}

export function ecsContext(options: EcsTargetOptions): EcsContext {
  return {
    ...options,
    tasks: new Map(),
    revisions: new Map(),
    addresses: new Map(),
    holds: new Map(),
    environments: new Set(),
    told: new Map(),
  };
}

/** What a wait is given: how it is ended, and whom it tells what changes. */
export interface Watch {
  readonly signal: AbortSignal | undefined;
  readonly progress: (line: string) => void;
}

export const SILENT: Watch = { signal: undefined, progress: () => undefined };

/** Name of an environment's service. */
export function serviceName({ place, policy }: Pick<EcsContext, 'place' | 'policy'>, environment: string): string {
  return serviceOf(place, policy, environment);
}
