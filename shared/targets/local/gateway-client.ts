import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { messageOf } from '../../errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Exec } from '../../ports/exec.ts';
import { gatewayDown } from './errors.ts';
import { type LiveState, liveState, PROTOCOL, SYNC_PATH, type SyncRequest } from './gateway/protocol.ts';
import { logTail } from './log-tail.ts';
import { gatewayLogFile, PLACE_MARK, placeMark } from './paths.ts';
import { HOST } from './ports.ts';
import { endProcess } from './process/end-process.ts';
import type { Processes, ProcessRef } from './process/processes.ts';
import type { GatewayRecord } from './state/schema.ts';
import type { StateStore } from './state/store.ts';

export interface GatewayClientDeps {
  readonly stateDir: string;
  /** How a gateway of this project is started. */
  readonly gatewayArgv: readonly [string, ...string[]];
  /** PATH and HOME, at least. */
  readonly baseEnv: Readonly<Record<string, string>>;
  readonly store: StateStore;
  readonly processes: Processes;
  readonly exec: Exec;
  readonly clock: Clock;
  readonly redact: (text: string) => string;
}

const ONE_CALL_MS = 5_000;
const GIVE_UP_MS = 45_000;
/** A gateway that lives and does not answer for this long is replaced. */
const SILENCE_MS = 9_000;
const STARTS = 3;
const LOOK_EVERY_MS = 30;
const END_GRACE_MS = 12_000;
const LOG_LINES = 10;
const NEVER = new AbortController().signal;

/** Speaks to the project's gateway, and has one running first. */
export class GatewayClient {
  readonly #deps: GatewayClientDeps;

  constructor(deps: GatewayClientDeps) {
    this.#deps = deps;
  }

  /**
   * Has the gateway take in the state as it is in the file; starts a gateway where none is alive, and replaces one
   * that is of another version or does not answer. When this returns, the state is in force.
   * @param wake least number of replicas to have up, by deployment
   * @throws ProviderError LOCAL-GATEWAY-DOWN
   */
  async sync(wake: SyncRequest['wake'] = {}): Promise<LiveState> {
    const { store, processes, clock } = this.#deps;
    let started: ProcessRef | undefined;
    let starts = 0;
    let silentSince: number | undefined;
    for (const giveUpAt = clock.now() + GIVE_UP_MS; clock.now() < giveUpAt; await clock.sleep(LOOK_EVERY_MS, NEVER)) {
      const gateway = (await store.read())?.gateway;
      if (gateway && (await processes.isAlive(gateway))) {
        if (gateway.protocol !== PROTOCOL) {
          await endProcess(gateway, { processes, clock, graceMs: END_GRACE_MS });
          continue;
        }
        const answer = await askGateway(gateway, wake);
        if (typeof answer !== 'string') return answer;
        silentSince ??= clock.now();
        if (clock.now() - silentSince > SILENCE_MS) await endProcess(gateway, { processes, clock, graceMs: 0 });
        continue;
      }
      silentSince = undefined;
      if (started && (await processes.isAlive(started))) continue;
      if (starts === STARTS) throw await this.#down(`ended ${STARTS} times when it was started`);
      starts += 1;
      started = await this.#start();
    }
    throw await this.#down(`did not answer within ${GIVE_UP_MS / 1000} s`);
  }

  async #start(): Promise<ProcessRef> {
    const { exec, processes, stateDir, gatewayArgv, baseEnv } = this.#deps;
    const command = { argv: gatewayArgv, cwd: stateDir, env: { ...baseEnv, [PLACE_MARK]: placeMark(stateDir) } };
    const pid = await exec.detach(command, gatewayLogFile(stateDir));
    return { pid, start: (await processes.startOf(pid)) ?? 'ended' };
  }

  async #down(why: string): Promise<Error> {
    const lines = await logTail(gatewayLogFile(this.#deps.stateDir), LOG_LINES);
    return gatewayDown(why, lines.map(this.#deps.redact));
  }
}

/** What one gateway answers once it has taken in the state; or why it does not answer, as a phrase. */
export function askGateway(gateway: GatewayRecord, wake: SyncRequest['wake']): Promise<LiveState | string> {
  return new Promise((resolve) => {
    const asked = request(
      {
        host: HOST,
        port: gateway.controlPort,
        method: 'POST',
        path: SYNC_PATH,
        headers: { authorization: `Bearer ${gateway.token}`, 'content-type': 'application/json' },
        agent: false,
        signal: AbortSignal.timeout(ONE_CALL_MS),
      },
      async (answer) => {
        try {
          const body = await text(answer);
          resolve(
            answer.statusCode === 200 ? liveState.parse(JSON.parse(body)) : `answered ${answer.statusCode}: ${body}`,
          );
        } catch (error) {
          resolve(messageOf(error));
        }
      },
    );
    asked.once('error', (error) => resolve(messageOf(error)));
    asked.end(JSON.stringify({ wake }));
  });
}
