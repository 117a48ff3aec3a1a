import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
}

/** PEM. */
interface Tls {
  readonly key: string;
  readonly certificate: string;
}

export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
}

/** A request on its way through, and what can be done with it. */
export interface Exchange extends Seen {
  /** Asks the registry behind, with something else where that is given. */
  forward(changed?: {
    readonly path?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: Uint8Array;
  }): Promise<Required<Answer>>;
  reply(answer: Answer): void;
  /** Reads so many bytes of the body and hangs up. @returns what was read, once the connection is closed */
  hangUp(afterBytes?: number): Promise<Buffer>;
  /** Sends the first bytes of an answer and hangs up. */
  replyInPart(answer: Required<Answer>, bytes: number): void;
}

export type Handler = (exchange: Exchange) => Promise<void> | void;

/** Stands before a real registry and does what networks do. */
export class FaultyProxy {
  readonly seen: Seen[] = [];
  readonly #behind: string;
  readonly #server: Server;
  /** Told of each request for a tunnel; none is made. */
  onConnect: () => void = () => undefined;
  /** What happens to requests; they pass where it is undefined, or says nothing of one. */
  handle: ((seen: Seen) => Handler | undefined) | undefined;

  private constructor(behind: string, tls: Tls | undefined) {
    this.#behind = behind;
    const serve = (request: IncomingMessage, response: ServerResponse): void => void this.#serve(request, response);
    this.#server = tls ? createTlsServer({ key: tls.key, cert: tls.certificate }, serve) : createServer(serve);
    this.#server.on('connect', (_request, socket) => {
      this.onConnect();
      socket.destroy();
    });
  }

  /**
   * @param behind host of the registry
   * @param tls speaks https with these, and plain http where they are not given
   */
  static async start(behind: string, tls?: Tls): Promise<FaultyProxy> {
    const proxy = new FaultyProxy(behind, tls);
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** `PATCH /v2/…`, of every request so far. */
  get lines(): readonly string[] {
    return this.seen.map(({ method, path }) => `${method} ${path}`);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Forgets what was seen, and lets everything pass. */
  reset(): void {
    this.seen.length = 0;
    this.handle = undefined;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const seen = { method: request.method ?? '', path: request.url ?? '', headers: request.headers };
    this.seen.push(seen);
    const pass: Handler = async (exchange) => exchange.reply(await exchange.forward());
    const exchange = exchangeOf(seen, this.#behind, request, response);
    try {
      await (this.handle?.(seen) ?? pass)(exchange);
    } catch {
      // One of the two sides hung up: so does this.
      response.destroy();
    }
  }
}

function exchangeOf(seen: Seen, behind: string, request: IncomingMessage, response: ServerResponse): Exchange {
  const { socket } = request;
  return {
    ...seen,
    async forward(changed = {}) {
      const body = changed.body ?? (await bytesOf(request));
      return ask(behind, { ...seen, ...changed, headers: { ...seen.headers, ...changed.headers } }, body);
    },
    reply({ status, headers = {}, body = '' }) {
      const bytes = Buffer.from(body);
      // A HEAD tells the length of what it does not send.
      const length = seen.method === 'HEAD' ? {} : { 'content-length': String(bytes.length) };
      response.writeHead(status, { ...headers, ...(status === 204 ? {} : length) });
      response.end(seen.method === 'HEAD' ? undefined : bytes);
    },
    async hangUp(afterBytes = 0) {
      const read: Buffer[] = [];
      let length = 0;
      if (afterBytes > 0) {
        for await (const chunk of request) {
          read.push(chunk as Buffer);
          length += (chunk as Buffer).length;
          if (length >= afterBytes) break;
        }
      }
      socket.destroy();
      return Buffer.concat(read).subarray(0, afterBytes);
    },
    replyInPart({ status, headers, body }, bytes) {
      response.writeHead(status, { ...headers, 'content-length': String(body.length) });
      response.write(Buffer.from(body).subarray(0, bytes), () => socket.destroy());
    },
  };
}

async function bytesOf(stream: AsyncIterable<unknown>): Promise<Buffer> {
  const read: Buffer[] = [];
  for await (const chunk of stream) read.push(chunk as Buffer);
  return Buffer.concat(read);
}

function ask(
  behind: string,
  { method, path, headers }: Seen,
  body: Uint8Array,
): Promise<{ readonly status: number; readonly headers: Record<string, string>; readonly body: Buffer }> {
  const [hostname, port] = behind.split(':');
  const length = method === 'GET' || method === 'HEAD' ? {} : { 'content-length': String(body.length) };
  return new Promise((resolve, reject) => {
    const asked = httpRequest(
      { hostname, port, method, path, headers: { ...headers, connection: 'close', ...length } },
      (answer) => {
        const given = Object.entries(answer.headers).filter(([name]) => !/^(connection|transfer-encoding)$/.test(name));
        const plain = given.map(([name, value]) => [name, String(value)]);
        bytesOf(answer).then(
          (bytes) => resolve({ status: answer.statusCode ?? 0, headers: Object.fromEntries(plain), body: bytes }),
          reject,
        );
      },
    );
    asked.on('error', reject);
    asked.end(body);
  });
}
