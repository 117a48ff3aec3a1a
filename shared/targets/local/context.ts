import type { Clock } from '../../ports/clock.ts';
import type { Engine } from '../../ports/engine.ts';
import type { Exec } from '../../ports/exec.ts';
import type { Files } from '../../ports/files.ts';
import type { Autoscaling, PromotionMark } from '../../release/deployment.ts';
import { portTrouble } from './errors.ts';
import { DEPLOYMENTS_LISTENER, type LiveState } from './gateway/protocol.ts';
import { GatewayClient } from './gateway-client.ts';
import { logTail } from './log-tail.ts';
import { logFile } from './paths.ts';
import type { LocalPolicy } from './policy.ts';
import { type Processes, SystemProcesses } from './process/processes.ts';
import type { LocalState } from './state/schema.ts';
import { StateStore } from './state/store.ts';

export interface LocalTargetOptions {
  /** `<project>/.haute/local`, absolute. */
  readonly stateDir: string;
  /** How a gateway for this folder is started: an argv that ends up in `runGateway`. */
  readonly gatewayArgv: readonly [string, ...string[]];
  readonly policy: LocalPolicy;
  /** The policy's autoscaling of an environment. */
  readonly autoscaling: (environment: string) => Autoscaling;
  readonly openPackage: Engine['open'];
  readonly servePlan: Engine['servePlan'];
  /** PATH and HOME: what a gateway, and a server beside its plan, is started with. */
  readonly baseEnv: Readonly<Record<string, string>>;
  readonly exec: Exec;
  readonly files: Files;
  readonly clock: Clock;
  /** Hides secrets in what servers logged. */
  readonly redact: (text: string) => string;
  /** Time that a server has until its first answer, in milliseconds. */
  readonly startupTimeoutMs?: number;
}

export const STARTUP_TIMEOUT_MS = 120_000;
const SHOWN_LOG_LINES = 20;

/** What the methods of the target share. */
export interface LocalContext extends LocalTargetOptions {
  readonly store: StateStore;
  readonly processes: Processes;
  readonly gateway: GatewayClient;
}

export function localContext(options: LocalTargetOptions): LocalContext {
  const processes = new SystemProcesses(options.exec);
  const store = new StateStore({ ...options, processes });
  return { ...options, processes, store, gateway: new GatewayClient({ ...options, processes, store }) };
}

/** Has the state in force. @throws ConfigError LOCAL-PORT-IN-USE when this environment's address, or the deployments', is taken */
export async function enforce(
  { gateway }: LocalContext,
  environment: string | undefined,
  wake: Readonly<Record<string, number>> = {},
): Promise<LiveState> {
  const live = await gateway.sync(wake);
  const own = environment === undefined ? undefined : live.listenErrors[environment];
  if (own) throw portTrouble(`the environment ${environment}`, own.port, own.errno);
  const shared = live.listenErrors[DEPLOYMENTS_LISTENER];
  if (shared) throw portTrouble('the deployments', shared.port, shared.errno);
  return live;
}

/** Whether the process that holds the environment's promotion lives; `unknown` where there is none. */
export async function ownerOf(
  { processes }: Pick<LocalContext, 'processes'>,
  state: LocalState,
  environment: string,
): Promise<PromotionMark['owner']> {
  const held = state.environments[environment]?.promotion;
  if (!held) return 'unknown';
  if (held.paused) return 'paused';
  return (await processes.isAlive(held.owner)) ? 'alive' : 'gone';
}

/** The last lines that a deployment's servers logged, redacted. */
export async function shownLog(
  { stateDir, redact }: Pick<LocalContext, 'stateDir' | 'redact'>,
  deploymentId: string,
): Promise<readonly string[]> {
  return (await logTail(logFile(stateDir, deploymentId), SHOWN_LOG_LINES)).map(redact);
}
