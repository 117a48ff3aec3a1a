import { StringDecoder } from 'node:string_decoder';

/** Cuts a stream of bytes into lines (ended by LF, CRLF or CR), whatever the borders of its chunks. */
export class LineSplitter {
  readonly #decoder = new StringDecoder('utf8');
  readonly #onLine: (line: string) => void;
  readonly #maxChars: number;
  #pending = '';
  #skipping = false;

  /** A line of more than `maxChars` characters is told once, cut to that length, and its rest is dropped. */
  constructor(maxChars: number, onLine: (line: string) => void) {
    this.#maxChars = maxChars;
    this.#onLine = onLine;
  }

  push(chunk: Uint8Array): void {
    this.#take(this.#decoder.write(chunk));
  }

  /** Tells the last line, where it did not end in a line break. */
  end(): void {
    this.#take(this.#decoder.end());
    if (this.#pending !== '') this.#tell(this.#pending.replace(/\r$/, ''));
    this.#pending = '';
  }

  #take(text: string): void {
    // A CR at the very end may be the first half of CRLF: it waits for the next chunk.
    const lines = (this.#pending + text).split(/\r\n|\n|\r(?!$)/);
    this.#pending = lines.pop() ?? '';
    for (const line of lines) this.#tell(line);
    if (this.#pending.length <= this.#maxChars) return;
    this.#tell(this.#pending);
    this.#skipping = true;
    this.#pending = this.#pending.endsWith('\r') ? '\r' : '';
  }

  #tell(line: string): void {
    if (!this.#skipping) this.#onLine(line.slice(0, this.#maxChars));
    this.#skipping = false;
  }
}

/** Keeps the head and the tail of a stream of bytes, and counts what it drops between them. */
export class BoundedOutput {
  readonly #headBytes: number;
  readonly #tailBytes: number;
  #head: Uint8Array[] = [];
  #headSize = 0;
  #tail: Uint8Array[] = [];
  #tailSize = 0;
  #omitted = 0;

  constructor(maxBytes: number) {
    this.#headBytes = Math.ceil(maxBytes / 2);
    this.#tailBytes = Math.floor(maxBytes / 2);
  }

  push(chunk: Uint8Array): void {
    const room = this.#headBytes - this.#headSize;
    const first = chunk.subarray(0, Math.max(0, room));
    const rest = chunk.subarray(first.length);
    if (first.length > 0) this.#head.push(first);
    this.#headSize += first.length;
    if (rest.length > 0) this.#tail.push(rest);
    this.#tailSize += rest.length;
    this.#dropOld();
  }

  /** Bytes dropped so far. */
  get omittedBytes(): number {
    return this.#omitted;
  }

  /** What was kept, as text; a character cut in two at the gap is left out. */
  text(): string {
    if (this.#omitted === 0) return Buffer.concat([...this.#head, ...this.#tail]).toString('utf8');
    const tail = Buffer.concat(this.#tail);
    const start = tail.findIndex((byte) => (byte & 0xc0) !== 0x80);
    const head = new StringDecoder('utf8').write(Buffer.concat(this.#head));
    return `${head}\n… ${this.#omitted} bytes left out …\n${tail.subarray(Math.max(0, start)).toString('utf8')}`;
  }

  #dropOld(): void {
    while (this.#tailSize > this.#tailBytes) {
      const oldest = this.#tail[0];
      if (!oldest) return;
      const over = Math.min(this.#tailSize - this.#tailBytes, oldest.length);
      if (over === oldest.length) this.#tail.shift();
      else this.#tail[0] = oldest.subarray(over);
      this.#tailSize -= over;
      this.#omitted += over;
    }
  }
}
