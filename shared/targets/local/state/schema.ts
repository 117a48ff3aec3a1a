import { z } from 'zod';
import { releaseCoreSchema } from '../../../release/codec.ts';
import type { Autoscaling, PreviousPolicy } from '../../../release/deployment.ts';
import { type Digest, isDigest } from '../../../release/digest.ts';
import type { ReleaseCore } from '../../../release/release.ts';
import type { ProcessRef } from '../process/processes.ts';

export const STATE_SCHEMA = 'haute.local/1';

/** A server process of a deployment. */
export interface ReplicaRecord extends ProcessRef {
  readonly id: string;
  readonly port: number;
}

/** How a server of a deployment ended last, when nobody asked it to. */
export interface LastExit {
  /** ISO 8601. */
  readonly at: string;
  /** Null where it is not known: ended by a signal, or not a child of the gateway that saw it end. */
  readonly code: number | null;
  readonly reason: string;
}

export interface DeploymentRecord {
  readonly release: { readonly id: Digest; readonly core: ReleaseCore };
  readonly packageDigest: Digest;
  readonly packageDir: string;
  /** Complete: what the server is started with, whoever starts it. */
  readonly serve: {
    readonly argv: readonly string[];
    readonly env: Readonly<Record<string, string>>;
    readonly cwd: string;
  };
  readonly startupTimeoutMs: number;
  /** ISO 8601. */
  readonly createdAt: string;
  /** The step that is deploying it; null once it has answered. A deployment whose step is gone before that is removed. */
  readonly deployer: ProcessRef | null;
  readonly desired: 'active' | 'inactive' | 'deleted';
  readonly replicas: readonly ReplicaRecord[];
  readonly lastExit: LastExit | null;
}

/** A deployment's place in an environment. A warm one keeps the environment's minimum of replicas, a cold one may go to zero. */
export interface Member {
  readonly deploymentId: string;
  /** The environment's settings when it was deployed there; it keeps them. */
  readonly autoscaling: Autoscaling;
  readonly warm: boolean;
}

/** What becomes of a deployment that does not serve an environment any more, and when (milliseconds since the epoch). */
export interface Retirement {
  readonly deploymentId: string;
  readonly policy: PreviousPolicy;
  readonly dueAt: number;
}

export interface PromotionRecord {
  readonly id: string;
  readonly candidate: string;
  readonly current: string | null;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly run: string;
  readonly paused: boolean;
  readonly owner: ProcessRef;
}

export interface HistoryRecord {
  readonly deploymentId: string;
  readonly releaseId: Digest;
  readonly settledAt: string;
  readonly evidence: string;
}

export interface EnvironmentRecord {
  readonly port: number;
  readonly autoscaling: Autoscaling;
  readonly weights: Readonly<Record<string, number>>;
  readonly members: readonly Member[];
  readonly promotion: PromotionRecord | null;
  /** Newest first. */
  readonly history: readonly HistoryRecord[];
  readonly retiring: readonly Retirement[];
  /** Ids of promotions that another one took over from: they may not come back. */
  readonly superseded: readonly string[];
}

export interface GatewayRecord extends ProcessRef {
  readonly protocol: number;
  readonly controlPort: number;
  readonly token: string;
}

/** Everything the local target knows, in one file. */
export interface LocalState {
  readonly schema: typeof STATE_SCHEMA;
  /** Counts the writes. */
  readonly generation: number;
  /** Port of the deployments' own addresses; null before the first gateway chose one. */
  readonly deploymentsPort: number | null;
  readonly environments: Readonly<Record<string, EnvironmentRecord>>;
  readonly deployments: Readonly<Record<string, DeploymentRecord>>;
  readonly gateway: GatewayRecord | null;
}

export const EMPTY_STATE: LocalState = {
  schema: STATE_SCHEMA,
  generation: 0,
  deploymentsPort: null,
  environments: {},
  deployments: {},
  gateway: null,
};

const digest = z.custom<Digest>((value) => typeof value === 'string' && isDigest(value), 'is not a sha256 digest');
const port = z.int().min(1).max(65_535);
const text = z.string().min(1);
const processRef = { pid: z.int().min(1), start: text };
const autoscaling = z.strictObject({
  min: z.int().min(0),
  max: z.int().min(1),
  concurrency: z.int().min(1),
  windowMs: z.number().min(0),
  scaleDownDelayMs: z.number().min(0),
  utilization: z.number().positive(),
});

const deployment = z.strictObject({
  release: z.strictObject({ id: digest, core: releaseCoreSchema }),
  packageDigest: digest,
  packageDir: text,
  serve: z.strictObject({ argv: z.array(z.string()).min(1), env: z.record(z.string(), z.string()), cwd: text }),
  startupTimeoutMs: z.number().positive(),
  createdAt: text,
  deployer: z.strictObject(processRef).nullable(),
  desired: z.enum(['active', 'inactive', 'deleted']),
  replicas: z.array(z.strictObject({ ...processRef, id: text, port })),
  lastExit: z.strictObject({ at: text, code: z.int().nullable(), reason: z.string() }).nullable(),
});

const environment = z.strictObject({
  port,
  autoscaling,
  weights: z.record(text, z.int().min(0).max(100)),
  members: z.array(z.strictObject({ deploymentId: text, autoscaling, warm: z.boolean() })),
  promotion: z
    .strictObject({
      id: text,
      candidate: text,
      current: text.nullable(),
      startedAt: text,
      run: z.string(),
      paused: z.boolean(),
      owner: z.strictObject(processRef),
    })
    .nullable(),
  history: z.array(z.strictObject({ deploymentId: text, releaseId: digest, settledAt: text, evidence: z.string() })),
  retiring: z.array(
    z.strictObject({ deploymentId: text, policy: z.enum(['keep', 'scale-to-zero', 'deactivate']), dueAt: z.number() }),
  ),
  superseded: z.array(text),
});

/** Checks the whole state: its shape, and that what it routes to is there. */
export const stateSchema: z.ZodType<LocalState> = z
  .strictObject({
    schema: z.literal(STATE_SCHEMA),
    generation: z.int().min(0),
    deploymentsPort: port.nullable(),
    environments: z.record(text, environment),
    deployments: z.record(text, deployment),
    gateway: z.strictObject({ ...processRef, protocol: z.int(), controlPort: port, token: text }).nullable(),
  })
  .check((context) => {
    for (const [name, { weights }] of Object.entries(context.value.environments)) {
      const total = Object.values(weights).reduce((sum, weight) => sum + weight, 0);
      const unknown = Object.keys(weights).find((id) => !(id in context.value.deployments));
      const message =
        unknown !== undefined ? `routes to ${unknown}, which is not there` : `weights add up to ${total}, not 100`;
      if (unknown === undefined && (total === 100 || Object.keys(weights).length === 0)) continue;
      context.issues.push({ code: 'custom', message, input: weights, path: ['environments', name, 'weights'] });
    }
  });
