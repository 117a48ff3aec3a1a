import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Registry, RepositoryName } from '../../shared/ports/registry.ts';
import { type Digest, digestOf } from '../../shared/release/digest.ts';
import { engineOn, Folders, options, type Served, serve } from '../engine/bench.ts';
import { readImage } from '../image/workbench.ts';

const LOOK_EVERY_MS = 100;

export interface PlatformOptions {
  readonly registry: Registry;
  readonly name: RepositoryName;
  readonly tag: string;
  /** Project whose engine knows the Python that the packages run on. */
  readonly project: string;
  /** Whether it reads the release's record, and tells its servers which release they are. */
  readonly tells: boolean;
  /** Header that whoever asks must send. */
  readonly wants?: { readonly name: string; readonly value: string };
}

/**
 * A platform that is not ours: it watches a tag, pulls the image that it names, and serves what is in it, at an address
 * that stays.
 */
export class Platform {
  readonly #options: PlatformOptions;
  readonly #folders = new Folders();
  readonly #server: Server;
  #served: { readonly digest: Digest; readonly server: Served } | undefined;
  #stopped = false;
  #watching: Promise<void> = Promise.resolve();
  /** What it could not serve, and why. */
  readonly troubles: string[] = [];

  private constructor(platform: PlatformOptions) {
    this.#options = platform;
    this.#server = createServer((incoming, outgoing) => {
      const { server } = this.#served ?? {};
      if (!server) return void outgoing.writeHead(503).end('nothing is served');
      const { method, headers, url } = incoming;
      const { wants } = platform;
      if (wants && headers[wants.name] !== wants.value) return void outgoing.writeHead(401).end('who are you');
      const forwarded = request(new URL(url ?? '/', server.url), { method, headers }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(outgoing);
      });
      forwarded.on('error', () => outgoing.destroy());
      incoming.pipe(forwarded);
    });
  }

  static async start(platform: PlatformOptions): Promise<Platform> {
    const started = new Platform(platform);
    await new Promise<void>((resolve) => started.#server.listen(0, '127.0.0.1', resolve));
    started.#watching = started.#watch();
    return started;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#watching;
    await this.#served?.server.stop();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
    this.#folders.remove();
  }

  async #watch(): Promise<void> {
    const { registry, name, tag } = this.#options;
    const call = { signal: new AbortController().signal };
    while (!this.#stopped) {
      const found = await registry.manifest(name, tag, call);
      const digest = found?.descriptor.digest;
      if (digest !== undefined && digest !== this.#served?.digest) await this.#serve(digest);
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  }

  /** The old server answers until the new one does. */
  async #serve(digest: Digest): Promise<void> {
    try {
      const dir = await this.#pull(digest);
      const engine = engineOn(this.#options.project);
      const pkg = await engine.open(dir, digestOf(readFileSync(join(dir, 'package-files.json'))));
      const server = await serve(await engine.servePlan(pkg, options()), await this.#told(digest));
      const before = this.#served;
      this.#served = { digest, server };
      await before?.server.stop();
    } catch (error) {
      this.troubles.push(String(error));
    }
  }

  async #pull(digest: Digest): Promise<string> {
    const { registry, name } = this.#options;
    const root = join(this.#folders.empty(), 'root');
    mkdirSync(root);
    const { manifest, pull } = await readImage(registry, name, digest);
    for (const layer of manifest.layers) execFileSync('tar', ['-xz', '-C', root], { input: await pull(layer) });
    return join(root, 'app');
  }

  async #told(digest: Digest): Promise<Record<string, string>> {
    const { registry, name, tells } = this.#options;
    const type = 'application/vnd.haute.release.v1+json';
    const [record] = await registry.referrers(name, digest, type, { signal: new AbortController().signal });
    const release =
      record && (await readImage(registry, name, record.digest)).manifest.annotations['dev.haute.release'];
    return tells && release !== undefined ? { HAUTE_RELEASE_ID: release } : {};
  }
}
