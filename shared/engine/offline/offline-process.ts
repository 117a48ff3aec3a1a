import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { GateFailure, Interrupted, messageOf, ProviderError } from '../../errors.ts';
import type { ApplicationAnswer, ApplicationRequest, EnginePackage } from '../../ports/engine.ts';
import { pathAndHome, type ServerTools } from '../package-server.ts';
import { packagedEnv } from '../serve-plan.ts';
import { Frames } from './frames.ts';

export interface OfflineTools extends ServerTools {
  /** Folder of the suite's Python files. */
  readonly pythonDir: string;
}

export interface ProcessOptions {
  readonly signal: AbortSignal;
  readonly progress: (line: string) => void;
}

const SHOWN_LINES = 20;
const KEPT_LINES = 200;
/** Longer than any portfolio takes. */
const LONGEST_MS = 24 * 3_600_000;

/** One process with a packaged application in it, until it is stopped. */
export class OfflineProcess {
  readonly #pkg: EnginePackage;
  readonly #stop = new AbortController();
  readonly #log: string[] = [];
  readonly #frames: Promise<Frames>;
  #ended: Promise<void> = Promise.resolve();

  constructor(tools: OfflineTools, python: string, pkg: EnginePackage, options: ProcessOptions) {
    this.#pkg = pkg;
    this.#frames = this.#start(tools, python, options);
    this.#frames.catch(() => undefined);
  }

  /** Resolves once the application is there. @throws GateFailure PACKAGE-DOES-NOT-SERVE, Interrupted */
  async loaded(): Promise<void> {
    await this.#frames;
  }

  /** @throws ProviderError ENDPOINT-DROPPED, Interrupted */
  async ask(request: ApplicationRequest): Promise<ApplicationAnswer> {
    try {
      const frames = await this.#frames;
      const { method, path, headers } = request;
      frames.send({ method, path, headers }, request.body);
      const { head, body } = await frames.next();
      return { status: Number(head.status), headers: head.headers as ApplicationAnswer['headers'], body };
    } catch (error) {
      throw this.#dropped(error);
    }
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#frames.then(
      (frames) => frames.close(),
      () => undefined,
    );
    await this.#ended;
  }

  /** Starts the process and waits until it has loaded the application. The folder of the socket is gone after that. */
  async #start(tools: OfflineTools, python: string, { signal, progress }: ProcessOptions): Promise<Frames> {
    const work = await tools.files.tempDir('haute-offline-');
    try {
      const path = join(work, 'socket');
      const { connected, close } = await listen(path);
      const stopped = AbortSignal.any([signal, this.#stop.signal]);
      try {
        this.#ended = this.#run(tools, python, path, stopped, progress);
        const early = this.#ended.then(() => 'it ends at once' as const);
        const late = tools.clock.sleep(tools.timeouts.start, stopped).then(
          () => 'it takes too long' as const,
          () => 'it was stopped' as const,
        );
        const first = await Promise.race([connected.then((socket) => new Frames(socket)), early, late]);
        if (stopped.aborted) throw new Interrupted();
        if (typeof first === 'string') throw this.#doesNotLoad(first);
        const ready = await Promise.race([first.next().catch(() => 'it ends' as const), early, late]);
        if (stopped.aborted) throw new Interrupted();
        if (typeof ready === 'string') throw this.#doesNotLoad(ready);
        return first;
      } catch (error) {
        this.#stop.abort();
        throw error;
      } finally {
        close();
      }
    } finally {
      await tools.files.remove(work);
    }
  }

  async #run(
    { exec, env, cacheDir, pythonDir }: OfflineTools,
    python: string,
    path: string,
    signal: AbortSignal,
    progress: (line: string) => void,
  ): Promise<void> {
    try {
      await exec.run({
        argv: [python, join(pythonDir, 'offline_application.py'), path],
        cwd: this.#pkg.dir,
        // As on a server: nothing else of the machine.
        env: { ...pathAndHome(env), ...packagedEnv(cacheDir) },
        timeoutMs: LONGEST_MS,
        signal,
        onLine: (line) => {
          this.#log.push(line);
          if (this.#log.length > KEPT_LINES) this.#log.shift();
          progress(line);
        },
      });
    } catch (error) {
      // Being stopped is how it is meant to end.
      if (!signal.aborted) this.#log.push(messageOf(error));
    }
  }

  #doesNotLoad(why: string): GateFailure {
    return new GateFailure({
      code: 'PACKAGE-DOES-NOT-SERVE',
      what: `the packaged application of ${this.#pkg.dir} cannot be loaded: ${why}${this.#lastLines()}`,
      fix: 'Look at what it last said; the same happens wherever the package is deployed',
    });
  }

  /** A batch may be too large for the memory: fewer rows may well be answered. */
  #dropped(error: unknown): ProviderError | Interrupted {
    if (error instanceof Interrupted) return error;
    const problem = {
      code: 'ENDPOINT-DROPPED',
      what: `the packaged application of ${this.#pkg.dir} ended in the middle of a request${this.#lastLines()}`,
      fix: 'Look at what it last said, and check that the machine has memory to spare',
    };
    return new ProviderError(problem, { retryable: true, cause: error });
  }

  #lastLines(): string {
    return this.#log.length === 0 ? '' : `\nIt last said:\n${this.#log.slice(-SHOWN_LINES).join('\n')}`;
  }
}

/** Waits for the one process that knows the path. */
function listen(path: string): Promise<{ readonly connected: Promise<Socket>; readonly close: () => void }> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    const connected = new Promise<Socket>((found) => server.once('connection', found));
    server.once('error', reject);
    server.listen(path, () => resolve({ connected, close: () => server.close() }));
  });
}
