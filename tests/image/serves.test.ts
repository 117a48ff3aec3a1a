import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assembleImage } from '../../shared/image/assemble/assemble-image.ts';
import type { AssembledImage } from '../../shared/image/assemble/image-input.ts';
import type { EnginePackage, QuoteAnswer } from '../../shared/ports/engine.ts';
import type { JsonObject } from '../../shared/release/json.ts';
import { engineOn, Folders, options, quotesOf, type Served, serve } from '../engine/bench.ts';
import { MemoryRegistry } from '../fakes/memory-registry.ts';
import { architectureHere, storePythonBase } from './python-base.ts';
import { canUnshare, Unpacked } from './unpacked.ts';
import * as bench from './workbench.ts';

const QUOTES = quotesOf(
  { quote_id: 1, driver_age: 22, region: 'London', vehicle_value: 12000 },
  { quote_id: 2, driver_age: 61, region: 'Scotland', vehicle_value: 8000.5 },
);
const INPUTS = QUOTES.map(({ input }) => input);

/** Haute leaves them out of its answers over HTTP. */
function withoutNulls(row: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null));
}

const can = canUnshare();
if (!can && process.env.CI) throw new Error('an image is run in CI as root: this user is not, or may not mount');

describe.skipIf(!can)('an image of a real package, as its own user and without a network of its own', () => {
  const folders = new Folders();
  const registry = new MemoryRegistry();
  let pkg: EnginePackage;
  let answers: readonly QuoteAnswer[];
  let image: AssembledImage;
  let unpacked: Unpacked;
  let served: Served;

  beforeAll(async () => {
    const engine = engineOn(folders.project('tables'));
    pkg = await engine.package(`${folders.empty()}/package`, options());
    answers = await engine.score(QUOTES, options());
    await storePythonBase(registry, bench.BASES, 'here');
    const input = bench.inputFor(pkg, {
      base: bench.baseReference('here'),
      platform: { os: 'linux', architecture: architectureHere() },
    });
    image = await assembleImage(input, bench.toolsIn(registry, folders.empty(), folders.empty(), { env: bench.env }));
    unpacked = await Unpacked.of(registry, bench.APP, image.digest, `${folders.empty()}/root`);
    served = await serve({
      argv: unpacked.entrypoint(['--host', '127.0.0.1', '--port', '{port}']),
      env: unpacked.env({ HAUTE_RELEASE_ID: 'sha256:of-a-test' }),
      cwd: '/',
    });
  }, 600_000);

  afterAll(async () => {
    await served?.stop();
    folders.remove();
  });

  async function ask(rows: unknown): Promise<Response> {
    return fetch(`${served.url}/quote`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(rows),
    });
  }

  it('answers one quote and several as the project does', async () => {
    const expected = answers.map((answer) => (answer.ok ? withoutNulls(answer.row) : answer.error));
    const one = await ask(INPUTS[0]);
    expect([one.status, await one.json()], served.log.join('\n')).toMatchObject([200, { rows: [expected[0]] }]);
    const all = await ask(INPUTS);
    expect([all.status, await all.json()], served.log.join('\n')).toMatchObject([200, { rows: expected }]);
  });

  it('says which package and which release it is', async () => {
    const { headers } = await ask(INPUTS[0]);
    expect(headers.get('x-haute-package')).toBe(pkg.digest);
    expect(headers.get('x-haute-release')).toBe('sha256:of-a-test');
  });

  it('passes its own health check while it serves, and only then', async () => {
    expect(await unpacked.health(new URL(served.url).port)).toBe(0);
    expect(await unpacked.health('1')).toBe(1);
  });
});
