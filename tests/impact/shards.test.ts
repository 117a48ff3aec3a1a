import { cpSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decodeRelease } from '../../shared/release/codec.ts';
import type { JsonObject } from '../../shared/release/json.ts';
import type { RecordingHost } from '../fakes/recording-host.ts';
import { ImpactBench } from './impact-bench.ts';
import { hauteLike } from './quote-server.ts';

const ROWS = 1_100;
/** Everything that is told of a run, apart from the evidence. */
const REPORTS = ['impact.json', 'impact_gates.xml', 'impact_report.html', 'impact_report.md', 'impact_rows.parquet'];

/** Rates with something of everything: declined risks, zero baselines and a region that rises. */
function rates(row: JsonObject, side: 'staging' | 'production'): JsonObject {
  const age = Number(row.age);
  const { quote_id = null } = row;
  if (age === 19 && side === 'staging') return { quote_id, premium: null };
  if (age === 23 && side === 'production') return { quote_id, premium: 0 };
  const rise = side === 'staging' && row.region === 'Wales' ? 1.08 : 1;
  return { quote_id, premium: Math.round((90 + 3 * age) * rise * 100) / 100, tax: age / 10 };
}

let bench: ImpactBench;
beforeEach(async () => {
  bench = await ImpactBench.start(rates);
  const regions = ['London', 'Wales', 'Scotland'];
  const row = (id: number): JsonObject => ({
    quote_id: id % 211 === 3 ? 'same' : `q${id}`,
    age: 17 + (id % 61),
    region: regions[(id * 7) % 3] ?? '',
  });
  bench.portfolio(Array.from({ length: ROWS }, (_, id) => row(id)));
});
afterEach(() => bench.stop());

function bytesOf(folder: string): Readonly<Record<string, string>> {
  return Object.fromEntries(REPORTS.map((name) => [name, readFileSync(join(bench.root, folder, name), 'base64')]));
}

async function shards(of: number, inputs: Readonly<Record<string, string>> = {}): Promise<void> {
  for (let index = of; index > 0; index--) {
    const { end } = await bench.standalone({ ...inputs, shard: `${index}/${of}`, 'report-dir': 'partials' });
    expect(end, JSON.stringify(end)).toMatchObject({ result: 'warn', exitCode: 0 });
  }
}

function codesOf({ annotations }: RecordingHost): readonly string[] {
  return annotations.map(({ title }) => title);
}

describe('a run in shards', () => {
  it.each([1, 4, 16])('of %i gives the report of one run, byte for byte', async (of) => {
    const whole = await bench.standalone({ 'report-dir': 'whole' });
    await shards(of);
    const merged = await bench.standalone({ merge: 'partials/shard-*', 'report-dir': 'merged' });
    expect(bytesOf('merged')).toEqual(bytesOf('whole'));
    expect(merged.annotations).toEqual(whole.annotations);
    expect(merged.end).toMatchObject({ result: whole.end?.result, summary: whole.end?.summary });
    expect(JSON.parse(bench.read('merged/impact.json'))).toMatchObject({ rows: { total: ROWS, repeated_key: 6 } });
  });

  it('may score a sample', async () => {
    await bench.standalone({ sample: '333', 'report-dir': 'whole' });
    await shards(5, { sample: '333' });
    await bench.standalone({ merge: 'partials', sample: '333', 'report-dir': 'merged' });
    expect(bytesOf('merged')).toEqual(bytesOf('whole'));
  });

  it('may have more shards than rows', async () => {
    bench.portfolio([{ quote_id: 'a', age: 40 }]);
    await bench.standalone({ 'report-dir': 'whole' });
    await shards(3);
    await bench.standalone({ merge: 'partials/*/partial.json', 'report-dir': 'merged' });
    expect(bytesOf('merged')).toEqual(bytesOf('whole'));
  });

  it('says of each shard that nothing is judged yet', async () => {
    const { end } = await bench.standalone({ shard: '2/4' });
    expect(end).toMatchObject({ result: 'warn', outputs: { partial: join(bench.root, '.haute/impact/shard-2-of-4') } });
    expect(end?.summary).toContain(
      '275 of 1,100 rows were scored. **Nothing is judged yet and no evidence was left:**',
    );
    expect(bench.list('.haute/impact')).toEqual(['shard-2-of-4']);
    expect(bench.list('.haute/impact/shard-2-of-4')).toEqual(['partial.json', 'rows-00001.parquet']);
  });

  it('plans without scoring anything', async () => {
    const shard = await bench.standalone({ shard: '2/3', 'dry-run': 'true' });
    expect(shard.end?.summary).toContain('As shard 2 of 3, 367 of 1100 rows of');
    await shards(2);
    const merge = await bench.standalone({ merge: 'partials', 'dry-run': 'true' });
    expect(merge.end?.summary).toContain('2 partials would be merged into one report. Nothing was merged.');
    // Nobody read the rows, and yet nothing of the portfolio is kept.
    expect(bench.openPortfolios.size).toBe(0);
  });
});

