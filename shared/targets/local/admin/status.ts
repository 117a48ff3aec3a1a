import type { Clock } from '../../../ports/clock.ts';
import type { Exec } from '../../../ports/exec.ts';
import type { Files } from '../../../ports/files.ts';
import type { DeploymentStatus, PromotionMark } from '../../../release/deployment.ts';
import { describeRelease } from '../../../release/release.ts';
import { ownerOf } from '../context.ts';
import { PROTOCOL } from '../gateway/protocol.ts';
import { askGateway } from '../gateway-client.ts';
import { SystemProcesses } from '../process/processes.ts';
import { deploymentAddress, environmentAddress } from '../report.ts';
import { EMPTY_STATE } from '../state/schema.ts';
import { environmentsUsing } from '../state/standing.ts';
import { StateStore } from '../state/store.ts';

export interface AdminOptions {
  /** `<project>/.haute/local`, absolute. */
  readonly stateDir: string;
  readonly exec: Exec;
  readonly files: Files;
  readonly clock: Clock;
}

export interface LocalEnvironmentStatus {
  readonly name: string;
  readonly url: string;
  readonly weights: Readonly<Record<string, number>>;
  /** Id of the deployment that settled last. */
  readonly current: string | undefined;
  readonly promotion: { readonly id: string; readonly owner: PromotionMark['owner'] } | undefined;
  /** Why its address cannot be listened on: the system's word. */
  readonly listenError: string | undefined;
}

export interface LocalDeploymentStatus {
  readonly id: string;
  readonly release: string;
  readonly status: DeploymentStatus;
  /** The gateway's own words; why its last server ended, where one did. */
  readonly detail: string;
  readonly url: string | undefined;
  readonly pids: readonly number[];
  readonly usedBy: readonly string[];
  readonly requests: number;
}

/** What runs here, and what would. */
export interface LocalStatus {
  /** Pid of the gateway; undefined when none runs. */
  readonly gateway: number | undefined;
  readonly environments: readonly LocalEnvironmentStatus[];
  readonly deployments: readonly LocalDeploymentStatus[];
}

/** Looks, and starts nothing. @throws ConfigError LOCAL-STATE-BROKEN */
export async function localStatus(options: AdminOptions): Promise<LocalStatus> {
  const processes = new SystemProcesses(options.exec);
  const state = (await new StateStore({ ...options, processes }).read()) ?? EMPTY_STATE;
  const record = state.gateway;
  const isAlive = record !== null && (await processes.isAlive(record));
  const answer = isAlive && record.protocol === PROTOCOL ? await askGateway(record, {}) : 'not running';
  const live = typeof answer === 'string' ? undefined : answer;

  const environments = Object.entries(state.environments).map(async ([name, each]) => ({
    name,
    url: environmentAddress(each.port).url,
    weights: each.weights,
    current: each.history[0]?.deploymentId,
    promotion: each.promotion ? { id: each.promotion.id, owner: await ownerOf({ processes }, state, name) } : undefined,
    listenError: live?.listenErrors[name]?.errno,
  }));
  const deployments = Object.entries(state.deployments).map(async ([id, each]) => {
    const alive = await Promise.all(each.replicas.map((replica) => processes.isAlive(replica)));
    const now = live?.deployments[id];
    const exit = each.lastExit ? `; ${each.lastExit.reason} at ${each.lastExit.at}` : '';
    return {
      id,
      release: describeRelease(each.release),
      status: now?.status ?? (each.desired === 'inactive' ? 'inactive' : 'unknown'),
      detail: (now?.raw ?? 'the gateway does not run') + exit,
      url: deploymentAddress(state, id)?.url,
      pids: each.replicas.filter((_, index) => alive[index]).map(({ pid }) => pid),
      usedBy: environmentsUsing(state, id),
      requests: now?.requests ?? 0,
    } satisfies LocalDeploymentStatus;
  });
  return {
    gateway: isAlive ? record.pid : undefined,
    environments: await Promise.all(environments),
    deployments: await Promise.all(deployments),
  };
}
