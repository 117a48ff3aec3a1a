import { randomBytes } from 'node:crypto';
import type { Clock } from '../../../ports/clock.ts';
import type { Engine } from '../../../ports/engine.ts';
import type { Exec } from '../../../ports/exec.ts';
import type { Files } from '../../../ports/files.ts';
import { stablePort } from '../ports.ts';
import { type Processes, SystemProcesses } from '../process/processes.ts';
import type { GatewayRecord, LocalState } from '../state/schema.ts';
import { StateStore } from '../state/store.ts';
import { Control } from './control.ts';
import { PROTOCOL } from './protocol.ts';
import { Work } from './work.ts';

export interface GatewayOptions {
  readonly stateDir: string;
  readonly exec: Exec;
  readonly files: Files;
  readonly clock: Clock;
  /** Reads a package and checks its content, before each start of a server. */
  readonly openPackage: Engine['open'];
  /** Told what happens, one line each. */
  readonly note: (line: string) => void;
  /** Fires to end the gateway; the servers stay, for the next gateway to take over. */
  readonly signal: AbortSignal;
}

/**
 * The gateway of a project: listens for its environments and deployments, and keeps their servers as the state says.
 * Runs until the signal fires, another gateway takes its place, or the state folder is gone (then nothing is left
 * running). Returns at once when another one is at work.
 */
export async function runGateway(options: GatewayOptions): Promise<void> {
  const { stateDir, clock, note, signal } = options;
  const processes = new SystemProcesses(options.exec);
  const store = new StateStore({ stateDir, files: options.files, processes, clock });
  const token = randomBytes(24).toString('hex');
  // Nobody knows the token before it is in the state, and then the work has begun.
  let work: Promise<Work> | undefined;
  const control = new Control(token, async (request) => {
    if (work === undefined) throw new Error('not at work yet');
    return (await work).sync(request);
  });
  try {
    const me: GatewayRecord = {
      ...(await processes.self()),
      protocol: PROTOCOL,
      controlPort: await control.listen(),
      token,
    };
    const state = await claim(store, processes, me);
    if (state === undefined) return note('another gateway is at work');
    note(`gateway ${me.pid} is at work`);
    work = Work.begin(state, { ...options, store, processes, me });
    await (await work).run(signal);
  } finally {
    control.close();
  }
}

/** Writes this gateway into the state; undefined when another one is alive. */
async function claim(store: StateStore, processes: Processes, me: GatewayRecord): Promise<LocalState | undefined> {
  let isMine = false;
  const state = await store.update(async (before) => {
    if (before.gateway && (await processes.isAlive(before.gateway))) return undefined;
    isMine = true;
    const taken = new Set(Object.values(before.environments).map(({ port }) => port));
    return { ...before, gateway: me, deploymentsPort: before.deploymentsPort ?? (await stablePort(taken)) };
  });
  return isMine ? state : undefined;
}
