import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { Interrupted, ProviderError } from '../../errors.ts';
import type { Exec } from '../../ports/exec.ts';
import type { Files } from '../../ports/files.ts';
import type { Descriptor, Registry } from '../../ports/registry.ts';
import { type Digest, digestOfJson, isDigest } from '../../release/digest.ts';
import { readBaseImage } from '../assemble/base-image.ts';
import { imageLabels } from '../assemble/image-config.ts';
import type { ImageInput } from '../assemble/image-input.ts';
import {
  type ImageBuilder,
  type ImageRequest,
  type Labels,
  PACKAGE_LABEL,
  type PushedImage,
  platformText,
  RECIPE_LABEL,
} from './builder.ts';
import { type BuilderCommands, builderCommands, type DockerfileBuilderId, IMAGE_ID } from './commands.ts';
import { layoutOfArchive } from './docker-archive.ts';
import { checkBases, generatedDockerfile } from './dockerfile.ts';
import { brokenResult, builderFailed, builderMissing, onePlatform } from './errors.ts';
import { findBuilt } from './find-built.ts';
import { pushLayout, readLayout, unpack } from './layout.ts';

const LONGEST_BUILD_MS = 60 * 60_000;
const CLEAN_UP_TIMEOUT_MS = 60_000;
const SHOWN_CHARS = 1_000;

export interface DockerfileTools {
  readonly exec: Exec;
  readonly files: Files;
  readonly registry: Registry;
  /** The builder's environment: where its daemon is, its own configuration, proxies. */
  readonly env: Readonly<Record<string, string>>;
  /** The project's own Dockerfile, absolute; undefined where one is generated. */
  readonly dockerfile: string | undefined;
}

/**
 * Builds with a program of the user's and a Dockerfile, the project's own or one that gives the image of the
 * assembler. The program only builds: what it made is read from its files, compared with the digest that it says, and
 * stored by our own client, so that nothing gets a tag and no credential is handed on.
 *
 * Such builds differ each time, so an image that an earlier build of the same commit made of the very same things is
 * taken again.
 */
export class DockerfileBuilder implements ImageBuilder {
  readonly #id: DockerfileBuilderId;
  readonly #tools: DockerfileTools;

  constructor(id: DockerfileBuilderId, tools: DockerfileTools) {
    this.#id = id;
    this.#tools = tools;
  }

