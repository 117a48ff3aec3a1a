import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assembleImage } from '../../shared/image/assemble/assemble-image.ts';
import type { AssembledImage } from '../../shared/image/assemble/image-input.ts';
import { openImage } from '../../shared/image/store/open-image.ts';
import type { Engine, EnginePackage, QuoteAnswer } from '../../shared/ports/engine.ts';
import type { RepositoryName } from '../../shared/ports/registry.ts';
import type { JsonObject } from '../../shared/release/json.ts';
import { packageEndpoint } from '../../shared/scoring/offline/package-endpoint.ts';
import { engineOn, Folders, files, options, quotesOf, type Served, serve } from '../engine/bench.ts';
import { toolOrSkip } from '../tools/install.ts';
import { DockerDaemon } from './docker-daemon.ts';
import { type Running, registryClient, startRegistry } from './processes.ts';
import { architectureHere, storePythonBase } from './python-base.ts';
import { canUnshare, Unpacked } from './unpacked.ts';
import * as bench from './workbench.ts';

const QUOTES = quotesOf(
  { quote_id: 1, driver_age: 22, region: 'London', vehicle_value: 12000 },
  { quote_id: 2, driver_age: 61, region: 'Scotland', vehicle_value: 8000.5 },
);
const signal = new AbortController().signal;
const INPUTS = QUOTES.map(({ input }) => input);

const registryProgram = toolOrSkip('google-registry-0.22.1');
const can = canUnshare();
if (!can && process.env.CI) throw new Error('an image is run in CI as root: this user is not, or may not mount');
const dockerd = can ? toolOrSkip('dockerd') : undefined;

/** Haute leaves them out of its answers over HTTP. */
function withoutNulls(row: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null));
}

async function ask(url: string, rows: unknown): Promise<Response> {
  return fetch(`${url}/quote`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(rows),
  });
}

describe.skipIf(registryProgram === undefined)('an image of a real package, in a real registry', () => {
  const folders = new Folders();
  const client = registryClient();
  let running: Running | undefined;
  let to: RepositoryName;
  let engine: Engine;
  let pkg: EnginePackage;
  let answers: readonly QuoteAnswer[];
  let image: AssembledImage;

  beforeAll(async () => {
    const started = await startRegistry(registryProgram ?? '');
    running = started.running;
    to = { registry: started.host, repository: 'team/motor' };
    const bases = { registry: started.host, repository: 'library/python' };
    engine = engineOn(folders.project('tables'));
    pkg = await engine.package(`${folders.empty()}/package`, options());
    answers = await engine.score(QUOTES, options());
    await storePythonBase(client, bases, 'here');
    const input = bench.inputFor(pkg, {
      base: bench.baseReference('here', bases),
      platform: { os: 'linux', architecture: architectureHere() },
      to,
    });
    image = await assembleImage(input, bench.toolsIn(client, folders.empty(), folders.empty(), { env: bench.env }));
  }, 600_000);

  afterAll(async () => {
    await running?.stop();
    folders.remove();
  });

  const expected = () => answers.map((answer) => (answer.ok ? withoutNulls(answer.row) : answer.error));

  it('is found with its list of software and its provenance', async () => {
    const call = { signal: new AbortController().signal };
    const found = await client.referrers(to, image.digest, undefined, call);
    expect(found.map(({ digest }) => digest).sort()).toEqual([image.sbom, image.provenance].sort());
  });

  it('gives its package back, which answers without a server as the project does', async () => {
    const tools = {
      registry: client,
      files,
      packagesDir: `${folders.empty()}/packages`,
      openPackage: engine.open.bind(engine),
    };
    const opened = await openImage(tools, image.reference, pkg.digest, signal);
    const loaded = packageEndpoint(await engine.load(opened, options()), { retryAfterMs: () => undefined });
    try {
      expect(await loaded.identify({ signal, timeoutMs: 60_000 })).toMatchObject({ packageDigest: pkg.digest });
      const rows = await loaded.score(INPUTS, { signal, timeoutMs: 60_000, bulk: true });
      expect([...rows].map((row) => (row.ok ? withoutNulls(row.row) : row.error))).toEqual(expected());
    } finally {
      await loaded.close();
    }
  });

  describe.skipIf(!can)('unpacked, as its own user', () => {
    let unpacked: Unpacked;
    let served: Served;

    beforeAll(async () => {
      unpacked = await Unpacked.of(client, to, image.digest, `${folders.empty()}/root`);
      served = await serve({
        argv: unpacked.entrypoint(['--host', '127.0.0.1', '--port', '{port}']),
        env: unpacked.env({ HAUTE_RELEASE_ID: 'sha256:of-a-test' }),
        cwd: '/',
      });
    }, 600_000);

    afterAll(() => served?.stop());

    it('answers one quote and several as the project does, and has nothing to complain of', async () => {
      const one = await ask(served.url, INPUTS[0]);
      expect([one.status, await one.json()], served.log.join('\n')).toMatchObject([200, { rows: [expected()[0]] }]);
      const all = await ask(served.url, INPUTS);
      expect([all.status, await all.json()], served.log.join('\n')).toMatchObject([200, { rows: expected() }]);
      expect(served.log.filter((line) => /\[(warning|error)|Traceback/.test(line))).toEqual([]);
    });

    it('says which package and which release it is', async () => {
      const { headers } = await ask(served.url, INPUTS[0]);
      expect(headers.get('x-haute-package')).toBe(pkg.digest);
      expect(headers.get('x-haute-release')).toBe('sha256:of-a-test');
    });

    it('passes its own health check while it serves, and only then', async () => {
      expect(await unpacked.health(new URL(served.url).port)).toBe(0);
      expect(await unpacked.health('1')).toBe(1);
    });
  });

  describe.skipIf(dockerd === undefined)('pulled and run by a Docker daemon', () => {
    let docker: DockerDaemon | undefined;
    let log = '';

    afterAll(async () => {
      await docker?.stop();
    });

    it('answers quotes as its release', async () => {
      docker = await DockerDaemon.start(dockerd ?? '', folders.empty());
      await docker.pull(image.reference);
      const cmd = ['--host', '127.0.0.1', '--port', '0'];
      const id = await docker.run(image.reference, cmd, ['HAUTE_RELEASE_ID=sha256:of-a-test']);
      try {
        const port = await docker.untilLogged(id, (text) => {
          log = text;
          return text.includes('Application startup complete')
            ? /listening on 127\.0\.0\.1:(\d+)/.exec(text)?.[1]
            : undefined;
        });
        const all = await ask(`http://127.0.0.1:${port}`, INPUTS);
        expect([all.status, await all.json()], log).toMatchObject([200, { rows: expected() }]);
        expect(all.headers.get('x-haute-release')).toBe('sha256:of-a-test');
        const { Config } = JSON.parse(await docker.ask('GET', `/containers/${id}/json`));
        expect(Config).toMatchObject({ User: '65532:65532', StopSignal: 'SIGTERM', Healthcheck: { Retries: 3 } });
      } finally {
        await docker.ask('DELETE', `/containers/${id}?force=1`);
      }
    }, 300_000);
  });
});
