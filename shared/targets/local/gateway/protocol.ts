import { z } from 'zod';
import { DEPLOYMENT_STATUSES } from '../../../release/deployment.ts';

/** Raised when the gateway and the steps would not understand each other: an older gateway is then replaced. */
export const PROTOCOL = 1;

/** Where the steps ask: one call for everything, since each must see the state as it is now. */
export const SYNC_PATH = '/sync';

/** Asks the gateway to take in the state file now and to have at least so many replicas of these deployments up. */
export const syncRequest = z.strictObject({ wake: z.record(z.string(), z.int().min(0)) });
export type SyncRequest = z.infer<typeof syncRequest>;

const liveDeployment = z.object({
  status: z.enum(DEPLOYMENT_STATUSES),
  /** The gateway's own words. */
  raw: z.string(),
  ready: z.int(),
  /** Replicas that it is to have. */
  wanted: z.int(),
  inFlight: z.int(),
  requests: z.int(),
  serverErrors: z.int(),
  /** Starts that went wrong since the last one that went well. */
  failures: z.int(),
});

/** What the gateway answers, once everything in the state file of that generation is in force. */
export const liveState = z.object({
  generation: z.int(),
  pid: z.int(),
  /** By environment: why its address cannot be listened on. */
  listenErrors: z.record(z.string(), z.object({ port: z.int(), errno: z.string() })),
  deployments: z.record(z.string(), liveDeployment),
});

export type LiveDeployment = Readonly<z.infer<typeof liveDeployment>>;
export type LiveState = Readonly<z.infer<typeof liveState>>;
/** The name under which `listenErrors` has the address of the deployments. */
export const DEPLOYMENTS_LISTENER = '(deployments)';
