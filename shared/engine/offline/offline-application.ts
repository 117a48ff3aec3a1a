import { Interrupted } from '../../errors.ts';
import type { ApplicationAnswer, ApplicationRequest, EnginePackage, LoadedApplication } from '../../ports/engine.ts';
import { OfflineProcess, type OfflineTools, type ProcessOptions } from './offline-process.ts';

/** A packaged application that is asked one request after the other, in a process that is started when there is none. */
export class OfflineApplication implements LoadedApplication {
  readonly #start: () => OfflineProcess;
  #process: OfflineProcess | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(tools: OfflineTools, python: string, pkg: EnginePackage, options: ProcessOptions) {
    this.#start = () => new OfflineProcess(tools, python, pkg, options);
  }

  /** Starts it, so that one that cannot be loaded is known before it is asked. @throws GateFailure PACKAGE-DOES-NOT-SERVE, Interrupted */
  async load(): Promise<this> {
    this.#process ??= this.#start();
    try {
      await this.#process.loaded();
      return this;
    } catch (error) {
      await this.#end();
      throw error;
    }
  }

  ask(request: ApplicationRequest, signal: AbortSignal): Promise<ApplicationAnswer> {
    const answer = this.#turn.then(() => this.#askNow(request, signal));
    this.#turn = answer.catch(() => undefined);
    return orAborted(answer, signal);
  }

  async close(): Promise<void> {
    await this.#end();
  }

  async #askNow(request: ApplicationRequest, signal: AbortSignal): Promise<ApplicationAnswer> {
    if (signal.aborted) throw new Interrupted();
    this.#process ??= this.#start();
    try {
      return await orAborted(this.#process.ask(request), signal);
    } catch (error) {
      // What it is at cannot be broken off, and what comes after a failure cannot be trusted to be the next answer.
      await this.#end();
      throw error;
    }
  }

  async #end(): Promise<void> {
    const ending = this.#process;
    this.#process = undefined;
    await ending?.stop();
  }
}

async function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  promise.catch(() => undefined);
  let abort: () => void = () => undefined;
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(new Interrupted());
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
