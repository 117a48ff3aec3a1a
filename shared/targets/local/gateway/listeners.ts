import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { HOST } from '../ports.ts';
import type { LocalState } from '../state/schema.ts';
import { DEPLOYMENTS_LISTENER, type LiveState } from './protocol.ts';
import type { Incoming } from './proxy.ts';
import { NOT_FOUND, refuse } from './refusal.ts';

/** Longer than clients keep idle connections, so that theirs is the side that closes them. */
const KEEP_ALIVE_MS = 75_000;
const RETRY_MS = 500;
const SWEEP_MS = 50;

type Handle = (incoming: Incoming) => Promise<void>;
type Route = (client: IncomingMessage, answer: ServerResponse) => Incoming | undefined;

interface Listener {
  readonly port: number;
  readonly server: Server;
  errno: string | undefined;
  triedAt: number;
}

/** One listening port for each environment, and one for the deployments' own addresses. */
export class Listeners {
  readonly #listeners = new Map<string, Listener>();
  readonly #handle: Handle;

  constructor(handle: Handle) {
    this.#handle = handle;
  }

  /** Listens where the state says; returns once every port was tried. A port that is taken is tried again each time. */
  async apply(state: LocalState): Promise<void> {
    const wanted = new Map(Object.entries(state.environments).map(([name, { port }]) => [name, port]));
    if (state.deploymentsPort !== null) wanted.set(DEPLOYMENTS_LISTENER, state.deploymentsPort);
    for (const [name, listener] of this.#listeners) {
      if (wanted.get(name) === listener.port) continue;
      this.#listeners.delete(name);
      // What is under way there ends as it would have.
      listener.server.close();
      listener.server.closeIdleConnections();
    }
    await Promise.all([...wanted].map(([name, port]) => this.#ensure(name, port)));
  }

  errors(): LiveState['listenErrors'] {
    const failed = [...this.#listeners].flatMap(([name, { port, errno }]) =>
      errno === undefined ? [] : [[name, { port, errno }]],
    );
    return Object.fromEntries(failed);
  }

  /** True when a port is worth another try. */
  get hasOverdue(): boolean {
    return [...this.#listeners.values()].some(
      ({ errno, triedAt }) => errno !== undefined && Date.now() - triedAt >= RETRY_MS,
    );
  }

  /** No new connections; those that have a request under way end with it, at the latest after `graceMs`. */
  async close(graceMs: number): Promise<void> {
    const closed = [...this.#listeners.values()].map(async ({ server, errno }) => {
      if (errno !== undefined) return;
      const over = new Promise((resolve) => server.close(resolve));
      // Those that are busy now are idle soon, and their clients would keep them.
      const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
      const end = setTimeout(() => server.closeAllConnections(), graceMs);
      await over;
      clearInterval(sweep);
      clearTimeout(end);
    });
    await Promise.all(closed);
  }

  async #ensure(name: string, port: number): Promise<void> {
    const known = this.#listeners.get(name);
    if (known && known.errno === undefined) return;
    const route = name === DEPLOYMENTS_LISTENER ? toDeployment : toEnvironment(name);
    const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (client, answer) =>
      this.#serve(route, client, answer),
    );
    const listener: Listener = { port, server, errno: 'EINPROGRESS', triedAt: Date.now() };
    this.#listeners.set(name, listener);
    listener.errno = await listen(server, port);
  }

  #serve(route: Route, client: IncomingMessage, answer: ServerResponse): void {
    const incoming = route(client, answer);
    if (incoming) this.#handle(incoming).catch(() => answer.destroy());
    else refuse(answer, NOT_FOUND);
  }
}

function toEnvironment(name: string): Route {
  return (client, answer) => ({
    place: { kind: 'environment', name },
    client,
    answer,
    path: client.url ?? '/',
    prefix: '',
  });
}

/** `/deployments/<id>/quote` is `/quote` of that deployment. */
const toDeployment: Route = (client, answer) => {
  const [, prefix, id, rest] = /^(\/deployments\/([^/?]+))(.*)$/.exec(client.url ?? '') ?? [];
  if (prefix === undefined || id === undefined || rest === undefined) return undefined;
  const path = rest.startsWith('/') ? rest : `/${rest}`;
  return { place: { kind: 'deployment', id }, client, answer, path, prefix };
};

/** Undefined when it listens; else the name of the system's error. */
function listen(server: Server, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen(port, HOST, () => {
      server.removeAllListeners('error');
      // Failing to accept a connection (too many open files) is that connection's end, not the gateway's.
      server.on('error', () => {});
      resolve(undefined);
    });
  });
}
