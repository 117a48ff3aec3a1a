import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ImpactJson } from '../../shared/impact/report/impact-json.ts';
import type { JsonObject } from '../../shared/release/json.ts';
import { ImpactBench } from './impact-bench.ts';
import { hauteLike, text } from './quote-server.ts';

function rates(row: JsonObject, side: 'staging' | 'production'): JsonObject {
  return { quote_id: row.quote_id ?? null, premium: side === 'staging' ? 202 : 200 };
}

let bench: ImpactBench;
beforeEach(async () => {
  bench = await ImpactBench.start(rates);
  bench.portfolio(Array.from({ length: 200 }, (_, id) => ({ quote_id: `q${id}`, age: 20 + (id % 50) })));
});
afterEach(() => bench.stop());

function report(): ImpactJson {
  return JSON.parse(bench.read('.haute/impact/impact.json')) as ImpactJson;
}

describe('two addresses that somebody names', () => {
  it('are compared without a release, a target or a forge; no evidence is left', async () => {
    const { end } = await bench.standalone();
    expect(end).toMatchObject({
      result: 'pass',
      exitCode: 0,
      outputs: {
        'rows-scored': '200',
        'rows-failed': '0',
        'rows-changed': '200',
        'mean-change-pct': '1.0000',
        'premium-change-pct': '1.0000',
      },
    });
    expect(end?.outputs).not.toHaveProperty('release-id');
    expect(bench.list('.haute')).toEqual(['impact', 'summary']);
    expect(bench.forge.comments.size).toBe(0);
    expect(report().subject).toMatchObject({
      staging: { url: bench.staging, release_id: null },
      production: { url: bench.production, release_id: null },
    });
  });

  it('get the headers of the input, which are masked and in no file', async () => {
    const seen = new Set<string | undefined>();
    const closed = await bench.serve((request, response) => {
      seen.add(request.headers.authorization);
      if (request.headers.authorization !== 'Bearer s3cret') return text(response, 401, 'no');
      return hauteLike((row) => rates(row, 'staging'))(request, response);
    });
    const host = await bench.standalone({ 'staging-url': closed, headers: 'Authorization: Bearer s3cret' });
    expect(host.annotations).toEqual([]);
    expect(host.end?.result).toBe('pass');
    expect([...seen]).toEqual(['Bearer s3cret']);
    expect(host.masked.join()).toContain('s3cret');
    const written = bench.list('.haute/impact').map((name) => bench.read(`.haute/impact/${name}`));
    expect([...written, host.end?.summary, ...host.lines].join('\n')).not.toContain('s3cret');
  });

  it('may carry a key in the query, which is asked with and in no file', async () => {
    const [staging, production] = [`${bench.staging}?code=s3cret`, `${bench.production}?code=s3cret`];
    const host = await bench.standalone({ 'staging-url': staging, 'production-url': production });
    expect(host.end?.result).toBe('pass');
    expect(report().subject).toMatchObject({ staging: { url: bench.staging }, production: { url: bench.production } });
    const written = bench.list('.haute/impact').map((name) => bench.read(`.haute/impact/${name}`));
    expect([...written, host.end?.summary, ...host.lines].join('\n')).not.toContain('s3cret');
  });

  it('must not be the same: that would show that nothing changes', async () => {
    const { end, annotations } = await bench.standalone({ 'production-url': bench.staging });
    expect(annotations.map(({ title }) => title)).toEqual(['ADDRESSES-SAME']);
    expect(end).toMatchObject({ result: 'error', exitCode: 2, outputs: {} });
  });

  it('may be an older address and an environment: the one that is named is taken as it is', async () => {
    await bench.releases(rates);
    const { end } = await bench.run({ 'production-url': bench.production });
    expect(end).toMatchObject({ result: 'pass' });
    expect(report().subject).toMatchObject({ production: { url: bench.production, release_id: null } });
  });
});

