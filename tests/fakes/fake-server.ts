import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface FakeRequest {
  readonly method: string;
  /** Decoded parts of the path, by the names in the route. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  /** Parsed where it is JSON or a form; undefined where there is none. */
  readonly body: unknown;
  /** The route that was matched. */
  readonly route: string;
}

export interface FakeAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON, or bytes as they are. */
  readonly body?: unknown;
}

/** What goes wrong with an answer. `lost`: the request is done, and its answer never arrives. */
export type Fault = FakeAnswer | 'cut' | 'lost' | 'silent';

type Handler = (request: FakeRequest) => FakeAnswer;

interface PlannedFault {
  readonly route: string;
  readonly fault: Fault;
  left: number;
}

/** An HTTP server on a free port of the loopback, with routes as OpenAPI writes them, that can be told to fail. */
export class FakeServer {
  readonly requests: FakeRequest[] = [];
  /** Told every answer that a route gave, before any fault. */
  onAnswer: (request: FakeRequest, answer: FakeAnswer) => void = () => undefined;
  readonly #routes: readonly { readonly route: string; readonly pattern: RegExp; readonly handler: Handler }[];
  readonly #faults: PlannedFault[] = [];
  readonly #server: Server;
  #url = '';

  /** @param routes `GET /repos/{owner}/{repo}` to what it answers; the first that matches is taken */
  constructor(routes: Readonly<Record<string, Handler>>) {
    this.#routes = Object.entries(routes).map(([route, handler]) => ({ route, pattern: patternOf(route), handler }));
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  get url(): string {
    return this.#url;
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    this.#url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** The next `times` answers of a route go wrong; of every route where it is empty. */
  fail(route: string, fault: Fault, times = 1): void {
    this.#faults.push({ route, fault, left: times });
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://fake');
    const found = this.#match(request.method ?? 'GET', url.pathname);
    const fake: FakeRequest = {
      method: request.method ?? 'GET',
      params: found?.params ?? {},
      query: url.searchParams,
      headers: request.headers,
      body: await bodyOf(request),
      route: found?.route ?? `${request.method} ${url.pathname}`,
    };
    this.requests.push(fake);
    const planned = this.#faults.find((fault) => fault.left > 0 && (fault.route === '' || fault.route === fake.route));
    if (planned) planned.left -= 1;
    if (planned?.fault === 'silent') return;
    if (planned && typeof planned.fault === 'object') return send(response, planned.fault);
    const answer = found ? found.handler(fake) : { status: 404, body: { message: 'Not Found' } };
    this.onAnswer(fake, answer);
    if (planned?.fault === 'lost') response.destroy();
    else if (planned?.fault === 'cut' && answer.body !== undefined) sendCut(response, answer);
    else send(response, answer);
  }

  #match(
    method: string,
    path: string,
  ):
    | { readonly route: string; readonly params: Readonly<Record<string, string>>; readonly handler: Handler }
    | undefined {
    for (const { route, pattern, handler } of this.#routes) {
      const match = pattern.exec(`${method} ${path}`);
      if (!match) continue;
      const params = Object.entries(match.groups ?? {}).map(([name, value]) => [name, decodeURIComponent(value)]);
      return { route, handler, params: Object.fromEntries(params) };
    }
    return undefined;
  }
}

function patternOf(route: string): RegExp {
  const escaped = route.replaceAll(/[.$()|*+?]/g, '\\$&').replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)');
  return new RegExp(`^${escaped}$`, 'i');
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const bytes = Buffer.concat(chunks);
  if (bytes.length === 0) return undefined;
  const type = request.headers['content-type'] ?? '';
  if (type.includes('json')) return JSON.parse(bytes.toString('utf8'));
  if (type.includes('urlencoded')) return Object.fromEntries(new URLSearchParams(bytes.toString('utf8')));
  return bytes;
}

function send(response: ServerResponse, { status, headers = {}, body }: FakeAnswer): void {
  const raw = body instanceof Uint8Array || typeof body === 'string';
  const type = raw ? {} : { 'content-type': 'application/json; charset=utf-8' };
  response.writeHead(status, { ...type, ...headers });
  response.end(body === undefined ? undefined : raw ? body : JSON.stringify(body));
}

/** Half of the answer, with a length that says it is the whole. */
function sendCut(response: ServerResponse, answer: FakeAnswer): void {
  const text = answer.body instanceof Uint8Array ? Buffer.from(answer.body) : Buffer.from(JSON.stringify(answer.body));
  const half = text.subarray(0, Math.floor(text.length / 2));
  response.writeHead(answer.status, { 'content-type': 'application/json; charset=utf-8', ...answer.headers });
  response.end(half);
}
