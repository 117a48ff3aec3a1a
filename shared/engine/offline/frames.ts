import type { Socket } from 'node:net';

/** A line of JSON and the bytes that it announces. */
export interface Frame {
  readonly head: Readonly<Record<string, unknown>>;
  readonly body: Uint8Array;
}

interface Waiting {
  readonly resolve: (frame: Frame) => void;
  readonly reject: (error: Error) => void;
}

const NEWLINE = 10;

/** Frames over a socket: one line of JSON each, and as many bytes after it as its `bytes` says. */
export class Frames {
  readonly #socket: Socket;
  #chunks: Buffer[] = [];
  #length = 0;
  #head: Readonly<Record<string, unknown>> | undefined;
  #waiting: Waiting | undefined;
  #ended: Error | undefined;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => {
      this.#chunks.push(chunk);
      this.#length += chunk.length;
      this.#deliver();
    });
    socket.on('error', (error) => this.#end(error));
    socket.on('close', () => this.#end(new Error('the connection ended')));
  }

  send(head: Readonly<Record<string, unknown>>, body: Uint8Array): void {
    this.#socket.write(`${JSON.stringify({ ...head, bytes: body.length })}\n`);
    this.#socket.write(body);
  }

  /** The next frame. One at a time is waited for. @throws Error when the connection ends before it is whole */
  next(): Promise<Frame> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#deliver();
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #deliver(): void {
    const waiting = this.#waiting;
    if (waiting === undefined) return;
    try {
      const frame = this.#take();
      if (frame === undefined && this.#ended === undefined) return;
      this.#waiting = undefined;
      if (frame) waiting.resolve(frame);
      else waiting.reject(this.#ended as Error);
    } catch (error) {
      this.#waiting = undefined;
      waiting.reject(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #take(): Frame | undefined {
    if (this.#head === undefined) {
      // A line is short and comes first: it is looked for in what came last, and taken with all before it.
      if (!this.#chunks.some((chunk) => chunk.includes(NEWLINE))) return undefined;
      const all = this.#joined();
      const end = all.indexOf(NEWLINE);
      this.#head = JSON.parse(all.toString('utf8', 0, end)) as Frame['head'];
      this.#keep(all.subarray(end + 1));
    }
    const bytes = Number(this.#head.bytes ?? 0);
    if (this.#length < bytes) return undefined;
    const all = this.#joined();
    const frame = { head: this.#head, body: all.subarray(0, bytes) };
    this.#head = undefined;
    this.#keep(all.subarray(bytes));
    return frame;
  }

  #joined(): Buffer {
    const [only] = this.#chunks;
    return this.#chunks.length === 1 && only ? only : Buffer.concat(this.#chunks, this.#length);
  }

  #keep(rest: Buffer): void {
    this.#chunks = rest.length > 0 ? [rest] : [];
    this.#length = rest.length;
  }

  #end(error: Error): void {
    this.#ended ??= error;
    this.#deliver();
  }
}
