import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { assembleImage } from '../../shared/image/assemble/assemble-image.ts';
import { toolOrSkip } from '../tools/install.ts';
import { Running, registryClient, startRegistry } from './processes.ts';
import * as bench from './workbench.ts';

const crane = toolOrSkip('crane-0.22.1');
const debian = toolOrSkip('docker-registry');
const skopeo = toolOrSkip('skopeo');
const google = toolOrSkip('google-registry-0.22.1');
const folders = new bench.Folders();
const running: Running[] = [];

afterAll(async () => {
  for (const each of running) await each.stop();
  folders.remove();
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}

/** Docker's registry, from Debian. */
async function startDebian(program: string): Promise<string> {
  const dir = folders.empty();
  const host = `127.0.0.1:${await freePort()}`;
  const config = { version: 0.1, storage: { filesystem: { rootdirectory: dir } }, http: { addr: host } };
  writeFileSync(join(dir, 'config.yml'), JSON.stringify(config));
  const started = new Running(program, ['serve', join(dir, 'config.yml')]);
  running.push(started);
  await started.until(async () => ((await fetch(`http://${host}/v2/`).catch(() => undefined))?.ok ? true : undefined));
  return host;
}

async function startGoogle(program: string): Promise<string> {
  const started = await startRegistry(program);
  running.push(started.running);
  return started.host;
}

/** What skopeo says of an image, and that its layers are, unpacked by it, those of the configuration. */
function readWithSkopeo(program: string, reference: string): void {
  const said = JSON.parse(
    execFileSync(program, ['inspect', '--tls-verify=false', `docker://${reference}`]).toString(),
  ) as Record<string, unknown>;
  expect(said).toMatchObject({ Os: 'linux', Architecture: 'amd64', Labels: { maintainer: 'base' } });
  expect(said.Layers).toHaveLength(4);
  const dir = join(folders.empty(), 'copied');
  const copy = [
    'copy',
    '--quiet',
    '--src-tls-verify=false',
    '--dest-decompress',
    `docker://${reference}`,
    `dir:${dir}`,
  ];
  execFileSync(program, ['--insecure-policy', ...copy]);
  const manifest = JSON.parse(bench.readText(dir, 'manifest.json'));
  const config = JSON.parse(bench.readText(dir, manifest.config.digest.slice('sha256:'.length)));
  expect(manifest.layers.map(({ digest }: { digest: string }) => digest)).toEqual(config.rootfs.diff_ids);
}

describe.each([
  ["Docker's registry", debian, startDebian],
  ["Google's registry", google, startGoogle],
] as const)('%s', (_, program, start) => {
  it.skipIf(program === undefined || crane === undefined)(
    'takes an image that a reader of others finds whole, and after it only what changed',
    async () => {
      const host = await start(program ?? '');
      const client = registryClient();
      const bases = { registry: host, repository: 'library/python' };
      const to = { registry: host, repository: 'team/motor' };
      await bench.storeBase(client, bases);
      const root = bench.projectWithWheels(folders.empty());
      const tools = bench.toolsIn(client, root, folders.empty());
      const build = (rates: string) => {
        const pkg = bench.packageIn(folders.empty(), { ...bench.FILES, 'artifacts/rates.json': rates });
        return assembleImage(bench.inputFor(pkg, { base: bench.baseReference('3.11.9-slim', bases), to }), tools);
      };

      const first = await build('{ "base": 100 }');
      expect(first).toMatchObject({
        dependencies: 'built',
        layers: [{ role: 'base', sentBytes: 0 }, { sentBytes: 0 }, {}, {}],
      });
      const validate = (reference: string) =>
        execFileSync(crane ?? '', ['validate', '--remote', reference], {
          stdio: ['ignore', 'pipe', 'pipe'],
        }).toString();
      expect(validate(first.reference)).toMatch(/^PASS/);
      if (skopeo !== undefined) readWithSkopeo(skopeo, first.reference);

      const second = await build('{ "base": 101 }');
      expect(second).toMatchObject({
        dependencies: 'found',
        layers: [{ sentBytes: 0 }, { sentBytes: 0 }, { role: 'dependencies', sentBytes: 0 }, { role: 'application' }],
      });
      expect(second.layers[3]?.sentBytes).toBe(second.layers[3]?.size);
      expect(
        execFileSync(crane ?? '', ['digest', `${host}/team/motor:abc1234`])
          .toString()
          .trim(),
      ).toBe(second.digest);
      const call = { signal: new AbortController().signal };
      const found = await client.referrers(to, second.digest, undefined, call);
      expect(found.map(({ digest }) => digest).sort()).toEqual([second.sbom, second.provenance].sort());

      const unchanged = await build('{ "base": 101 }');
      expect(unchanged).toMatchObject({ digest: second.digest, dependencies: 'found' });
      expect(unchanged.layers.every(({ sentBytes }) => sentBytes === 0)).toBe(true);
    },
    300_000,
  );
});
