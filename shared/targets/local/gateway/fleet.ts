import { messageOf } from '../../../errors.ts';
import type { Clock } from '../../../ports/clock.ts';
import { PLACE_MARK, placeMark, REPLICA_MARK } from '../paths.ts';
import { endProcess } from '../process/end-process.ts';
import type { Processes } from '../process/processes.ts';
import { applyDue, hasDue, withDeleted, withDeployment, withoutDeployment } from '../state/housekeeping.ts';
import type { DeploymentRecord, LocalState, ReplicaRecord } from '../state/schema.ts';
import { ALONE, effectiveAutoscaling } from '../state/standing.ts';
import type { Change, StateStore } from '../state/store.ts';
import type { Launcher } from './launcher.ts';
import type { LiveDeployment } from './protocol.ts';
import { Runner } from './runner.ts';

export interface FleetDeps {
  readonly stateDir: string;
  readonly store: StateStore;
  readonly launcher: Launcher;
  readonly processes: Processes;
  readonly clock: Clock;
  /** Takes in a state that the fleet itself wrote. */
  readonly take: (state: LocalState) => void;
  readonly poke: () => void;
  readonly note: (line: string) => void;
}

const LAST_GRACE_MS = 2_000;
const ADOPTION_MS = 1_000;

/** All deployments of the project: what the state asks for, made so. */
export class Fleet {
  readonly #deps: FleetDeps;
  readonly #runners = new Map<string, Runner>();
  #state: LocalState;

  private constructor(state: LocalState, deps: FleetDeps) {
    this.#state = state;
    this.#deps = deps;
  }

  /** Takes over what an earlier gateway left running, and ends servers of ours that nobody remembers. */
  static async adopt(state: LocalState, deps: FleetDeps): Promise<Fleet> {
    const fleet = new Fleet(state, deps);
    const running = new Set<string>();
    for (const [id, deployment] of Object.entries(state.deployments)) {
      const found = await alive(deployment.replicas, deps.processes);
      for (const replica of found) running.add(replica.id);
      fleet.#add(id, deployment, found);
    }
    await fleet.#endLost();
    await deps.launcher.tidy(running);
    // What serves is known before the first request comes, unless it takes its time.
    const answered = Promise.all([...fleet.#runners.values()].map((runner) => runner.adopted));
    const enough = new AbortController();
    await Promise.race([answered, deps.clock.sleep(ADOPTION_MS, enough.signal).catch(() => {})]);
    enough.abort();
    return fleet;
  }

  runner(id: string): Runner | undefined {
    return this.#runners.get(id);
  }

  /** Takes in a new state. */
  apply(state: LocalState): void {
    this.#state = state;
    for (const [id, deployment] of Object.entries(state.deployments)) {
      const runner = this.#runners.get(id);
      if (runner) runner.update(deployment, effectiveAutoscaling(state, id));
      else this.#add(id, deployment, []);
    }
    for (const [id, runner] of this.#runners) {
      // A state from which somebody took it: it goes as if it had been removed.
      if (!(id in state.deployments)) runner.update({ ...runner.deployment, desired: 'deleted' }, ALONE);
    }
  }

  live(): Readonly<Record<string, LiveDeployment>> {
    return Object.fromEntries([...this.#runners].map(([id, runner]) => [id, runner.live()]));
  }

  async tick(): Promise<void> {
    await Promise.all([...this.#runners.values()].map((runner) => this.#tick(runner)));
    await this.#guarded('forgetting what was removed', () => this.#forgetGone());
    await this.#guarded('removing what was left half-deployed', () => this.#removeAbandoned());
    await this.#guarded('retiring what served before', () => this.#retire());
  }

  /** Ends every server. */
  async endAll(): Promise<void> {
    await Promise.all([...this.#runners.values()].map((runner) => runner.endAll(LAST_GRACE_MS)));
  }

  /** Servers that a gateway started and died before it could write them down. */
  async #endLost(): Promise<void> {
    const { processes, clock, stateDir } = this.#deps;
    const records = Object.values(this.#state.deployments).flatMap(({ replicas }) => replicas);
    const known = new Set(records.map(({ id }) => id));
    const ours = await processes.marked(PLACE_MARK, placeMark(stateDir), REPLICA_MARK);
    const lost = ours.filter(({ also }) => also !== undefined && !known.has(also));
    await Promise.all(lost.map((process) => endProcess(process, { processes, clock, graceMs: 0 })));
  }

  #tick(runner: Runner): Promise<void> {
    return this.#guarded(runner.id, () => runner.tick());
  }

  /** A full disk, or a broken state, must not stop what serves: it is noted, and tried again. */
  async #guarded(what: string, work: () => Promise<void>): Promise<void> {
    await work().catch((error: unknown) => this.#deps.note(`${what}: ${messageOf(error)}`));
  }

  async #change(change: Change): Promise<void> {
    this.#deps.take(await this.#deps.store.update(change));
  }

  #add(id: string, deployment: DeploymentRecord, adopted: readonly ReplicaRecord[]): void {
    const { store, take: _, ...deps } = this.#deps;
    const persist = async (now: () => Pick<DeploymentRecord, 'replicas' | 'lastExit'>) => {
      await store.update((state) => withDeployment(state, id, (each) => ({ ...each, ...now() })));
    };
    this.#runners.set(
      id,
      new Runner(id, deployment, effectiveAutoscaling(this.#state, id), adopted, { ...deps, persist }),
    );
  }

  async #forgetGone(): Promise<void> {
    for (const [id, runner] of this.#runners) {
      if (!runner.isGone) continue;
      await this.#change((state) =>
        state.deployments[id]?.desired === 'deleted' ? withoutDeployment(state, id) : undefined,
      );
      this.#runners.delete(id);
    }
  }

  /** A step that died while it deployed: what it began is taken away. */
  async #removeAbandoned(): Promise<void> {
    for (const [id, { deployer, desired }] of Object.entries(this.#state.deployments)) {
      if (deployer === null || desired === 'deleted' || (await this.#deps.processes.isAlive(deployer))) continue;
      this.#deps.note(`${id}: the step that deployed it is gone; it is removed`);
      await this.#change((state) =>
        state.deployments[id]?.deployer?.pid === deployer.pid ? withDeleted(state, id) : undefined,
      );
    }
  }

  async #retire(): Promise<void> {
    const now = this.#deps.clock.now();
    if (!hasDue(this.#state, now)) return;
    let asleep: readonly string[] = [];
    await this.#change((state) => {
      const applied = applyDue(state, now);
      asleep = applied.asleep;
      return applied.state;
    });
    for (const id of asleep) this.#runners.get(id)?.sleep();
  }
}

async function alive(replicas: readonly ReplicaRecord[], processes: Processes): Promise<readonly ReplicaRecord[]> {
  const flags = await Promise.all(replicas.map((replica) => processes.isAlive(replica)));
  return replicas.filter((_, index) => flags[index]);
}
