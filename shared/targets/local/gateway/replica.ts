import { Agent } from 'node:http';
import type { ReplicaRecord } from '../state/schema.ts';

/** Shorter than a server keeps an idle connection (uvicorn: 5 s), so that ours is the side that closes it. */
const IDLE_SOCKET_MS = 3_000;

/** Where there is no /proc, each look starts a program. */
const LOOK_EVERY_MS = 500;

export type ReplicaPhase = 'starting' | 'ready' | 'draining';

/** How a server process ended; a signal has no code. */
export interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
}

/** One server process of a deployment, as the gateway sees it. */
export class Replica {
  readonly record: ReplicaRecord;
  /** Connections kept open between requests. */
  readonly agent = new Agent({ keepAlive: true, timeout: IDLE_SOCKET_MS, scheduling: 'lifo' });
  phase: ReplicaPhase = 'starting';
  /** Known only for children of this gateway. */
  ended: Ended | undefined;
  inFlight = 0;
  /** Milliseconds since the epoch. */
  readySince = 0;
  lastAnswerAt = 0;
  failedProbes = 0;
  /** Requests in a row that it did not answer: the next ones come on connections of their own. */
  failedAttempts = 0;
  drainingSince = 0;
  lookedAt = 0;
  isEnding = false;
  readonly #isChild: boolean;

  /** @param isChild true when this gateway started it, and so is told when it ends */
  constructor(record: ReplicaRecord, isChild: boolean) {
    this.record = record;
    this.#isChild = isChild;
  }

  /** True when only the process table can tell whether it is alive, and it was not asked a moment ago. */
  mustBeLookedAt(now: number): boolean {
    if (this.#isChild || this.ended !== undefined || now - this.lookedAt < LOOK_EVERY_MS) return false;
    this.lookedAt = now;
    return true;
  }
}
