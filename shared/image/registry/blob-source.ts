import { createHash, type Hash } from 'node:crypto';
import { ProviderError } from '../../errors.ts';
import type { BlobSource } from '../../ports/registry.ts';
import type { WireBody } from './wire.ts';

/**
 * A blob on its way out. Its bytes are hashed as they pass, each once however often it is sent, and the last of them
 * leaves only when all of them have the digest that they should have: a file that changed meanwhile is never stored.
 */
export class OutgoingBlob {
  readonly #source: BlobSource;
  readonly #progress: (at: number) => void;
  readonly #hash: Hash = createHash('sha256');
  #hashed = 0;
  #sent = 0;
  #isRight = false;

  constructor(source: BlobSource, progress: (at: number) => void = () => undefined) {
    this.#source = source;
    this.#progress = progress;
  }

  /** Bytes that were handed to the network, those that had to be sent again included. */
  get sent(): number {
    return this.#sent;
  }

  /** Bytes from the start that were sent at least once: a registry cannot have more. */
  get reached(): number {
    return this.#hashed;
  }

  /** The bytes from `from` up to and not including `to`, read anew each time they are opened. */
  part(from: number, to: number): WireBody {
    return { length: to - from, open: () => this.#read(from, to) };
  }

  async *#read(from: number, to: number): AsyncGenerator<Uint8Array> {
    let at = from;
    let held: Uint8Array | undefined;
    for await (const piece of this.#source.open(from)) {
      const rest = to - at;
      // Before what is held goes out: with the last of its bytes a registry takes a blob for whole.
      if (piece.length > rest && to === this.#source.size) throw this.#changed('is longer than it was');
      if (held !== undefined) yield this.#hand(held, at);
      held = piece.length > rest ? piece.subarray(0, rest) : piece;
      this.#add(held, at);
      at += held.length;
      if (at === to && to < this.#source.size) break;
    }
    if (at < to) throw this.#changed(`ends after ${at} of ${this.#source.size} bytes`);
    if (to === this.#source.size) this.#checkDigest();
    if (held !== undefined) yield this.#hand(held, at);
  }

  #hand(piece: Uint8Array, at: number): Uint8Array {
    this.#sent += piece.length;
    this.#progress(at);
    return piece;
  }

  #add(piece: Uint8Array, at: number): void {
    const known = this.#hashed - at;
    if (known < 0 || known >= piece.length) return;
    this.#hash.update(piece.subarray(known));
    this.#hashed = at + piece.length;
  }

  #checkDigest(): void {
    if (this.#isRight) return;
    if (`sha256:${this.#hash.copy().digest('hex')}` !== this.#source.digest) throw this.#changed('has another digest');
    this.#isRight = true;
  }

  #changed(how: string): ProviderError {
    return new ProviderError({
      code: 'REGISTRY-SOURCE-CHANGED',
      what: `content changed while it was sent: ${this.#source.digest} ${how}`,
      fix: 'Run the step again, and let nothing write to its files meanwhile',
    });
  }
}
