import { messageOf } from '../../../errors.ts';
import type { Clock } from '../../../ports/clock.ts';
import { expectedOf, healthProblem } from '../identity.ts';
import { REPLICA_MARK } from '../paths.ts';
import { HOST } from '../ports.ts';
import { endProcess } from '../process/end-process.ts';
import type { Processes } from '../process/processes.ts';
import type { DeploymentRecord, ReplicaRecord } from '../state/schema.ts';
import { type Launcher, startProblem } from './launcher.ts';
import { type Ended, Replica } from './replica.ts';

const GRACE_MS = 10_000;
const LONGEST_DRAIN_MS = 60_000;
const PROBE_EVERY_MS = 5_000;
const PROBE_TIMEOUT_MS = 10_000;
const FAILED_PROBES = 3;

/** A server that did not come up, or was up and ended, or stopped answering. */
export interface Setback {
  readonly kind: 'start' | 'crash';
  /** Exit code, where there is one and it is known. */
  readonly code: number | null;
  readonly reason: string;
}

export interface ServersDeps {
  readonly launcher: Launcher;
  readonly processes: Processes;
  readonly clock: Clock;
  /** Something changed in who runs: a tick should come soon. */
  readonly poke: () => void;
  readonly note: (line: string) => void;
  readonly onReady: () => void;
  readonly onSetback: (setback: Setback) => Promise<void>;
}

/** The server processes of one deployment: started, watched, drained and ended. How many there should be is not theirs to know. */
export class Servers {
  /** Resolves when each adopted process has answered, or is found not to. */
  readonly adopted: Promise<void>;
  readonly #id: string;
  readonly #deps: ServersDeps;
  #all: readonly Replica[];
  #turn = 0;

  /** @param adopted processes that an earlier gateway started and that still run */
  constructor(id: string, deployment: DeploymentRecord, adopted: readonly ReplicaRecord[], deps: ServersDeps) {
    this.#id = id;
    this.#deps = deps;
    this.#all = adopted.map((record) => new Replica(record, false));
    const looked = this.#all.map((replica) => this.#awaitReady(replica, deployment));
    this.adopted = Promise.all(looked).then(() => {});
  }

  get all(): readonly Replica[] {
    return this.#all;
  }

  get ready(): readonly Replica[] {
    return this.#all.filter(({ phase }) => phase === 'ready');
  }

  /** Those that are not on their way out. */
  get kept(): readonly Replica[] {
    return this.#all.filter(({ phase }) => phase !== 'draining');
  }

