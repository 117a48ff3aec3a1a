import { chmodSync, cpSync, existsSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine, EnginePackage, QuoteAnswer } from '../../shared/ports/engine.ts';
import type { JsonObject } from '../../shared/release/json.ts';
import { engineOn, env, exec, Folders, options, PYTHON_DIR, quotesOf, type Served, serve } from './bench.ts';

const QUOTES = quotesOf(
  { quote_id: 1, driver_age: 22, region: 'London', vehicle_value: 12000 },
  { quote_id: 2, driver_age: 61, region: 'Scotland', vehicle_value: 8000.5 },
  { quote_id: 3, driver_age: 16, region: 'London', vehicle_value: 900 },
);
const DECLINED = { quote_id: 3, premium: null, decline_reason: 'under 18' };

const SYSTEM_PYTHON = ['/usr/bin/python3', '/usr/local/bin/python3'].find((path) => existsSync(path));
const IS_ROOT = process.getuid?.() === 0;
const NOBODY = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--no-new-privs'];

/** Another environment of Haute has to be made for it, which is slow: the newest version is enough. */
const ORDINARY_USER = {
  user: 'an ordinary user',
  as: NOBODY,
  possible: IS_ROOT && SYSTEM_PYTHON !== undefined,
  python: SYSTEM_PYTHON,
};

const folders = new Folders();

/** Runs something while a folder is not there. */
async function without(dir: string, work: () => Promise<void>): Promise<void> {
  renameSync(dir, `${dir}-away`);
  try {
    await work();
  } finally {
    renameSync(`${dir}-away`, dir);
  }
}

afterAll(() => folders.remove());

