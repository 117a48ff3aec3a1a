import type { Clock } from '../../../ports/clock.ts';
import type { Autoscaling } from '../../../release/deployment.ts';
import type { Processes } from '../process/processes.ts';
import type { DeploymentRecord, LastExit, ReplicaRecord } from '../state/schema.ts';
import { Demand } from './demand.ts';
import type { Launcher } from './launcher.ts';
import type { LiveDeployment } from './protocol.ts';
import type { Replica } from './replica.ts';
import { describeRunner } from './runner-status.ts';
import { Servers, type Setback } from './servers.ts';
import { Setbacks } from './setbacks.ts';
import { Waiters } from './waiters.ts';

export interface RunnerDeps {
  readonly launcher: Launcher;
  readonly processes: Processes;
  readonly clock: Clock;
  /** Writes what runs to the state, as it is at the moment of writing. */
  readonly persist: (now: () => Running) => Promise<void>;
  /** Asks for a tick soon. */
  readonly poke: () => void;
  readonly note: (line: string) => void;
}

export interface Running {
  readonly replicas: readonly ReplicaRecord[];
  readonly lastExit: LastExit | null;
}

export type Readiness = 'ready' | 'asleep' | 'down';

/** Keeps one deployment as it should be: so many servers, no fewer and no more. */
export class Runner {
  readonly id: string;
  readonly #deps: RunnerDeps;
  readonly #servers: Servers;
  readonly #demand: Demand;
  readonly #setbacks = new Setbacks();
  readonly #waiters = new Waiters();
  #deployment: DeploymentRecord;
  #lastExit: LastExit | null;
  #requests = 0;
  #serverErrors = 0;
  /** Ids of the servers as the state has them. */
  #persisted = '';

  /** @param adopted servers of it that still run from an earlier gateway */
  constructor(
    id: string,
    deployment: DeploymentRecord,
    settings: Autoscaling,
    adopted: readonly ReplicaRecord[],
    deps: RunnerDeps,
  ) {
    this.id = id;
    this.#deps = deps;
    this.#deployment = deployment;
    this.#lastExit = deployment.lastExit;
    this.#persisted = idsOf(deployment.replicas);
    this.#demand = new Demand(settings, adopted.length, deps.clock.now());
    const onReady = () => {
      this.#setbacks.cameUp();
      this.#waiters.settle('ready');
    };
    const onSetback = (setback: Setback) => this.#note(setback);
    this.#servers = new Servers(id, deployment, adopted, { ...deps, onReady, onSetback });
  }

  get deployment(): DeploymentRecord {
    return this.#deployment;
  }

  /** Resolves when what was adopted is known to answer, or not to. */
  get adopted(): Promise<void> {
    return this.#servers.adopted;
  }

  get isGone(): boolean {
    return this.#deployment.desired === 'deleted' && this.#servers.all.length === 0;
  }

