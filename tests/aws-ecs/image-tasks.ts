import { join } from 'node:path';
import type { RepositoryName } from '../../shared/ports/registry.ts';
import { type Served, serve } from '../engine/bench.ts';
import type { TaskDefinition } from '../fakes/aws/ecs/state.ts';
import { variableOf } from '../fakes/aws/traffic.ts';
import { registryClient } from '../image/processes.ts';
import { Unpacked } from '../image/unpacked.ts';
import { Folders } from '../image/workbench.ts';

/** Runs what task definitions name: the image is pulled by its digest, and its own program is started as its own user. */
export class ImageTasks {
  readonly #folders = new Folders();
  readonly #client = registryClient();
  /** `127.0.0.1:5000`: where the images really are. */
  readonly #registry: string;
  readonly #pulled = new Map<string, Promise<Unpacked>>();
  readonly #started: Promise<Served>[] = [];

  constructor(registry: string) {
    this.#registry = registry;
  }

  /** Pulls an image. */
  pull({ repository }: Pick<RepositoryName, 'repository'>, digest: string): Promise<Unpacked> {
    const name = { registry: this.#registry, repository };
    const root = join(this.#folders.empty(), 'root');
    const pulling = this.#pulled.get(digest) ?? Unpacked.of(this.#client, name, digest, root);
    this.#pulled.set(digest, pulling);
    // Whoever starts it is told.
    pulling.catch(() => undefined);
    return pulling;
  }

  /** Starts the container of a definition, with its variables. @returns its address */
  async start(definition: TaskDefinition): Promise<string> {
    const [, repository = '', digest = ''] =
      /^[^/]+\/(.+)@(sha256:\w+)$/.exec(definition.given.containerDefinitions[0]?.image ?? '') ?? [];
    const image = await this.pull({ repository }, digest);
    const starting = serve({
      argv: image.entrypoint(['--host', '127.0.0.1', '--port', '{port}']),
      env: image.env({ HAUTE_RELEASE_ID: variableOf(definition, 'HAUTE_RELEASE_ID') ?? '' }),
      cwd: '/',
    });
    this.#started.push(starting);
    return (await starting).url;
  }

  async stop(): Promise<void> {
    const ended = await Promise.allSettled(this.#started);
    await Promise.all(ended.map((each) => (each.status === 'fulfilled' ? each.value.stop() : undefined)));
    this.#folders.remove();
  }
}
