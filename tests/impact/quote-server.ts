import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { JsonObject } from '../../shared/release/json.ts';

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export type Handler = (request: SeenRequest, response: ServerResponse) => void | Promise<void>;

/** A real HTTP server on a free port that answers as it is told and remembers what it was asked. */
export class QuoteServer {
  readonly requests: SeenRequest[] = [];
  readonly #server: Server;
  handler: Handler;

  private constructor(handler: Handler) {
    this.handler = handler;
    this.#server = createServer((request, response) => {
      // A caller that hangs up is none of the server's; an answer that cannot be made must not be waited for.
      this.#serve(request, response).catch(() => response.destroy());
    });
  }

  /** @param port 0 for a free one */
  static async start(handler: Handler, port = 0): Promise<QuoteServer> {
    const server = new QuoteServer(handler);
    await new Promise<void>((resolve, reject) => {
      server.#server.once('error', reject).listen(port, '127.0.0.1', resolve);
    });
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const seen = {
      method: request.method ?? '',
      path: request.url ?? '',
      headers: request.headers,
      body: Buffer.concat(chunks).toString('utf8'),
    };
    this.requests.push(seen);
    await this.handler(seen, response);
  }
}

/** Sends a JSON body. */
export function json(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  text(response, status, JSON.stringify(body), { 'content-type': 'application/json', ...headers });
}

export function text(
  response: ServerResponse,
  status: number,
  body: string,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, headers).end(body);
}

/** A server that behaves like Haute's container: lines when asked for them, else an envelope of at most 1,000 rows. */
export function hauteLike(price: (row: JsonObject) => JsonObject): Handler {
  return (request, response) => {
    const rows = (JSON.parse(request.body) as JsonObject[]).map(price);
    if (request.headers.accept?.includes('application/x-ndjson')) {
      text(response, 200, rows.map((row) => `${JSON.stringify(row)}\n`).join(''), {
        'content-type': 'application/x-ndjson',
      });
      return;
    }
    const shown = rows.slice(0, 1000);
    json(response, 200, {
      rows: shown,
      row_count: rows.length,
      returned_rows: shown.length,
      truncated: rows.length > 1000,
      limit: 1000,
    });
  };
}
