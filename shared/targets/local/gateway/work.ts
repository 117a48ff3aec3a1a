import { messageOf } from '../../../errors.ts';
import type { Processes, ProcessRef } from '../process/processes.ts';
import type { GatewayRecord, LocalState } from '../state/schema.ts';
import { parseState, type StateStore } from '../state/store.ts';
import { Fleet } from './fleet.ts';
import { Launcher } from './launcher.ts';
import { Listeners } from './listeners.ts';
import { capLogs } from './logs.ts';
import type { LiveState, SyncRequest } from './protocol.ts';
import { proxy } from './proxy.ts';
import { ReplayBudget } from './replay-body.ts';
import { Router } from './router.ts';
import type { GatewayOptions } from './run.ts';
import { Ticker } from './ticker.ts';

const TICK_MS = 250;
const LOG_CHECK_MS = 10_000;
const GRACE_MS = 10_000;
/** The state file away for this long: its folder was removed, and with it every way to reach what runs. */
const FORSAKEN_MS = 2_000;
const REPLAY_TOTAL_BYTES = 128 * 1024 * 1024;

export interface WorkDeps extends Omit<GatewayOptions, 'signal'> {
  readonly store: StateStore;
  readonly processes: Processes;
  readonly me: GatewayRecord;
}

/** A gateway at work: the state in force, and everything that follows from it. */
export class Work {
  readonly #deps: WorkDeps;
  readonly #fleet: Fleet;
  readonly #router: Router;
  readonly #listeners: Listeners;
  readonly #ticker: Ticker;
  #state: LocalState;
  #seen: Uint8Array | undefined;
  #missingSince: number | undefined;
  #isReplaced = false;
  #logsLookedAt = 0;

  private constructor(state: LocalState, fleet: Fleet, ticker: Ticker, deps: WorkDeps) {
    this.#deps = deps;
    this.#state = state;
    this.#fleet = fleet;
    this.#ticker = ticker;
    this.#router = new Router(fleet);
    this.#router.apply(state);
    const budget = new ReplayBudget(REPLAY_TOTAL_BYTES);
    this.#listeners = new Listeners((incoming) => proxy(incoming, { router: this.#router, clock: deps.clock, budget }));
  }

  /** Takes over what runs, and listens. */
  static async begin(state: LocalState, deps: WorkDeps): Promise<Work> {
    const ticker = new Ticker(TICK_MS);
    let work: Work | undefined;
    const take = (next: LocalState) => work?.take(next);
    const fleet = await Fleet.adopt(state, { ...deps, launcher: new Launcher(deps), take, poke: ticker.poke });
    work = new Work(state, fleet, ticker, deps);
    await work.#listeners.apply(state);
    return work;
  }

  /** Puts a state in force: requests that come from now on go by it. One older than the one in force is not. */
  take(state: LocalState): void {
    if (state.generation < this.#state.generation) return;
    this.#state = state;
    this.#fleet.apply(state);
    this.#router.apply(state);
  }

  /** Takes in what is in the file now, and tells what came of it. */
  async sync({ wake }: SyncRequest): Promise<LiveState> {
    const state = await this.#deps.store.read();
    if (state) this.take(state);
    await this.#listeners.apply(this.#state);
    for (const [id, replicas] of Object.entries(wake)) this.#fleet.runner(id)?.wake(replicas);
    this.#ticker.poke();
    return {
      generation: this.#state.generation,
      pid: this.#deps.me.pid,
      listenErrors: this.#listeners.errors(),
      deployments: this.#fleet.live(),
    };
  }

  /** Until the signal fires, or there is nothing left to do here. */
  async run(signal: AbortSignal): Promise<void> {
    const { note } = this.#deps;
    for (; !signal.aborted && !this.#isReplaced; await this.#ticker.next(signal)) {
      try {
        if (await this.#isForsaken()) {
          note('the state folder is gone; ending all servers');
          await this.#fleet.endAll();
          break;
        }
        await this.#fleet.tick();
        if (this.#listeners.hasOverdue) await this.#listeners.apply(this.#state);
        await this.#lookAtLogs();
      } catch (error) {
        note(messageOf(error));
      }
    }
    note(this.#isReplaced ? 'ending: another gateway took over' : 'ending');
    await this.#listeners.close(GRACE_MS);
  }

  /** Takes in the file when it changed, for changes that nobody told of. True when it has been gone for a while. */
  async #isForsaken(): Promise<boolean> {
    const { files, store, clock } = this.#deps;
    const bytes = await files.read(store.path);
    if (bytes === undefined) {
      this.#missingSince ??= clock.now();
      return clock.now() - this.#missingSince >= FORSAKEN_MS;
    }
    this.#missingSince = undefined;
    if (this.#seen && Buffer.compare(bytes, this.#seen) === 0) return false;
    this.#seen = bytes;
    // A file that somebody broke leaves in force what was: it is noted, and the steps refuse it.
    const state = parseState(bytes, store.path);
    this.#isReplaced = !isSame(state.gateway, this.#deps.me);
    this.take(state);
    await this.#listeners.apply(this.#state);
    return false;
  }

  async #lookAtLogs(): Promise<void> {
    const now = this.#deps.clock.now();
    if (now - this.#logsLookedAt < LOG_CHECK_MS) return;
    this.#logsLookedAt = now;
    await capLogs(this.#deps.stateDir);
  }
}

function isSame(a: ProcessRef | null, b: ProcessRef): boolean {
  return a?.pid === b.pid && a.start === b.start;
}
