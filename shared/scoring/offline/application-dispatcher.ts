import { Dispatcher } from 'undici';
import { Interrupted, messageOf } from '../../errors.ts';
import type { ApplicationAnswer, LoadedApplication } from '../../ports/engine.ts';

/**
 * Hands HTTP requests to an application in a process instead of to a connection, so that everything above it is the
 * same for a served and a loaded package. Closes the application with itself.
 */
export class ApplicationDispatcher extends Dispatcher {
  readonly #application: LoadedApplication;

  constructor(application: LoadedApplication) {
    super();
    this.#application = application;
  }

  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    const stop = new AbortController();
    handler.onConnect?.((reason?: Error) => stop.abort(reason));
    this.#ask(options, stop.signal)
      .then(({ status, headers, body }) => {
        const raw = Object.entries(headers).flatMap(([name, value]) => [Buffer.from(name), Buffer.from(value)]);
        handler.onHeaders?.(status, raw, () => undefined, '');
        handler.onData?.(Buffer.from(body.buffer, body.byteOffset, body.byteLength));
        handler.onComplete?.([]);
      })
      .catch((error: unknown) => handler.onError?.(error instanceof Error ? error : new Error(messageOf(error))));
    return true;
  }

  override close(): Promise<void>;
  override close(callback: () => void): void;
  override close(callback?: () => void): Promise<void> | void {
    const closed = this.#application.close();
    if (callback === undefined) return closed;
    closed.then(callback, callback);
  }

  override destroy(): Promise<void> {
    return this.#application.close();
  }

  async #ask(options: Dispatcher.DispatchOptions, signal: AbortSignal): Promise<ApplicationAnswer> {
    if (signal.aborted) throw new Interrupted();
    const headers = options.headers as Readonly<Record<string, string>>;
    const body = await bytesOf(options.body);
    return this.#application.ask({ method: options.method, path: options.path, headers, body }, signal);
  }
}

async function bytesOf(body: Dispatcher.DispatchOptions['body']): Promise<Uint8Array> {
  if (body === undefined || body === null) return new Uint8Array();
  if (typeof body === 'string') return Buffer.from(body);
  if (body instanceof Uint8Array) return body;
  const chunks: Uint8Array[] = [];
  for await (const chunk of body as AsyncIterable<Uint8Array>) chunks.push(chunk);
  return Buffer.concat(chunks);
}
