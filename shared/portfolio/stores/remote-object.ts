import { digestOf } from '../../release/digest.ts';
import type { RemoteFile } from '../file-source.ts';
import { changed } from '../portfolio-errors.ts';
import type { ObjectStore, ObjectVersion } from './object-store.ts';

/** Bytes of a request when a file is read from its beginning to its end. */
const STREAM_BYTES = 4 << 20;
/** Requests for the parts to come while one is being used. */
const AHEAD = 2;
/** Bytes that are read at least by position: small columns lie side by side, and one request then does for many. */
const LEAST_BYTES = 1 << 20;
/** Parts kept for what lies beside them. */
const KEPT_PARTS = 12;

interface Part {
  readonly start: number;
  readonly bytes: Promise<Uint8Array>;
  readonly end: number;
}

/** One version of an object as a file. Nothing else is ever read: when the object changes, reading fails. */
export class RemoteObject implements RemoteFile {
  readonly bytes;
  readonly digest;
  readonly version;
  readonly #store: ObjectStore;
  readonly #key: string;
  readonly #name: string;
  readonly #pin: string;
  readonly #signal: AbortSignal;
  #parts: readonly Part[] = [];

  /** @param name for messages @param signal ends what is read by position */
  constructor(store: ObjectStore, key: string, name: string, object: ObjectVersion, signal: AbortSignal) {
    this.#store = store;
    this.#key = key;
    this.#name = name;
    this.#pin = object.pin;
    this.#signal = signal;
    this.bytes = object.bytes;
    this.digest = object.sha256 ?? digestOf(object.name);
    this.version = object.sha256 === undefined ? object.name : undefined;
  }

  async slice(start: number, end: number): Promise<ArrayBuffer> {
    const last = Math.min(end, this.bytes);
    if (start >= last) return new ArrayBuffer(0);
    const part = this.#parts.find((each) => each.start <= start && last <= each.end) ?? this.#readPart(start, last);
    // A copy of its own: a Buffer's own slice would be a window on a larger one.
    const bytes = new Uint8Array(last - start);
    bytes.set((await part.bytes).subarray(start - part.start, last - part.start));
    return bytes.buffer;
  }

  async *stream(signal: AbortSignal): AsyncGenerator<Uint8Array> {
    const stop = new AbortController();
    const both = AbortSignal.any([signal, stop.signal]);
    const coming: Promise<Uint8Array>[] = [];
    let at = 0;
    try {
      while (at < this.bytes || coming.length > 0) {
        while (at < this.bytes && coming.length < AHEAD) {
          const end = Math.min(at + STREAM_BYTES, this.bytes);
          coming.push(quietly(this.#read(at, end, both)));
          at = end;
        }
        const next = coming.shift();
        if (next) yield await next;
      }
    } finally {
      stop.abort();
    }
  }

  /** Kept only where it is more than was asked for. */
  #readPart(start: number, end: number): Part {
    const wide = Math.min(Math.max(end, start + LEAST_BYTES), this.bytes);
    const part = { start, end: wide, bytes: quietly(this.#read(start, wide, this.#signal)) };
    if (wide > end) {
      this.#parts = [...this.#parts.slice(1 - KEPT_PARTS), part];
      part.bytes.catch(() => {
        this.#parts = this.#parts.filter((each) => each !== part);
      });
    }
    return part;
  }

  async #read(start: number, end: number, signal: AbortSignal): Promise<Uint8Array> {
    const bytes = await this.#store.read(this.#key, this.#pin, start, end, signal);
    if (bytes === undefined) throw changed(this.#name);
    return bytes;
  }
}

/** A failure is met when its turn comes; until then it must not end the process. */
function quietly<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}