describe.each([
  { haute: '0.6.0', fixture: 'modelled', premiums: [966.14, 243.25], model: 'frequency__frequency.cbm' },
  { haute: '0.5.2', fixture: 'tables', premiums: [383.8, 262.8], model: undefined },
])('Haute $haute', ({ haute, fixture, premiums, model }) => {
  let root: string;
  let engine: Engine;
  let answers: readonly QuoteAnswer[];
  let pkg: EnginePackage;

  beforeAll(async () => {
    root = pinned(folders.project(fixture));
    engine = engineOn(root);
    answers = await engine.score(QUOTES, options());
    pkg = await engine.package(join(folders.empty(), 'package'), options());
  });

  function pinned(project: string): string {
    writeFileSync(join(project, 'requirements.txt'), `haute==${haute}\n`);
    return project;
  }

  it('reads the pipeline: what is deployed, what is left out, and which files it needs', async () => {
    const resolved = await engine.resolve(options());
    expect(resolved).toMatchObject({
      engine: { name: 'haute', version: haute, python: expect.stringMatching(/^3\.1\d/) },
      nodesSkipped: ['review'],
      outputNode: 'priced',
      inputSchema: { quote_id: 'Int64', driver_age: 'Int64', region: 'String', vehicle_value: 'Float64' },
      warnings: [],
    });
    expect(resolved.nodesKept).toContain('underwriting');
    const names = resolved.artifacts.map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining(['regions__regions.parquet', 'tariff__tariff.json', ...(model ? [model] : [])]),
    );
  });

  it('prices quotes in process, declined ones included, and says what is wrong with one that it cannot price', async () => {
    const rows = answers.map((answer) => (answer.ok ? answer.row : answer.error));
    expect(rows[0]).toMatchObject({ quote_id: 1, premium: premiums[0], decline_reason: null });
    expect(rows[1]).toMatchObject({ quote_id: 2, premium: premiums[1] });
    expect(rows[2]).toMatchObject(DECLINED);
    const [lacking, after] = await engine.score(
      quotesOf({ quote_id: 4, driver_age: 30 }, QUOTES[0]?.input ?? {}),
      options(),
    );
    expect(lacking).toMatchObject({ ok: false, error: 'the quote lacks region, vehicle_value' });
    expect(after).toMatchObject({ ok: true });
  });

  it('packages the application, its files, the proof of release, and pinned requirements of its own version', () => {
    expect(pkg.files.map(({ path }) => path)).toEqual(
      expect.arrayContaining([
        'app.py',
        'deploy_manifest.json',
        'haute_release_asgi.py',
        'haute_release_serve.py',
        'rating/data/regions.parquet',
        'requirements.txt',
        'utility/rounding.py',
      ]),
    );
    expect(pkg.engine).toEqual({ name: 'haute', version: haute });
    expect(pkg.requirements).toContain(`haute==${haute}`);
    expect(pkg.requirements.some((line) => line.startsWith('catboost=='))).toBe(model !== undefined);
    expect([...pkg.requirements].toSorted()).toEqual(pkg.requirements);
  });

  it('says nothing of machine, user, folder and day, and has no file but its own', () => {
    const text = pkg.files.map(({ path }) => readFileSync(join(pkg.dir, path), 'latin1')).join('\n');
    for (const mark of [root, env.HOME ?? '/root', 'created_at', 'created_by']) expect(text).not.toContain(mark);
    expect(readFileSync(join(pkg.dir, 'deploy_manifest.json'), 'utf8')).not.toMatch(/20\d\d-\d\d-\d\d/);
    expect(readdirSync(pkg.dir).filter((name) => /pycache|Dockerfile/.test(name))).toEqual([]);
    expect(pkg.files.map(({ path }) => statSync(join(pkg.dir, path)).mode & 0o777)).toEqual(pkg.files.map(() => 0o644));
  });

  it('is the same package in another folder, for another user, in another zone, with another order of hashing', async () => {
    const other = pinned(folders.project(fixture, 'elsewhere'));
    cpSync(join(other, 'rating/utility/rounding.py'), join(other, 'rating/utility/.rounding.py.swp'));
    chmodSync(join(other, 'rating/rates/tariff.json'), 0o600);
    const strange = {
      ...env,
      HOME: folders.empty(),
      USER: 'somebody',
      LOGNAME: 'somebody',
      TZ: 'Asia/Tokyo',
      PYTHONHASHSEED: '7',
    };
    const again = await engineOn(other, {}, { env: strange }).package(join(folders.empty(), 'p'), options());
    expect(again.digest).toBe(pkg.digest);
    expect((await engine.open(again.dir, pkg.digest)).files).toEqual(pkg.files);
  });

  it('is another package when one byte of a rate is another', async () => {
    const other = pinned(folders.project(fixture));
    const tariff = join(other, 'rating/rates/tariff.json');
    writeFileSync(tariff, readFileSync(tariff, 'utf8').replace('45.0', '46.0'));
    const changed = await engineOn(other).package(join(folders.empty(), 'p'), options());
    expect(changed.digest).not.toBe(pkg.digest);
    await expect(engine.open(changed.dir, pkg.digest)).rejects.toThrow(/PACKAGE-CHANGED/);
  });

  it('leaves the project as git sees it', async () => {
    const project = pinned(folders.project(fixture));
    const git = (...args: readonly string[]) =>
      exec.run({ argv: ['git', ...args], cwd: project, env, timeoutMs: 20_000, signal: new AbortController().signal });
    await git('init', '--quiet');
    await git('add', '.');
    await git('-c', 'user.name=t', '-c', 'user.email=t@t', 'commit', '--quiet', '--message', 'all');
    const own = engineOn(project);
    await own.resolve(options());
    await own.score(QUOTES, options());
    await own.package(join(folders.empty(), 'p'), options());
    expect((await git('status', '--porcelain')).stdout).toBe('');
  });

  it('is accepted with the project gone: it answers over HTTP as in process, one quote and many', async () => {
    const said: string[] = [];
    await engine.servePlan(pkg, options());
    await without(root, () => engine.accept(pkg, QUOTES, answers, options(said)));
    expect(said.at(-1)).toBe('3 quotes are answered over HTTP as in process, alone and together');
  });

  it('is not accepted with an answer that differs by a penny', async () => {
    const wrong = answers.map((answer, index) =>
      answer.ok && index === 1
        ? { ...answer, row: { ...answer.row, premium: Number(answer.row.premium) + 0.01 } }
        : answer,
    );
    await expect(engine.accept(pkg, QUOTES, wrong, options())).rejects.toThrow(
      /golden\.json\[1\] differently: premium is .*PACKAGE-ANSWERS-DIFFER/s,
    );
  });

  it('does not start once one byte of it was changed', async () => {
    const dir = join(folders.empty(), 'p');
    cpSync(pkg.dir, dir, { recursive: true });
    writeFileSync(join(dir, 'app.py'), `${readFileSync(join(dir, 'app.py'), 'utf8')}\n`);
    await expect(engine.accept({ ...pkg, dir }, QUOTES, answers, options())).rejects.toThrow(
      /app\.py is not the file that was packaged.*PACKAGE-DOES-NOT-SERVE/s,
    );
  });

  describe.each([
    { user: 'this user', as: [] as readonly string[], possible: true, python: undefined },
    ...(haute === '0.6.0' ? [ORDINARY_USER] : []),
  ])('served as $user', ({ as, possible, python }) => {
    let served: Served;

    beforeAll(async () => {
      if (!possible) return;
      const plan = await engineOn(root, {}, { python }).servePlan(pkg, options());
      const home = folders.empty();
      served = await serve(
        plan,
        { HOME: home, TMPDIR: '/tmp', HAUTE_RELEASE_ID: 'sha256:r', HAUTE_DEPLOYMENT_ID: 'd-1' },
        as,
      );
    });
    afterAll(() => served?.stop());

    const PROOF = { 'x-haute-release': 'sha256:r', 'x-haute-deployment': 'd-1' };

    async function post(body: unknown, headers: Record<string, string> = {}): Promise<Response> {
      const answer = await fetch(`${served.url}/quote`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      });
      expect(Object.fromEntries(answer.headers)).toMatchObject({ ...PROOF, 'x-haute-package': pkg.digest });
      return answer;
    }

    it.skipIf(!possible)('answers one row', async () => {
      const answer = await post(QUOTES[0]?.input);
      expect(await answer.json()).toMatchObject({ rows: [{ quote_id: 1, premium: premiums[0] }] });
    });

    it.skipIf(!possible)('answers two rows', async () => {
      const answer = await post(QUOTES.slice(0, 2).map(({ input }) => input));
      expect(await answer.json()).toMatchObject({ rows: [{ premium: premiums[0] }, { premium: premiums[1] }] });
    });

    it.skipIf(!possible)('streams two thousand rows, declined ones included', async () => {
      const rows = Array.from({ length: 2000 }, (_, id) => ({ ...QUOTES[id % 3]?.input, quote_id: id }));
      const answer = await post(rows, { accept: 'application/x-ndjson' });
      const priced = (await answer.text())
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as JsonObject);
      expect(priced.map(({ quote_id }) => quote_id)).toEqual(rows.map(({ quote_id }) => quote_id));
      expect(priced[1998]).toMatchObject({ premium: premiums[0] });
      expect(priced[2 + 3 * 100]).toMatchObject({ premium: null, decline_reason: 'under 18' });
    });

    it.skipIf(!possible)('answers several requests of many rows at the same time', async () => {
      const rows = QUOTES.map(({ input }) => input);
      const all = await Promise.all([post(rows), post(rows)]);
      expect(all.map(({ status }) => status)).toEqual([200, 200]);
    });

    it.skipIf(!possible)('proves what it is on errors as well', async () => {
      expect((await post('{')).status).toBe(422);
      expect((await post(7)).status).toBe(400);
      expect((await post({ quote_id: 1 })).status).toBe(500);
      const lost = await fetch(`${served.url}/nowhere`);
      expect([lost.status, lost.headers.get('x-haute-package')]).toEqual([404, pkg.digest]);
    });

    it.skipIf(!possible)('leaves the package as it was', async () => {
      await expect(engine.open(pkg.dir, pkg.digest)).resolves.toMatchObject({ digest: pkg.digest });
    });
  });

  it.each([
    ['a large server runs four at a time, with what Haute gives one', 64, 8, 4],
    ['a runner of a CI runs four', 16, 4, 3.5],
    ['a small one runs two', 7, 2, 1.875],
    ['a laptop of many processors gives their threads room', 10, 16, 4.5],
    ['a small container gives what it has', 2, 1, 0.9],
  ])('reserves memory for requests of many rows: %s', async (_, availableGib, processors, gib) => {
    const { argv, cwd } = await engine.servePlan(pkg, options());
    const code = `import haute_release_serve as s; print(s.batch_memory_bytes(${availableGib} * s.GIB, ${processors}) / s.GIB)`;
    const signal = new AbortController().signal;
    const run = { argv: [argv[0] ?? '', '-B', '-c', code] as const, cwd, env, timeoutMs: 60_000, signal };
    expect(Number((await exec.run(run)).stdout)).toBeCloseTo(gib, 5);
  });

  it("answers where Haute's own package of the same pipeline cannot: away from the project", async () => {
    const own = join(folders.empty(), 'own');
    const plan = await engine.servePlan(pkg, options());
    const [python = ''] = plan.argv;
    const argv = [python, join(import.meta.dirname, 'haute-own-package.py'), root, own] as const;
    const built = await exec.run({ argv, cwd: root, env, timeoutMs: 120_000, signal: new AbortController().signal });
    expect(built, built.stderr).toMatchObject({ code: 0 });
    cpSync(join(PYTHON_DIR, 'haute_release_serve.py'), join(own, 'haute_release_serve.py'));
    writeFileSync(join(own, 'haute_release_asgi.py'), 'from app import app\n');
    await without(root, async () => {
      const served = await serve({ ...plan, cwd: own });
      const headers = { 'content-type': 'application/json' };
      const body = JSON.stringify(QUOTES[0]?.input);
      const answer = await fetch(`${served.url}/quote`, { method: 'POST', headers, body });
      await served.stop();
      expect(answer.status).toBeGreaterThanOrEqual(400);
    });
  });
});
