import { growingInts } from '../numbers/growing.ts';
import { floatsOf, upTo } from '../numbers/typed.ts';

const CHUNK_BYTES = 1 << 20;

/** The keys of all rows, as UTF-8 in a few large blocks: a string object for each would take several times the memory. */
export class KeyColumn {
  readonly #encoder = new TextEncoder();
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  readonly #chunks: Uint8Array[] = [];
  readonly #chunkOf = growingInts();
  readonly #starts = growingInts();
  readonly #ends = growingInts();
  #used = CHUNK_BYTES;

  get length(): number {
    return this.#starts.length;
  }

  /** @param key undefined for a row without one */
  push(key: string | undefined): void {
    if (key === undefined) {
      this.#note(0, 0, 0);
      return;
    }
    const most = key.length * 3;
    if (this.#chunks.length === 0 || this.#used + most > (this.#chunks.at(-1)?.length ?? 0)) {
      this.#chunks.push(new Uint8Array(Math.max(CHUNK_BYTES, most)));
      this.#used = 0;
    }
    const { written } = this.#encoder.encodeInto(key, (this.#chunks.at(-1) as Uint8Array).subarray(this.#used));
    this.#note(this.#chunks.length - 1, this.#used, this.#used + written);
    this.#used += written;
  }

  /** Undefined for a row without a key. */
  at(index: number): string | undefined {
    const bytes = this.#bytes(index);
    return bytes.length === 0 ? undefined : this.#decoder.decode(bytes);
  }

  /** The rows whose key some other row has too, ascending. */
  repeated(): readonly number[] {
    const hashes = floatsOf(upTo(this.length), (row) => hash(this.#bytes(row)));
    const twice = new Set<number>();
    const sorted = hashes.slice().sort();
    for (let at = 1; at < sorted.length; at++) {
      const value = sorted[at] as number;
      if (value === sorted[at - 1] && value !== NO_KEY) twice.add(value);
    }
    if (twice.size === 0) return [];
    const rowsOf = new Map<string, number[]>();
    hashes.forEach((value, index) => {
      if (!twice.has(value)) return;
      const key = this.at(index) as string;
      const rows = rowsOf.get(key);
      if (rows) rows.push(index);
      else rowsOf.set(key, [index]);
    });
    return [...rowsOf.values()]
      .filter((rows) => rows.length > 1)
      .flat()
      .sort((a, b) => a - b);
  }

  #note(chunk: number, start: number, end: number): void {
    this.#chunkOf.push(chunk);
    this.#starts.push(start);
    this.#ends.push(end);
  }

  #bytes(index: number): Uint8Array {
    return (this.#chunks[this.#chunkOf.at(index)] ?? new Uint8Array()).subarray(
      this.#starts.at(index),
      this.#ends.at(index),
    );
  }
}

const NO_KEY = -1;

/** 52 bits of two FNV-1a hashes. Equal keys have equal hashes; the few equal hashes are looked at as text. */
function hash(bytes: Uint8Array): number {
  if (bytes.length === 0) return NO_KEY;
  let a = 0x811c_9dc5;
  let b = 0x1234_5678;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] as number;
    a = Math.imul(a ^ byte, 0x0100_0193);
    b = Math.imul(b ^ byte, 0x0100_0193) ^ (b >>> 15);
  }
  return (a >>> 0) * 2 ** 20 + (b & 0xf_ffff);
}
