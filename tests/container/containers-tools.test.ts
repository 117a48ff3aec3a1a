import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ImageRequest } from '../../shared/image/builders/builder.ts';
import { DockerfileBuilder } from '../../shared/image/builders/dockerfile-builder.ts';
import { verifyImage } from '../../shared/image/store/verify-image.ts';
import { DiskFiles } from '../../shared/io/disk-files.ts';
import { NodeExec } from '../../shared/io/node-exec.ts';
import { Redactor } from '../../shared/io/redact.ts';
import { MemoryRegistry } from '../fakes/memory-registry.ts';
import { APP, Folders, packageIn } from '../image/workbench.ts';
import { toolOrSkip } from '../tools/install.ts';

const TOOLS = [
  ['buildah', toolOrSkip('buildah')],
  ['podman', toolOrSkip('podman')],
] as const;
const NEVER = new AbortController().signal;
const folders = new Folders();
const temporary: string[] = [];

afterAll(() => folders.remove());

class WatchedFiles extends DiskFiles {
  override async tempDir(prefix: string): Promise<string> {
    const folder = await super.tempDir(prefix);
    temporary.push(folder);
    return folder;
  }
}

/** Both as they are, each with a home and a store of its own, on a Dockerfile that needs no base image. */
describe.each(TOOLS)('building with %s', { timeout: 120_000 }, (id, program) => {
  const registry = new MemoryRegistry();
  let env: Record<string, string>;
  let root: string;

  beforeAll(() => {
    root = folders.empty();
    const config = join(root, '.config', 'containers');
    mkdirSync(config, { recursive: true });
    writeFileSync(join(config, 'policy.json'), '{"default":[{"type":"insecureAcceptAnything"}]}');
    writeFileSync(
      join(root, 'storage.conf'),
      `[storage]\ndriver = "vfs"\ngraphroot = "${root}/graph"\nrunroot = "${root}/run"\n`,
    );
    env = {
      PATH: `${join(program ?? '', '..')}:${process.env.PATH}`,
      HOME: root,
      CONTAINERS_STORAGE_CONF: join(root, 'storage.conf'),
      BUILDAH_ISOLATION: 'chroot',
    };
  });

  it.skipIf(program === undefined)(
    'stores what was built, for one platform and for two, and finds it again',
    async () => {
      const first = await builder('FROM scratch\nCOPY . /app\n').build(request());
      expect(first).toMatchObject({ reusedBytes: 0, facts: { builder: id, dockerfile: 'project' } });
      expect(first.uploadedBytes).toBeGreaterThan(100);
      await expect(verify(first.descriptor.digest)).resolves.toBeDefined();
      expect(await registry.tags(APP)).toEqual([]);

      const both = await builder('FROM scratch\nCOPY . /app\n').build(
        request({
          platforms: [
            { os: 'linux', architecture: 'amd64' },
            { os: 'linux', architecture: 'arm64' },
          ],
        }),
      );
      expect(both.descriptor.mediaType).toBe('application/vnd.oci.image.index.v1+json');
      await expect(verify(both.descriptor.digest)).resolves.toBeDefined();

      const stored = await registry.manifest(APP, first.descriptor.digest);
      if (stored) await registry.pushManifest(APP, stored, 'abc', { signal: NEVER });
      const again = await builder('FROM scratch\nCOPY . /app\n').build(request({ known: 'abc' }));
      expect(again).toMatchObject({ descriptor: { digest: first.descriptor.digest }, uploadedBytes: 0 });
      const other = await builder('FROM scratch\nCOPY . /other\n').build(request({ known: 'abc' }));
      expect(other.descriptor.digest).not.toBe(first.descriptor.digest);
    },
  );

  it.skipIf(program === undefined)(
    'says what the build said when it fails, stores nothing and leaves no file',
    async () => {
      const writes = registry.writes.length;
      await expect(builder('FROM scratch\nCOPY missing /app\n').build(request())).rejects.toThrow(/BUILDER-FAILED/);
      expect(registry.writes).toHaveLength(writes);
      expect(temporary.length).toBeGreaterThan(0);
      expect(temporary.filter((folder) => existsSync(folder))).toEqual([]);
    },
  );

  function verify(digest: Awaited<ReturnType<DockerfileBuilder['build']>>['descriptor']['digest']) {
    return verifyImage(registry, APP, digest, request().pkg.digest, { signal: NEVER });
  }

  function builder(dockerfile: string): DockerfileBuilder {
    const file = join(folders.empty(), 'Dockerfile');
    writeFileSync(file, dockerfile);
    const exec = new NodeExec(new Redactor());
    return new DockerfileBuilder(id, { exec, files: new WatchedFiles(), registry, env, dockerfile: file });
  }

  function request(change: Partial<ImageRequest> = {}): ImageRequest {
    return {
      pkg: packageIn(join(root, 'package'), { 'app.py': 'print("hello")\n' }),
      to: APP,
      platforms: [{ os: 'linux', architecture: 'amd64' }],
      base: { name: APP, reference: '3.11.9', text: 'python:3.11.9' },
      port: 8080,
      origin: {
        title: 'motor',
        source: undefined,
        revision: undefined,
        version: undefined,
        createdAt: '2026-01-01T00:00:00.000Z',
        builder: 'test',
      },
      known: undefined,
      signal: NEVER,
      progress: () => undefined,
      ...change,
    };
  }
});
