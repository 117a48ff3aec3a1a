import type { RegistryCall } from '../../ports/registry.ts';
import type { Digest } from '../../release/digest.ts';

/** Blobs on their way at the same time. */
const AT_ONCE = 6;

type Send = (call: RegistryCall) => Promise<number>;

/**
 * Blobs on their way to the registry, while the next ones are being made. Each is sent once. The first that fails
 * ends the others.
 */
export class Uploads {
  readonly #stop = new AbortController();
  readonly #signal: AbortSignal;
  readonly #queue: (() => Promise<void>)[] = [];
  readonly #sent = new Map<Digest, number>();
  readonly #known = new Set<Digest>();
  readonly #running = new Set<Promise<void>>();
  #failure: { readonly error: unknown } | undefined;

  constructor(signal: AbortSignal) {
    this.#signal = AbortSignal.any([signal, this.#stop.signal]);
  }

  /** Ends with the first upload that fails: what is made meanwhile is of no use. */
  get signal(): AbortSignal {
    return this.#signal;
  }

  /** Why it failed, where it did. */
  get failure(): { readonly error: unknown } | undefined {
    return this.#failure;
  }

  add(digest: Digest, send: Send): void {
    if (this.#known.has(digest)) return;
    this.#known.add(digest);
    this.#queue.push(async () => {
      this.#sent.set(digest, await send({ signal: this.#signal }));
    });
    this.#next();
  }

  /** @returns of each blob the bytes that were sent. @throws what the first upload threw that failed */
  async all(): Promise<ReadonlyMap<Digest, number>> {
    while (this.#running.size > 0) await Promise.all(this.#running);
    if (this.#failure) throw this.#failure.error;
    return this.#sent;
  }

  /** Ends whatever is still on its way. */
  async close(): Promise<void> {
    this.#stop.abort();
    this.#queue.length = 0;
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  #next(): void {
    while (this.#running.size < AT_ONCE && !this.#failure) {
      const send = this.#queue.shift();
      if (!send) return;
      const running: Promise<void> = send().then(
        () => this.#ended(running),
        (error: unknown) => {
          this.#failure ??= { error };
          this.#stop.abort();
          this.#ended(running);
        },
      );
      this.#running.add(running);
    }
  }

  #ended(running: Promise<void>): void {
    this.#running.delete(running);
    this.#next();
  }
}