describe('shards of a release', () => {
  it('leave no evidence and no comment; the merge leaves both, of the files that it wrote', async () => {
    await bench.releases(rates);
    const before = bench.read('.haute/release.json');
    for (const shard of ['1/2', '2/2']) expect((await bench.run({ shard })).end).toMatchObject({ result: 'warn' });
    expect(bench.read('.haute/release.json')).toBe(before);
    expect(bench.forge.comments.size).toBe(0);
    const { end } = await bench.run({ merge: '.haute/impact/shard-*' });
    const release = decodeRelease(bench.read('.haute/release.json'), 'release.json');
    const evidence = release.evidence.at(-1);
    expect(evidence).toMatchObject({ kind: 'impact', verdict: end?.result });
    expect(Object.keys(evidence?.facts.files as JsonObject).toSorted()).toEqual(
      REPORTS.map((name) => `.haute/impact/${name}`),
    );
    expect(bench.forge.comments.get('impact')?.body).toBe(end?.summary);
  });

  it('are refused once another release is staged, or serves production', async () => {
    await bench.releases(rates);
    for (const shard of ['1/2', '2/2']) await bench.run({ shard });
    await bench.releases((row, side) => rates(row, side));
    // The releases are the same, their addresses are not.
    const merge = await bench.run({ merge: '.haute/impact/shard-*' });
    expect(merge.annotations[0]?.message).toContain(
      'the release or address of staging, release or address of production',
    );
    expect(merge.end).toMatchObject({ result: 'error', exitCode: 2, outputs: {} });
  });
});

describe('shards that are refused', () => {
  it.each([
    ['half', 'SHARD-INVALID'],
    ['0/4', 'SHARD-INVALID'],
    ['5/4', 'SHARD-INVALID'],
    ['1/2/3', 'SHARD-INVALID'],
    ['1/1001', 'SHARD-INVALID'],
    ['-1/4', 'SHARD-INVALID'],
  ])('%s', async (shard, code) => {
    const host = await bench.standalone({ shard });
    expect(codesOf(host)).toEqual([code]);
    expect(host.end?.exitCode).toBe(2);
  });

  it('shard and merge together', async () => {
    expect(codesOf(await bench.standalone({ shard: '1/2', merge: 'partials' }))).toEqual(['SHARD-AND-MERGE']);
  });
});

describe('partials that are refused', () => {
  const FIRST = 'partials/shard-1-of-3';
  beforeEach(() => shards(3));

  it.each<[string, string, () => void]>([
    ['none', 'MERGE-EMPTY', () => rmSync(join(bench.root, 'partials'), { recursive: true })],
    ['one is missing', 'MERGE-INCOMPLETE', () => rmSync(join(bench.root, FIRST), { recursive: true })],
    ['a job did not end', 'MERGE-INCOMPLETE', () => rmSync(join(bench.root, FIRST, 'partial.json'))],
    ['one is there twice', 'MERGE-TWICE', () => copy(FIRST, 'partials/shard-again')],
    ['a file was left out', 'MERGE-BROKEN', () => rmSync(join(bench.root, FIRST, 'rows-00001.parquet'))],
    ['a file is that of another shard', 'MERGE-BROKEN', () => swap(FIRST, 'partials/shard-2-of-3')],
    ['a byte of the rows was changed', 'MERGE-BROKEN', () => flip(`${FIRST}/rows-00001.parquet`)],
    ['a manifest is cut', 'MERGE-BROKEN', () => cut(`${FIRST}/partial.json`)],
    ['another version wrote one', 'MERGE-VERSION', () => age(`${FIRST}/partial.json`)],
    ['the portfolio is another now', 'MERGE-FOREIGN', () => bench.write('book.jsonl', '{"quote_id":"x","age":30}\n')],
    [
      'the policy is another now',
      'MERGE-FOREIGN',
      () => bench.write('haute.release.toml', '[gates.impact]\nmin_scored = 0.9\n'),
    ],
  ])('%s', async (_, code, change) => {
    change();
    const host = await bench.standalone({ merge: 'partials/shard-*', 'report-dir': 'merged' });
    expect(codesOf(host)).toEqual([code]);
    expect(host.end).toMatchObject({ result: 'error', exitCode: 2, outputs: {} });
  });

  it('of other addresses', async () => {
    const other = await bench.serve(hauteLike((row) => rates(row, 'production')));
    const host = await bench.standalone({ merge: 'partials', 'production-url': other });
    expect(codesOf(host)).toEqual(['MERGE-FOREIGN']);
    expect(host.annotations[0]?.message).toContain('the release or address of production is not the same');
  });

  it('of a sample', async () => {
    const host = await bench.standalone({ merge: 'partials', sample: '99' });
    expect(host.annotations[0]?.message).toContain('the sample is not the same');
  });

  const at = (path: string): string => join(bench.root, path);
  function copy(from: string, to: string): void {
    cpSync(at(from), at(to), { recursive: true });
  }
  function swap(one: string, other: string): void {
    copy(`${other}/rows-00001.parquet`, `${one}/other.parquet`);
    renameSync(at(`${one}/other.parquet`), at(`${one}/rows-00001.parquet`));
  }
  function flip(path: string): void {
    const bytes = readFileSync(at(path));
    const middle = bytes.length >> 1;
    bytes[middle] = (bytes[middle] ?? 0) ^ 1;
    writeFileSync(at(path), bytes);
  }
  function age(path: string): void {
    writeFileSync(at(path), bench.read(path).replace('haute.impact-partial/2', 'haute.impact-partial/1'));
  }
  function cut(path: string): void {
    writeFileSync(at(path), bench.read(path).slice(0, 200));
  }
});
