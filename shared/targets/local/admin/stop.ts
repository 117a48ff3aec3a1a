import { ConfigError } from '../../../errors.ts';
import { PLACE_MARK, placeMark, REPLICA_MARK } from '../paths.ts';
import { type EndOptions, endProcess } from '../process/end-process.ts';
import { type ProcessRef, SystemProcesses } from '../process/processes.ts';
import type { LocalState } from '../state/schema.ts';
import { StateStore } from '../state/store.ts';
import type { AdminOptions } from './status.ts';

export interface StopOptions extends AdminOptions {
  /** Also forgets every deployment, package and log. */
  readonly purge: boolean;
  /** Time that each process has to end by itself, in milliseconds. */
  readonly graceMs?: number;
}

/** What was ended. */
export interface Stopped {
  readonly gateway: boolean;
  readonly servers: number;
  readonly purged: boolean;
}

const GRACE_MS = 12_000;

/**
 * Ends the gateway and then every server: those in the state, and those of ours that only their mark tells. Works
 * when some of them are dead already. With `purge` it works on a broken state too, and removes the folder.
 * @throws ConfigError LOCAL-STATE-BROKEN, after everything was ended
 */
export async function localStop(options: StopOptions): Promise<Stopped> {
  const { stateDir, files, clock, purge, graceMs = GRACE_MS } = options;
  const processes = new SystemProcesses(options.exec);
  const store = new StateStore({ stateDir, files, processes, clock });
  const end: EndOptions = { processes, clock, graceMs };
  const { state, broken } = await readAnyway(store);

  // Gateways first, known and unknown: one that lives brings back the servers that end.
  const known = state?.gateway ? await endProcess(state.gateway, end) : false;
  const unknown = await endAll(
    (await marked()).filter(({ also }) => also === undefined),
    end,
  );
  const recorded = Object.values(state?.deployments ?? {}).flatMap(({ replicas }) => replicas);
  // And workers of servers that died before them, servers that no gateway lived to write down, those of a broken state.
  const servers = (await endAll(recorded, end)) + (await endAll(await marked(), end));

  if (purge) await files.remove(stateDir);
  else if (broken) throw broken;
  else if (state) await store.update(withNothingRunning);
  return { gateway: known || unknown > 0, servers, purged: purge };

  function marked() {
    return processes.marked(PLACE_MARK, placeMark(stateDir), REPLICA_MARK);
  }
}

/** How many of them ran, and do not any more. */
async function endAll(refs: readonly ProcessRef[], options: EndOptions): Promise<number> {
  return (await Promise.all(refs.map((ref) => endProcess(ref, options)))).filter(Boolean).length;
}

/** What was ended, as a line for people. */
export function formatStopped({ gateway, servers, purged }: Stopped): string {
  const what =
    gateway || servers > 0
      ? `Ended ${gateway ? 'the gateway and ' : ''}${servers} server processes.`
      : 'Nothing was running.';
  return `${what}${purged ? ' Everything deployed here is forgotten.' : ''}\n`;
}

async function readAnyway(
  store: StateStore,
): Promise<{ state: LocalState | undefined; broken: ConfigError | undefined }> {
  try {
    return { state: await store.read(), broken: undefined };
  } catch (error) {
    if (error instanceof ConfigError) return { state: undefined, broken: error };
    throw error;
  }
}

function withNothingRunning(state: LocalState): LocalState {
  const deployments = Object.entries(state.deployments).map(([id, each]) => [id, { ...each, replicas: [] }]);
  return { ...state, gateway: null, deployments: Object.fromEntries(deployments) };
}
