import { join } from 'node:path';
import { Agent, fetch } from 'undici';
import { Running } from './processes.ts';

/** A Docker daemon of a test: its own folder, no bridge, no rule in the machine's firewall. Needs root. */
export class DockerDaemon {
  readonly #running: Running;
  readonly #agent: Agent;

  private constructor(running: Running, socket: string) {
    this.#running = running;
    this.#agent = new Agent({ connect: { socketPath: socket }, headersTimeout: 300_000, bodyTimeout: 300_000 });
  }

  static async start(program: string, dir: string): Promise<DockerDaemon> {
    const socket = join(dir, 'docker.sock');
    // In a mount namespace of its own: what it mounts is gone with it.
    const running = new Running('unshare', [
      ...['--mount', program],
      ...['--host', `unix://${socket}`, '--data-root', join(dir, 'data'), '--exec-root', join(dir, 'exec')],
      ...['--pidfile', join(dir, 'd.pid'), '--iptables=false', '--ip6tables=false', '--bridge=none'],
      // One of the machine may use the usual folder.
      ...['--containerd-namespace', 'haute-test', '--containerd-plugins-namespace', 'haute-test-plugins'],
    ]);
    const daemon = new DockerDaemon(running, socket);
    try {
      await running.until(async () => ((await daemon.ask('GET', '/_ping').catch(() => undefined)) ? true : undefined));
    } catch (error) {
      await daemon.stop();
      throw error;
    }
    return daemon;
  }

  async ask(method: string, path: string, body?: unknown): Promise<string> {
    const answer = await fetch(`http://docker${path}`, {
      method,
      dispatcher: this.#agent,
      ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text;
  }

  async pull(image: string): Promise<void> {
    const said = await this.ask('POST', `/images/create?fromImage=${encodeURIComponent(image)}`);
    if (said.includes('"error"')) throw new Error(said);
  }

  /** @returns the id of the container */
  async run(image: string, cmd: readonly string[], env: readonly string[]): Promise<string> {
    const created = await this.ask('POST', '/containers/create', {
      Image: image,
      Cmd: cmd,
      Env: env,
      HostConfig: { NetworkMode: 'host' },
    });
    const { Id: id } = JSON.parse(created) as { readonly Id: string };
    await this.ask('POST', `/containers/${id}/start`);
    return id;
  }

  /** What the container has written, and what a question about that gives as soon as it gives something. */
  async untilLogged<T>(id: string, find: (log: string) => T | undefined): Promise<T> {
    return this.#running.until(async () => find(await this.ask('GET', `/containers/${id}/logs?stdout=1&stderr=1`)));
  }

  async stop(): Promise<void> {
    await this.#agent.close();
    await this.#running.stop();
  }
}
