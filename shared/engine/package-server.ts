import { randomUUID } from 'node:crypto';
import { GateFailure, Interrupted } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { ServePlan } from '../ports/engine.ts';
import type { EngineTools } from './tools.ts';

export interface ServerTools extends Pick<EngineTools, 'exec' | 'files' | 'env' | 'cacheDir' | 'timeouts'> {
  readonly clock: Clock;
}

const LISTENING = /^haute-release listening on 127\.0\.0\.1:(\d+)$/;
const SHOWN_LINES = 20;
const KEPT_LINES = 200;

/** A packaged application that runs as its plan says, on a free port, until it is stopped. */
export class PackageServer {
  /** What it was told that its release and deployment are. */
  readonly nonce: string = randomUUID();
  readonly #signal: AbortSignal;
  readonly #stop = new AbortController();
  readonly #log: string[] = [];
  readonly #ended: Promise<void>;
  readonly #port: Promise<number | undefined>;
  hasEnded = false;

  constructor({ exec, env, timeouts, clock }: ServerTools, plan: ServePlan, signal: AbortSignal) {
    this.#signal = signal;
    let listening: (port: number) => void = () => {};
    const port = new Promise<number>((resolve) => {
      listening = resolve;
    });
    const [program = '', ...args] = plan.argv.map((part) => part.replace('{port}', '0'));
    this.#ended = exec
      .run({
        argv: [program, ...args],
        cwd: plan.cwd,
        // Nothing else of the machine: the plan says that it is complete.
        env: { ...pathAndHome(env), ...plan.env, HAUTE_RELEASE_ID: this.nonce, HAUTE_DEPLOYMENT_ID: this.nonce },
        timeoutMs: LONGEST_MS,
        signal: AbortSignal.any([signal, this.#stop.signal]),
        onLine: (line) => {
          this.#log.push(line);
          if (this.#log.length > KEPT_LINES) this.#log.shift();
          const [, found] = LISTENING.exec(line) ?? [];
          if (found !== undefined) listening(Number(found));
        },
      })
      .then(
        () => {},
        (error: unknown) => {
          // Being stopped is how it is meant to end.
          if (!this.#stop.signal.aborted) this.#log.push(String(error));
        },
      )
      .then(() => {
        this.hasEnded = true;
      });
    const late = clock.sleep(timeouts.start, this.#stop.signal).then(nothing, nothing);
    this.#port = Promise.race([port, this.#ended.then(nothing), late]);
  }

  /** Its address, once it has one. @throws GateFailure PACKAGE-DOES-NOT-SERVE */
  async started(): Promise<string> {
    const port = await this.#port;
    if (this.#signal.aborted) throw new Interrupted();
    if (port === undefined) throw this.doesNotServe(this.hasEnded ? 'it ends at once' : 'it does not listen');
    return `http://127.0.0.1:${port}`;
  }

  doesNotServe(why: string): GateFailure {
    return new GateFailure({
      code: 'PACKAGE-DOES-NOT-SERVE',
      what: `the packaged application does not serve: ${why}${this.lastLines()}`,
      fix: 'Look at what it last said; the same happens wherever the package is deployed',
    });
  }

  /** The end of its log, for a message. */
  lastLines(): string {
    return this.#log.length === 0 ? '' : `\nIt last said:\n${this.#log.slice(-SHOWN_LINES).join('\n')}`;
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#ended;
  }
}

const nothing = () => undefined;

/** Longer than any acceptance takes. */
const LONGEST_MS = 24 * 3_600_000;

/** What of the machine's environment a packaged application gets. */
export function pathAndHome(env: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => name === 'PATH' || name === 'HOME'));
}
