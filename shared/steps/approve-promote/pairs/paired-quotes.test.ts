import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ROOT, StepBench } from '../../../../tests/fakes/step-bench.ts';
import { POLICY } from '../../../../tests/impact/make-book.ts';
import { BookBuilder } from '../../../impact/book/book-builder.ts';
import { analyse } from '../../../impact/report/analyse.ts';
import { encodeImpact } from '../../../impact/report/codec.ts';
import { rowsAsParquet } from '../../../impact/rows/rows-as-parquet.ts';
import { FilePortfolios } from '../../../portfolio/file-portfolios.ts';
import type { ScoredRow } from '../../../ports/quote-endpoint.ts';
import { digestOf } from '../../../release/digest.ts';
import type { EvidenceKind } from '../../../release/evidence.ts';
import type { JsonObject } from '../../../release/json.ts';
import type { Release } from '../../../release/release.ts';
import { evenSample } from '../../impact-report/sample.ts';
import { approvePromote } from '../step.ts';
import { inPortfolio } from './draw-pairs.ts';

const ALL: readonly EvidenceKind[] = ['validated', 'built', 'staged', 'smoked', 'impact'];
const FOLDER = '.haute/impact';
const QUOTES: readonly JsonObject[] = Array.from({ length: 200 }, (_, id) => ({ quote_id: `q${id}`, age: 17 + id }));

type Rates = (row: JsonObject) => JsonObject | undefined;

/** A golden quote has no number and costs 100. Others by age; the very old are declined, and one is refused. */
function rates(factor: (age: number) => number): Rates {
  return (row) => {
    if (row.quote_id === undefined) return { premium: 100 };
    const age = Number(row.age);
    if (row.quote_id === 'q7') return undefined;
    return { quote_id: row.quote_id, premium: age > 210 ? null : (100 + age) * factor(age) };
  };
}

const IN_FORCE = rates(() => 1);
/** From -5 % to +10 %. */
const NEW = rates((age) => (age < 60 ? 1.1 : age > 150 ? 0.95 : 1));

let bench: StepBench;
let disk: string;
beforeEach(setUp);
afterEach(() => rm(disk, { recursive: true }));

async function setUp(): Promise<void> {
  bench = new StepBench();
  bench.policy = { ...bench.policy, approval: { ...bench.policy.approval, min: 0 } };
  disk = await mkdtemp(join(tmpdir(), 'pairs-'));
  bench.portfolios = {
    open: async (request, signal) => {
      expect(request.reader).toBe('built-in'); // nothing that is installed runs where a release is promoted
      return await new FilePortfolios().open({ ...request, root: disk }, signal);
    },
  };
  paired(20);
}

function paired(pairedQuotes: number): void {
  bench.policy = { ...bench.policy, promotion: { ...bench.policy.promotion, pairedQuotes } };
}

interface Scene {
  /** Whether the rows of the report are kept. */
  readonly rows?: boolean;
  /** What the report compared with; what serves now where not given. */
  readonly baseline?: string;
  /** What both answer beside what they do. */
  readonly also?: (row: JsonObject) => JsonObject;
}

/** Two releases with an approved report of their difference, as impact-report writes it. */
async function scene({
  rows = true,
  baseline,
  also = () => ({}),
}: Scene = {}): Promise<{ readonly before: string; readonly release: Release }> {
  const [inForce, now] = [IN_FORCE, NEW].map((answer) => withMore(answer, also)) as [Rates, Rates];
  const current = await bench.release('last year', ALL);
  const before = await bench.inProduction(current);
  const text = QUOTES.map((row) => `${JSON.stringify(row)}\n`).join('');
  await writeFile(join(disk, 'book.jsonl'), text);
  const subject = {
    project: 'motor',
    dataset: { path: 'book.jsonl', files: [{ path: 'book.jsonl', bytes: text.length, digest: digestOf(text) }] },
    key: 'quote_id',
    staging: { url: 'http://staging', release_id: null, package_digest: null },
    production: { url: 'http://production', release_id: baseline ?? current.id, package_digest: null },
  };
  const builder = new BookBuilder({ key: 'quote_id', weightColumn: undefined });
  builder.add({ rows: QUOTES, staging: QUOTES.map(scored(now)), production: QUOTES.map(scored(inForce)) });
  const book = builder.finish();
  const json = encodeImpact(
    analyse(book, { subject, policy: POLICY, sample: undefined } as Parameters<typeof analyse>[1]),
  );
  const contents: [string, string | Uint8Array][] = [['impact.json', json]];
  if (rows) contents.push(['impact_rows.parquet', await whole(rowsAsParquet(book, { named: [], key: 'quote_id' }))]);
  await mkdir(join(disk, FOLDER), { recursive: true });
  for (const [name, content] of contents) {
    await bench.files.write(`${ROOT}/${FOLDER}/${name}`, content);
    await writeFile(join(disk, FOLDER, name), content);
  }
  const files = Object.fromEntries(contents.map(([name, content]) => [`${FOLDER}/${name}`, digestOf(content)]));
  const release = await bench.release('this year', ALL, { impact: { facts: { files } } });
  serve(current, inForce);
  serve(release, now);
  return { before, release };
}