  /** The ready one with the fewest requests in flight, among equals in turn; undefined when there is none. */
  leastBusy(): Replica | undefined {
    const ready = this.ready;
    this.#turn = (this.#turn + 1) % Math.max(ready.length, 1);
    const inTurn = [...ready.slice(this.#turn), ...ready.slice(0, this.#turn)];
    return inTurn.reduce<Replica | undefined>(
      (best, each) => (best && best.inFlight <= each.inFlight ? best : each),
      undefined,
    );
  }

  async start(deployment: DeploymentRecord): Promise<void> {
    const { launcher, note, poke, onSetback } = this.#deps;
    try {
      const replica = await launcher.start(this.#id, deployment, poke);
      this.#all = [...this.#all, replica];
      note(`${this.#id}: server ${replica.record.pid} started on port ${replica.record.port}`);
      this.#awaitReady(replica, deployment);
    } catch (error) {
      await onSetback({ kind: 'start', code: null, reason: startProblem(error) });
    }
  }

  /** A request found this one not answering: it gets no more until it has shown that it is well. */
  suspect(replica: Replica, deployment: DeploymentRecord): void {
    if (replica.phase !== 'ready') return;
    replica.phase = 'starting';
    replica.lookedAt = 0;
    this.#awaitReady(replica, deployment);
    this.#deps.poke();
  }

  /** Takes those that have ended off the list. */
  async buryDead(): Promise<void> {
    const { processes, clock, onSetback } = this.#deps;
    for (const replica of this.#all) {
      const isGone =
        replica.ended !== undefined ||
        (replica.mustBeLookedAt(clock.now()) && !(await processes.isAlive(replica.record)));
      if (!isGone || !this.#all.includes(replica)) continue;
      const wasAsked = replica.phase === 'draining';
      this.#drop(replica);
      const kind = replica.readySince > 0 ? 'crash' : 'start';
      const setback = { kind, code: replica.ended?.code ?? null, reason: describeEnd(replica.ended) } as const;
      if (!wasAsked) await onSetback(setback);
    }
  }

  /** No new requests; it ends when those it has are answered. */
  drain(replica: Replica): void {
    replica.phase = 'draining';
    replica.drainingSince = this.#deps.clock.now();
  }

  endDrained(now: number): void {
    for (const replica of this.#all) {
      if (replica.phase !== 'draining' || replica.isEnding) continue;
      if (replica.inFlight > 0 && now - replica.drainingSince < LONGEST_DRAIN_MS) continue;
      replica.isEnding = true;
      this.#inBackground(() => this.#end(replica, GRACE_MS));
    }
  }

  /** Asks those that answered nobody for a while; one that runs and does not answer is given up. */
  probe(deployment: DeploymentRecord, now: number): void {
    for (const replica of this.ready) {
      if (now - replica.lastAnswerAt < PROBE_EVERY_MS) continue;
      replica.lastAnswerAt = now;
      this.#inBackground(() => this.#probeOne(replica, deployment));
    }
  }

  /** Ends all, whatever they do. */
  async endAll(graceMs: number): Promise<void> {
    await Promise.all(this.#all.map((replica) => this.#end(replica, graceMs)));
  }

  /** In the background: a server that takes long to start keeps nothing else waiting. */
  #awaitReady(replica: Replica, deployment: DeploymentRecord): Promise<void> {
    const { launcher, processes, clock, note, poke, onReady, onSetback } = this.#deps;
    return this.#inBackground(async () => {
      const problem = await launcher.untilReady(replica, this.#id, deployment);
      if (replica.phase !== 'starting') return;
      if (problem === undefined) {
        replica.phase = 'ready';
        replica.readySince ||= clock.now();
        replica.lastAnswerAt = clock.now();
        note(`${this.#id}: server ${replica.record.pid} is ready`);
        onReady();
      } else if (replica.ended === undefined && (await processes.isAlive(replica.record))) {
        this.#drop(replica);
        await onSetback({ kind: 'start', code: null, reason: problem });
      }
      poke();
    });
  }

  async #probeOne(replica: Replica, deployment: DeploymentRecord): Promise<void> {
    const url = `http://${HOST}:${replica.record.port}`;
    const problem = await healthProblem(url, expectedOf(this.#id, deployment), PROBE_TIMEOUT_MS);
    if (replica.phase !== 'ready') return;
    replica.failedProbes = problem === undefined ? 0 : replica.failedProbes + 1;
    if (replica.failedProbes < FAILED_PROBES) return;
    this.#drop(replica);
    await this.#deps.onSetback({ kind: 'crash', code: null, reason: `its server stopped answering: ${problem}` });
    this.#deps.poke();
  }

  /** Off the list at once, and ended whatever it does. */
  #drop(replica: Replica): void {
    this.#all = this.#all.filter((other) => other !== replica);
    replica.phase = 'draining';
    replica.agent.destroy();
    if (!replica.isEnding) this.#inBackground(() => this.#end(replica, 0));
    replica.isEnding = true;
  }

  async #end(replica: Replica, graceMs: number): Promise<void> {
    const { processes, clock, poke } = this.#deps;
    const ended = await endProcess(replica.record, { processes, clock, graceMs });
    // Its workers, when it died before them.
    const left = ended ? [] : await processes.marked(REPLICA_MARK, replica.record.id);
    await Promise.all(left.map((worker) => endProcess(worker, { processes, clock, graceMs: 0 })));
    poke();
  }

  /** Never rejects: nobody need wait for it. */
  #inBackground(work: () => Promise<void>): Promise<void> {
    return work().catch((error: unknown) => this.#deps.note(`${this.#id}: ${messageOf(error)}`));
  }
}

function describeEnd(ended: Ended | undefined): string {
  if (ended?.signal) return `its server was ended by ${ended.signal}`;
  return ended ? `its server ended with exit code ${ended.code}` : 'its server ended';
}