  /** `down`: it should be able to answer and is not, for something went wrong. */
  get readiness(): Readiness {
    if (this.#servers.ready.length > 0) return 'ready';
    return this.#setbacks.areRecent(this.#deps.clock.now()) ? 'down' : 'asleep';
  }

  /** Takes in what the state now says of this deployment. */
  update(deployment: DeploymentRecord, settings: Autoscaling): void {
    const before = this.#deployment.desired;
    this.#deployment = deployment;
    this.#demand.change(settings);
    if (before === deployment.desired) return;
    if (deployment.desired === 'active') this.#setbacks.forget();
    else this.#waiters.settle('off');
  }

  /** Has at least so many replicas up, as a request would. */
  wake(replicas: number): void {
    if (this.#deployment.desired !== 'active') return;
    this.#demand.wake(replicas, this.#deps.clock.now());
    this.#deps.poke();
  }

  /** Lets the replicas go that need not be: the next request wakes it. */
  sleep(): void {
    this.#demand.sleep();
  }

  /** A request for this deployment has come in; it counts as load until the function returned is called. */
  enter(): () => void {
    this.#requests += 1;
    return this.#demand.enter(this.#deps.clock);
  }

  /** The replica to ask; undefined when none is ready. */
  borrow(): Replica | undefined {
    return this.#servers.leastBusy();
  }

  /** Waits until a replica is ready, waking one. */
  async untilReady(signal: AbortSignal): Promise<'ready' | 'off' | 'failed' | 'aborted'> {
    if (this.#servers.ready.length > 0) return 'ready';
    if (this.#deployment.desired !== 'active') return 'off';
    if (this.#setbacks.isHopeless) return 'failed';
    this.wake(1);
    return this.#waiters.wait(signal);
  }

  /** Notes how a request went. */
  answered(replica: Replica, status: number): void {
    replica.lastAnswerAt = this.#deps.clock.now();
    replica.failedProbes = 0;
    if (status >= 500) this.#serverErrors += 1;
  }

  suspect(replica: Replica): void {
    this.#servers.suspect(replica, this.#deployment);
  }

  live(): LiveDeployment {
    const { all, ready, kept } = this.#servers;
    const { desired, deployer } = this.#deployment;
    const facts = {
      desired,
      replicas: all.length,
      ready: ready.length,
      starting: kept.length - ready.length,
      wanted: this.#wanted(),
      failures: this.#setbacks.failedStarts,
      isTroubled: this.#setbacks.areRecent(this.#deps.clock.now()),
      unwell: ready.length > 0 && ready.every(({ failedProbes }) => failedProbes > 0),
      deploying: deployer !== null,
    };
    return {
      ...describeRunner(facts),
      ready: facts.ready,
      wanted: facts.wanted,
      failures: facts.failures,
      inFlight: this.#demand.inFlight,
      requests: this.#requests,
      serverErrors: this.#serverErrors,
    };
  }

  /** Brings what runs nearer to what should run. Called again and again, one call at a time. */
  async tick(): Promise<void> {
    const { clock } = this.#deps;
    await this.#servers.buryDead();
    this.#demand.scale(clock.now());
    const wanted = this.#wanted();
    const { kept } = this.#servers;
    // Those that are not ready yet go first, then the youngest.
    const byWorth = kept.toSorted((a, b) => Number(b.phase === 'ready') - Number(a.phase === 'ready'));
    for (const replica of byWorth.slice(wanted)) this.#servers.drain(replica);
    if (kept.length < wanted && this.#setbacks.mayStart(clock.now())) await this.#servers.start(this.#deployment);
    this.#servers.endDrained(clock.now());
    this.#servers.probe(this.#deployment, clock.now());
    await this.#persist(false);
  }

  /** Ends all servers, whatever they do. */
  endAll(graceMs: number): Promise<void> {
    return this.#servers.endAll(graceMs);
  }

  #wanted(): number {
    if (this.#deployment.desired !== 'active') return 0;
    // A deployment that has not answered yet is not idle: it has not been asked.
    return Math.max(this.#demand.wanted, this.#deployment.deployer === null ? 0 : 1);
  }

  async #note({ kind, code, reason }: Setback): Promise<void> {
    const { clock, note } = this.#deps;
    const now = clock.now();
    if (kind === 'start') this.#setbacks.startFailed(now);
    else this.#setbacks.crashed(now);
    this.#lastExit = { at: new Date(now).toISOString(), code, reason };
    note(`${this.id}: ${reason}`);
    if (this.#setbacks.isHopeless) this.#waiters.settle('failed');
    await this.#persist(true);
  }

  /** A failure to write is made good at a later tick: what is not written counts as not persisted. */
  async #persist(always: boolean): Promise<void> {
    const records = () => this.#servers.all.map(({ record }) => record);
    const ids = idsOf(records());
    if (!always && ids === this.#persisted) return;
    await this.#deps.persist(() => ({ replicas: records(), lastExit: this.#lastExit }));
    this.#persisted = ids;
  }
}

function idsOf(replicas: readonly ReplicaRecord[]): string {
  return replicas.map(({ id }) => id).join();
}
