import { existsSync, realpathSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DockerfileBuilder } from '../../shared/image/builders/dockerfile-builder.ts';
import { verifyImage } from '../../shared/image/store/verify-image.ts';
import { DiskFiles } from '../../shared/io/disk-files.ts';
import { NodeExec } from '../../shared/io/node-exec.ts';
import { Redactor } from '../../shared/io/redact.ts';
import { MemoryRegistry } from '../fakes/memory-registry.ts';
import { DockerDaemon } from '../image/docker-daemon.ts';
import { canUnshare } from '../image/unpacked.ts';
import { APP, Folders, packageIn } from '../image/workbench.ts';
import { toolOrSkip } from '../tools/install.ts';

const dockerd = canUnshare() ? toolOrSkip('dockerd') : undefined;
const NEVER = new AbortController().signal;
const folders = new Folders();
const registry = new MemoryRegistry();
let daemon: DockerDaemon | undefined;
let root: string;

/** Docker's own client and daemon, with the builder that every installation of it has. */
describe.skipIf(dockerd === undefined)('building with docker', { timeout: 120_000 }, () => {
  beforeAll(async () => {
    root = folders.empty();
    daemon = await DockerDaemon.start(dockerd ?? '', root);
  }, 120_000);
  afterAll(async () => {
    await daemon?.stop();
    folders.remove();
  });

  it('stores what was built, with compressed layers and without a tag', async () => {
    const pkg = packageIn(join(root, 'package'), {
      'app.py': `print("hello")\n${'# a line that repeats\n'.repeat(2_000)}`,
    });
    const built = await build(pkg, [{ os: 'linux', architecture: 'amd64' }]);
    expect(built.facts).toMatchObject({ builder: 'docker', dockerfile: 'project' });
    expect(built.uploadedBytes).toBeLessThan(8_000);
    await expect(
      verifyImage(registry, APP, built.descriptor.digest, pkg.digest, { signal: NEVER }),
    ).resolves.toBeDefined();
    expect(await registry.tags(APP)).toEqual([]);
    await expect(
      build(pkg, [
        { os: 'linux', architecture: 'amd64' },
        { os: 'linux', architecture: 'arm64' },
      ]),
    ).rejects.toThrow(/BUILDER-PLATFORMS/);
  });
});

type Request = Parameters<DockerfileBuilder['build']>[0];

function build(pkg: Request['pkg'], platforms: Request['platforms']) {
  const dockerfile = join(root, 'Dockerfile');
  writeFileSync(dockerfile, 'FROM scratch\nCOPY . /app\nUSER 65532:65532\n');
  // The client that came with the daemon; another one may want a plugin that is not there.
  const own = join(dirname(realpathSync(dockerd ?? '')), '../root/usr/bin');
  const env = {
    PATH: [...(existsSync(join(own, 'docker')) ? [own] : []), process.env.PATH].join(delimiter),
    HOME: root,
    DOCKER_HOST: `unix://${join(root, 'docker.sock')}`,
  };
  const tools = { exec: new NodeExec(new Redactor()), files: new DiskFiles(), registry, env, dockerfile };
  return new DockerfileBuilder('docker', tools).build({
    pkg,
    to: APP,
    platforms,
    base: { name: APP, reference: '3.11.9', text: 'python:3.11.9' },
    port: 8080,
    origin: {
      title: 'motor',
      source: undefined,
      revision: undefined,
      version: undefined,
      createdAt: undefined,
      builder: 'test',
    },
    known: undefined,
    signal: NEVER,
    progress: () => undefined,
  });
}