  async build(request: ImageRequest): Promise<PushedImage> {
    const platforms = request.platforms.map(platformText) as [string, ...string[]];
    if (this.#id === 'docker' && platforms.length > 1) throw onePlatform(platforms);
    const { text, labels } = await this.#recipe(request);
    const recipe = digestOfJson({ dockerfile: text, labels, platforms, builder: this.#id });
    const facts = {
      builder: this.#id,
      platforms,
      dockerfile: this.#tools.dockerfile ? 'project' : 'generated',
      recipe,
    };
    const known = await findBuilt(this.#tools.registry, request, recipe);
    if (known) {
      request.progress(`the same was built before: ${known.descriptor.digest}`);
      return { ...known, uploadedBytes: 0, facts };
    }
    const { files, registry } = this.#tools;
    const work = await files.tempDir('haute-dockerfile-');
    try {
      const dockerfile = join(work, 'Dockerfile');
      await files.write(dockerfile, text);
      const commands = builderCommands(this.#id, {
        context: request.pkg.dir,
        dockerfile,
        platforms,
        labels: { ...labels, [RECIPE_LABEL]: recipe },
        epochSeconds: Math.floor(Date.parse(request.origin.createdAt ?? '1970-01-01T00:00:00Z') / 1000),
        work,
        scratch: `haute-${randomUUID()}`,
      });
      await this.#run(commands, work, request);
      const { layout, descriptor } = await this.#result(commands, work, request.signal);
      const uploaded = await pushLayout({ registry, files, signal: request.signal }, request.to, layout, descriptor);
      return { ...uploaded, descriptor, facts };
    } finally {
      await files.remove(work);
    }
  }

  /** The Dockerfile, and the labels of its image: those of an assembled one, but for the base that only the file knows. */
  async #recipe(request: ImageRequest): Promise<{ readonly text: string; readonly labels: Labels }> {
    const { dockerfile, files, registry } = this.#tools;
    const { pkg, origin, port, base, platforms, to, signal } = request;
    const input: ImageInput = {
      pkg,
      origin,
      port,
      base,
      to,
      tags: [],
      platform: platforms[0],
      libc: 'glibc',
      python: undefined,
    };
    if (dockerfile !== undefined) {
      const bytes = await files.read(dockerfile);
      if (bytes === undefined) throw new Error(`${dockerfile} is gone`);
      const text = new TextDecoder().decode(bytes);
      checkBases(text, 'Dockerfile');
      const all = imageLabels(input, { reference: base, digest: pkg.digest, layers: [], config: EMPTY_BASE });
      const own = Object.entries(all).filter(([name]) => !name.startsWith('org.opencontainers.image.base.'));
      return { text, labels: { ...Object.fromEntries(own), [PACKAGE_LABEL]: pkg.digest } };
    }
    const image = await readBaseImage(registry, base, platforms[0], { signal });
    return {
      text: generatedDockerfile(input, image),
      labels: { ...imageLabels(input, image), [PACKAGE_LABEL]: pkg.digest },
    };
  }

  async #run(commands: BuilderCommands, work: string, { signal, progress }: ImageRequest): Promise<void> {
    const { files } = this.#tools;
    try {
      for (const argv of commands.argvs) {
        const id = argv.includes(IMAGE_ID) ? text(await files.read(join(work, 'id'))) : '';
        const [program, ...rest] = argv.map((each) => (each === IMAGE_ID ? id : each));
        await this.#command([program ?? '', ...rest], commands, work, signal, progress);
      }
    } finally {
      for (const argv of commands.cleanUp) await this.#quietly(argv, commands, work);
    }
  }

  async #command(
    argv: readonly [string, ...string[]],
    { env }: BuilderCommands,
    cwd: string,
    signal: AbortSignal,
    progress: (line: string) => void,
  ): Promise<void> {
    const { exec } = this.#tools;
    const what = argv.find((word) => ['build', 'push', 'save'].includes(word)) ?? 'build';
    let ended: Awaited<ReturnType<Exec['run']>>;
    try {
      ended = await exec.run({
        argv,
        cwd,
        env: { ...this.#tools.env, ...env },
        timeoutMs: LONGEST_BUILD_MS,
        signal,
        onLine: (line) => progress(line),
      });
    } catch (error) {
      if (error instanceof ProviderError && error.problem.code === 'EXEC-NOT-FOUND') throw builderMissing(argv[0]);
      throw error;
    }
    if (signal.aborted) throw new Interrupted();
    if (ended.timedOut)
      throw builderFailed(this.#id, what, `it did not end within ${LONGEST_BUILD_MS / 60_000} minutes`);
    if (ended.code !== 0)
      throw builderFailed(this.#id, what, `code ${ended.code}: ${ended.stderr.trim().slice(-SHOWN_CHARS)}`);
  }

  /** What is left over in the builder's store is a nuisance and no reason to fail. */
  async #quietly(argv: readonly [string, ...string[]], { env }: BuilderCommands, cwd: string): Promise<void> {
    const signal = AbortSignal.timeout(CLEAN_UP_TIMEOUT_MS);
    const command = { argv, cwd, env: { ...this.#tools.env, ...env }, timeoutMs: CLEAN_UP_TIMEOUT_MS, signal };
    try {
      await this.#tools.exec.run(command);
    } catch (error) {
      if (!(error instanceof ProviderError || error instanceof Interrupted)) throw error;
    }
  }

  /** @throws ProviderError BUILDER-RESULT for a result with another digest than the builder said */
  async #result(
    commands: BuilderCommands,
    work: string,
    signal: AbortSignal,
  ): Promise<{ readonly layout: string; readonly descriptor: Descriptor }> {
    const { files } = this.#tools;
    const said = digestIn(commands, text(await files.read(join(work, commands.digestFile))));
    const image = join(work, 'image');
    if (commands.result === 'archive') {
      const unpacked = join(work, 'archive');
      const links = await unpack(join(work, 'image.tar'), unpacked, signal);
      const { manifest, config } = await layoutOfArchive(files, unpacked, links, image, signal);
      if (said !== config) throw brokenResult(`docker says that it built ${said}, and saved ${config}`);
      return { layout: image, descriptor: manifest.descriptor };
    }
    if (commands.result === 'layout-tar') await unpack(join(work, 'image.tar'), image, signal);
    const descriptor = await readLayout(files, image);
    if (said !== descriptor.digest) throw brokenResult(`it says that it built ${said}, and wrote ${descriptor.digest}`);
    return { layout: image, descriptor };
  }
}

/** Where only labels are wanted, and the base is not known. */
const EMPTY_BASE = { architecture: '', os: '', rootfs: { diff_ids: [] } };

function digestIn({ digestFile }: BuilderCommands, content: string): Digest {
  const digest = digestFile === 'metadata.json' ? fromMetadata(content) : content;
  if (digest !== undefined && isDigest(digest)) return digest;
  throw brokenResult('it does not say which digest it built');
}

function fromMetadata(content: string): string | undefined {
  try {
    return (JSON.parse(content) as Record<string, string>)['containerimage.digest'];
  } catch {
    return undefined;
  }
}

function text(bytes: Uint8Array | undefined): string {
  return new TextDecoder().decode(bytes ?? new Uint8Array()).trim();
}