function withMore(answer: Rates, also: (row: JsonObject) => JsonObject): Rates {
  return (row) => {
    const answered = answer(row);
    return answered && { ...answered, ...also(row) };
  };
}

function scored(answer: Rates): (row: JsonObject) => ScoredRow {
  return (row) => {
    const found = answer(row);
    return found ? { ok: true, row: found } : { ok: false, error: '422 refused', status: 422 };
  };
}

async function whole(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return new Uint8Array(Buffer.concat(all));
}

function serve(release: Release, answer: Rates): void {
  bench.pricing.set(release.id, { premium: 100, ms: 1, answer });
}

/** The new rates, but for one quote. */
function except(id: string, answer: (row: JsonObject) => JsonObject | undefined): Rates {
  return (row) => (row.quote_id === id ? answer(row) : NEW(row));
}

describe('paired quotes', () => {
  it.each([true, false])(
    'let a candidate pass that prices as was approved (rows of the report kept: %s)',
    async (rows) => {
      await scene({ rows });
      const host = await bench.run(approvePromote);
      expect(host.end).toMatchObject({ result: 'pass' });
      expect(host.lines.join('\n')).toMatch(/20 of 20 paired quotes as in the approved report/);
      expect(host.end?.summary).toMatch(/paired quotes \| 2\d\d quotes asked of both/);
    },
  );

  it.each<[string, boolean, Rates, RegExp]>([
    [
      'a premium that no row has',
      false,
      except('q137', () => ({ premium: 1 })),
      /row 138 .*premium goes from 254 to 1/,
    ],
    [
      'another row’s premium',
      true,
      except('q137', () => ({ premium: 255 })),
      /row 138 .*premium is 255, and 241\.\d+ in the/,
    ],
    ['no premium', false, except('q137', () => ({})), /row 138 .*it is quoted now and declined by the candidate/],
    ['a refusal', false, except('q137', () => undefined), /row 138 .*error by the candidate \(422 refused\)/],
    [
      'a premium for a risk that is declined',
      true,
      except('q199', () => ({ premium: 300 })),
      /row 200 .*quoted.*declined/,
    ],
    ['the rates of last year', true, IN_FORCE, /row \d+ .*premium is 1\d\d, and .* in the approved report/],
  ])('give all traffic back for %s in production alone', async (_, rows, answer, why) => {
    const { before, release } = await scene({ rows });
    serve(release, answer);
    const host = await bench.run(approvePromote);
    expect(host.end).toMatchObject({ result: 'fail', exitCode: 1 });
    expect(host.annotations.map(({ title }) => title)).toEqual(['PROMOTION-REVERTED']);
    expect(host.annotations[0]?.message).toMatch(why);
    expect(bench.target.environment('production')).toMatchObject({ weights: { [before]: 100 }, mark: undefined });
  });

  it('know outputs apart whose names differ in case alone', async () => {
    const also = ({ age = 0 }: JsonObject): JsonObject => ({ Premium: Number(age) * 3 });
    const { release } = await scene({ also });
    const first = await bench.run(approvePromote);
    expect(first.lines.join('\n')).toMatch(/20 of 20 paired quotes as in the approved report/);
    expect(first.end).toMatchObject({ result: 'pass' });

    await rm(disk, { recursive: true });
    await setUp();
    const again = await scene({ also });
    expect(again.release.id).toBe(release.id);
    const wrong = (row: JsonObject): JsonObject => ({
      Premium: row.quote_id === 'q137' ? 1 : (also(row).Premium ?? null),
    });
    serve(again.release, withMore(NEW, wrong));
    const host = await bench.run(approvePromote);
    expect(host.end).toMatchObject({ result: 'fail' });
    expect(host.annotations[0]?.message).toMatch(/row 138 .*Premium is 1, and 462 in the approved report/);
  });

  it('ask for other quotes at every check, the same for the same release', async () => {
    const runs: string[][] = [[], []];
    for (const asked of runs) {
      await setUp();
      paired(5);
      const { release } = await scene();
      serve(release, (row) => {
        if (row.quote_id !== undefined) asked.push(String(row.quote_id));
        return NEW(row);
      });
      expect((await bench.run(approvePromote)).end).toMatchObject({ result: 'pass' });
      await rm(disk, { recursive: true });
    }
    await setUp();
    expect(runs[0]).toEqual(runs[1]);
    expect(new Set(runs[0]).size).toBe(55);
  });

  it.each([true, false])('are no reason to keep a current deployment that is broken (rows kept: %s)', async (rows) => {
    const { release } = await scene({ rows });
    const current = [...bench.pricing.keys()].find((id) => id !== release.id) ?? '';
    bench.pricing.delete(current);
    const host = await bench.run(approvePromote);
    expect(host.end).toMatchObject({ result: 'pass' });
    expect(host.lines.join('\n')).toMatch(
      rows ? /20 of 20 paired quotes/ : /not paired: the current deployment answers none/,
    );
  });

  it.each<[string, () => Promise<unknown>, RegExp]>([
    ['the portfolio is gone', async () => rm(join(disk, 'book.jsonl')), /there is no file book\.jsonl/],
    [
      'the portfolio is another',
      async () => writeFile(join(disk, 'book.jsonl'), '{"quote_id":"q1","age":1}\n'),
      /not the portfolio any more/,
    ],
    [
      'there is none that can be reached',
      async () => Object.assign(bench, { portfolios: unreachable() }),
      /cannot be reached/,
    ],
  ])('are not asked where %s, which is said', async (_, change, why) => {
    const { release } = await scene();
    await change();
    serve(
      release,
      except('q137', () => ({ premium: 1 })),
    );
    const host = await bench.run(approvePromote);
    expect(host.end).toMatchObject({ result: 'pass' });
    expect(host.lines.join('\n')).toMatch(why);
    expect(host.lines.join('\n')).toMatch(/not paired:/);
    expect(host.end?.summary).toMatch(/paired quotes \| none: /);
  });

  it('are not asked where the report compares with something else than what serves now', async () => {
    await scene({ baseline: digestOf('another release') });
    const host = await bench.run(approvePromote);
    expect(host.end).toMatchObject({ result: 'pass' });
    expect(host.lines.join('\n')).toMatch(/not compared quote by quote: the impact report compares with sha256:/);
  });

  it('refuse rows that are not those of the report, which were changed after they were looked at', async () => {
    await scene();
    const other = new BookBuilder({ key: 'quote_id', weightColumn: undefined });
    other.add({ rows: QUOTES, staging: QUOTES.map(scored(IN_FORCE)), production: QUOTES.map(scored(IN_FORCE)) });
    const rows = await whole(rowsAsParquet(other.finish(), { named: [], key: 'quote_id' }));
    await writeFile(join(disk, FOLDER, 'impact_rows.parquet'), rows);
    const host = await bench.run(approvePromote);
    expect(host.end).toMatchObject({ result: 'fail', exitCode: 1 });
    expect(host.annotations.map(({ title }) => title)).toEqual(['REPORT-CHANGED']);
  });

  it('are not asked where the policy wants none, and nothing is said of it', async () => {
    await scene();
    paired(0);
    const host = await bench.run(approvePromote);
    expect(host.end).toMatchObject({ result: 'pass' });
    expect(host.lines.join('\n')).not.toMatch(/paired/);
  });

  it('are found in the portfolio where the report was made of a sample', () => {
    const books = fc
      .integer({ min: 1, max: 400 })
      .chain((of) => fc.tuple(fc.constant(of), fc.integer({ min: 1, max: of })));
    fc.assert(
      fc.property(books, ([of, rows]) => {
        const sample = evenSample(rows, of);
        const taken = Array.from({ length: of }, (_, row) => row).filter((row) => sample?.take(row) ?? true);
        const said = sample ? { rows, of, confidence_pct: 95, seed: 1 } : null;
        expect(taken.map((_, index) => inPortfolio(index, said))).toEqual(taken);
      }),
    );
  });
});

function unreachable(): StepBench['portfolios'] {
  return {
    open: async () => {
      const { ProviderError } = await import('../../../errors.ts');
      throw new ProviderError({ code: 'STORE-UNREACHABLE', what: 'Amazon S3 cannot be reached', fix: 'look' });
    },
  };
}
