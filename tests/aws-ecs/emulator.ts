import { createServer, request, type Server } from 'node:http';
import { type AddressInfo, createServer as createSocket } from 'node:net';
import { join } from 'node:path';
import { DockerDaemon } from '../image/docker-daemon.ts';
import { Running } from '../image/processes.ts';

const ACCOUNT = '111122223333';
const REGION = 'eu-west-1';

/**
 * ministack: an emulator of AWS that is not ours, whose ECS runs real containers on a Docker daemon and whose ECR is a
 * real registry. In front of the containers stands an address of the test's own, as the emulator's load balancer reaches
 * none of them without a network of Docker's.
 */
export class Emulator {
  readonly #daemon: DockerDaemon;
  readonly #running: Running;
  readonly #front: Server;
  readonly host: string;
  #turn = 0;

  private constructor(daemon: DockerDaemon, running: Running, host: string) {
    this.#daemon = daemon;
    this.#running = running;
    this.host = host;
    this.#front = createServer((incoming, outgoing) => {
      this.#next().then(
        (port) => {
          if (port === undefined) return void outgoing.writeHead(503).end();
          const { method, url: path, headers } = incoming;
          const asked = request({ hostname: '127.0.0.1', port, method, path, headers }, (answer) => {
            outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
            answer.pipe(outgoing);
          });
          // It ends at this moment.
          asked.on('error', () => (outgoing.headersSent ? outgoing.destroy() : outgoing.writeHead(502).end()));
          incoming.pipe(asked);
        },
        () => outgoing.destroy(),
      );
    });
  }

  /** @param packages where Python finds ministack @param dir for what both keep */
  static async start(dockerd: string, packages: string, dir: string): Promise<Emulator> {
    const daemon = await DockerDaemon.start(dockerd, dir);
    const port = await freePort();
    const host = `127.0.0.1:${port}`;
    const running = new Running('python3', ['-m', 'ministack'], {
      ...process.env,
      PYTHONPATH: packages,
      BIND_HOST: '127.0.0.1',
      GATEWAY_PORT: String(port),
      DOCKER_HOST: `unix://${join(dir, 'docker.sock')}`,
      MINISTACK_ACCOUNT_ID: ACCOUNT,
      MINISTACK_REGION: REGION,
      TMPDIR: dir,
    });
    const emulator = new Emulator(daemon, running, host);
    try {
      await running.until(async () => {
        const answer = await fetch(`http://${host}/_ministack/health`).catch(() => undefined);
        return answer?.ok || undefined;
      });
      await new Promise<void>((resolve) => emulator.#front.listen(0, '127.0.0.1', resolve));
      return emulator;
    } catch (error) {
      await emulator.stop();
      throw error;
    }
  }

  get region(): string {
    return REGION;
  }

  get endpoint(): string {
    return `http://${this.host}`;
  }

  /** Where callers of the service are answered. */
  get url(): string {
    return `http://127.0.0.1:${(this.#front.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#front.closeAllConnections();
    if (this.#front.listening) await new Promise((resolve) => this.#front.close(resolve));
    await this.#running.stop();
    for (const id of await this.#containers('')) await this.#daemon.ask('DELETE', `/containers/${id}?force=1`);
    await this.#daemon.stop();
  }

  /** The port of a container that runs, each in turn: it tells it in its log. */
  async #next(): Promise<string | undefined> {
    const ports: string[] = [];
    for (const id of await this.#containers('{"status":["running"],"label":["com.amazonaws.ecs.task-arn"]}')) {
      const log = await this.#daemon.ask('GET', `/containers/${id}/logs?stdout=1&stderr=1`);
      const port = /listening on 127\.0\.0\.1:(\d+)/.exec(log)?.[1];
      if (port !== undefined) ports.push(port);
    }
    this.#turn += 1;
    return ports[this.#turn % Math.max(1, ports.length)];
  }

  async #containers(filters: string): Promise<readonly string[]> {
    const which = filters === '' ? 'all=1' : `filters=${encodeURIComponent(filters)}`;
    const listed = await this.#daemon.ask('GET', `/containers/json?${which}`);
    return (JSON.parse(listed) as readonly { readonly Id: string }[]).map(({ Id }) => Id).toSorted();
  }
}

/** It takes no port of its own choosing. */
async function freePort(): Promise<number> {
  const server = createSocket();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