describe('nothing to compare with', () => {
  const nothing = () => bench.serve((_, response) => text(response, 404, 'not found'));

  it('is inconclusive where the address of production was named and answers 404', async () => {
    const { end, annotations } = await bench.standalone({ 'production-url': await nothing() });
    expect(end).toMatchObject({ result: 'inconclusive', exitCode: 1 });
    expect(annotations).toMatchObject([
      {
        level: 'error',
        title: 'IMPACT-BASELINE',
        message: expect.stringContaining('was named as production and answers 404'),
      },
    ]);
    expect(report()).toMatchObject({
      verdict: 'inconclusive',
      baseline: 'none',
      gates: [{ name: 'baseline' }, {}, {}, {}, {}, {}],
    });
    expect(end?.summary).toContain('**Nothing was compared, though there should have been a baseline.**');
    expect(bench.read('.haute/impact/impact_gates.xml')).toContain(
      '<testcase classname="impact" name="Baseline"><error',
    );
  });

  it('is inconclusive where only staging was named and nothing says where production is', async () => {
    const { end, annotations } = await bench.run({ 'staging-url': bench.staging });
    expect(end).toMatchObject({ result: 'inconclusive', exitCode: 1 });
    expect(annotations[0]?.message).toContain('name its address as production-url');
  });

  it.each([true, false])(
    'passes as the first deployment when the input says so (production named: %s)',
    async (named) => {
      const production: Record<string, string> = named ? { 'production-url': await nothing() } : {};
      const inputs = { 'staging-url': bench.staging, 'first-deployment': 'true', ...production };
      const { end, annotations } = await bench.run(inputs);
      expect(end).toMatchObject({ result: 'pass', exitCode: 0 });
      expect(annotations).toEqual([]);
      expect(report().gates.map(({ name }) => name)).not.toContain('baseline');
    },
  );

  it('passes by itself where the target says that nothing was ever promoted', async () => {
    await bench.releases(rates);
    bench.target.environment('production').history.length = 0;
    expect((await bench.run()).end).toMatchObject({ result: 'pass' });
    expect(report()).toMatchObject({ baseline: 'none', verdict: 'pass' });
  });

  it.each([{}, { 'first-deployment': 'true' }])(
    'is inconclusive where production serves what is no release, until the policy lets it be replaced: %o',
    async (said) => {
      await bench.releases(rates);
      const production = bench.target.environment('production');
      production.history.length = 0;
      production.foreign = 'motor-pricing:1';
      const { end, annotations } = await bench.run(said);
      expect(end).toMatchObject({ result: 'inconclusive' });
      expect(annotations[0]?.message).toContain('take_over = "motor-pricing:1" under [environments.production]');
      bench.write('haute.release.toml', '[environments.production]\ntake_over = "motor-pricing:1"\n');
      expect((await bench.run(said)).end).toMatchObject({ result: 'pass' });
      bench.write('haute.release.toml', '[environments.production]\ntake_over = "motor-pricing:2"\n');
      expect((await bench.run(said)).end).toMatchObject({ result: 'inconclusive' });
    },
  );

  it('compares with what serves production and is no release, where its address is named', async () => {
    const before = bench.target.urls.get('production');
    await bench.releases(rates);
    const production = bench.target.environment('production');
    production.history.length = 0;
    production.foreign = 'motor-pricing:1';
    const named = { 'production-url': bench.target.urls.get('production') ?? before ?? '' };
    const { end } = await bench.run(named);
    expect(end?.outputs).toMatchObject({ 'rows-scored': '200' });
    expect(report().baseline).not.toBe('none');
  });

  it.each([{}, { 'first-deployment': 'true' }])(
    'is inconclusive where the target says that production serves, and its quotes are not found: %o',
    async (said) => {
      const release = await bench.releases(rates);
      const identity = { 'x-haute-release': '', 'x-haute-package': '' };
      const before = [...bench.target.deployments.values()].find(({ releaseId }) => releaseId !== release.id);
      Object.assign(identity, { 'x-haute-release': before?.releaseId, 'x-haute-package': before?.packageDigest });
      bench.target.urls.set('production', await bench.serve((_, response) => text(response, 404, 'no'), identity));
      const { end, annotations } = await bench.run(said);
      expect(end).toMatchObject({ result: 'inconclusive' });
      expect(annotations[0]?.message).toContain('answers quotes with 404');
    },
  );

  it('is the same for shards: the merge says it', async () => {
    const production = await nothing();
    for (const shard of ['1/2', '2/2']) await bench.standalone({ 'production-url': production, shard });
    const { end } = await bench.standalone({ 'production-url': production, merge: '.haute/impact/shard-*' });
    expect(end).toMatchObject({ result: 'inconclusive', exitCode: 1 });
  });
});

describe('too few rows', () => {
  it.each([
    [1, 'pass'],
    [2, 'inconclusive'],
  ])('%i of 200 that cannot be priced: %s, at the default of 99.5 %', async (failing, result) => {
    bench.write('haute.release.toml', '[gates.impact]\nquotability = { fail = 1 }\n');
    const flawed = hauteLike((row) => rates(row, 'staging'));
    const url = await bench.serve((request, response) => {
      const rows = JSON.parse(request.body) as JsonObject[];
      if (rows.some(({ quote_id: id }) => Number(String(id).slice(1)) < failing))
        return text(response, 422, 'no such risk');
      return flawed(request, response);
    });
    const { end } = await bench.standalone({ 'staging-url': url });
    expect(end).toMatchObject({ result, outputs: { 'rows-failed': String(failing) } });
  });
});
