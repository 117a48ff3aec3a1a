import type { Batch } from '../../shared/impact/book/batch.ts';
import { BookBuilder } from '../../shared/impact/book/book-builder.ts';
import type { ImpactPolicy } from '../../shared/impact/gates/judge-gates.ts';
import { SeededRandom } from '../../shared/impact/numbers/random.ts';
import { analyse } from '../../shared/impact/report/analyse.ts';
import type { ImpactJson } from '../../shared/impact/report/impact-json.ts';
import type { Answer } from '../../shared/release/answers.ts';
import type { JsonObject } from '../../shared/release/json.ts';

/** A row of the portfolio with both answers: a premium, null for a declined risk, or the text of an error. */
export interface Priced {
  readonly row: JsonObject;
  readonly production: number | null | string;
  readonly staging: number | null | string;
}

export const POLICY: ImpactPolicy = {
  key: 'quote_id',
  outputs: [],
  weight: 'premium',
  meanChange: { warn: 0.01, fail: 0.05 },
  premiumChange: { warn: 0.01, fail: 0.03 },
  rowsOver: { change: 0.25, warn: undefined, fail: 0.005 },
  quotability: { warn: undefined, fail: 0.001 },
  minScored: 0.995,
  onFail: 'block',
};

export const SUBJECT: ImpactJson['subject'] = {
  project: 'motor-pricing',
  key: 'quote_id',
  dataset: { path: 'data/portfolio.parquet', files: [] },
  staging: { url: 'http://staging.example', release_id: null, package_digest: null },
  production: { url: 'http://production.example', release_id: null, package_digest: null },
};

export function answer(row: JsonObject, price: Priced['staging'], more: JsonObject = {}): Answer {
  if (typeof price === 'string') return { ok: false, error: price, status: 422 };
  return { ok: true, row: { quote_id: row.quote_id ?? null, premium: price, ...more } };
}

export function batchOf(rows: readonly Priced[]): Batch {
  return {
    rows: rows.map(({ row }) => row),
    staging: rows.map(({ row, staging }) => answer(row, staging)),
    production: rows.map(({ row, production }) => answer(row, production)),
  };
}

export interface Run {
  readonly policy?: Partial<ImpactPolicy>;
  readonly batchSize?: number;
  readonly sampledFrom?: number;
}

export function analysisOf(batches: readonly Batch[], { policy, sampledFrom }: Run = {}): ImpactJson {
  const inForce = { ...POLICY, ...policy };
  const weightColumn = inForce.weight === 'premium' || inForce.weight === 'count' ? undefined : inForce.weight;
  const builder = new BookBuilder({ key: inForce.key, weightColumn });
  for (const batch of batches) builder.add(batch);
  const book = builder.finish();
  const sample = sampledFrom === undefined ? undefined : { rows: book.rows, of: sampledFrom };
  return analyse(book, { subject: { ...SUBJECT, key: inForce.key ?? null }, policy: inForce, sample });
}

export function reportOf(rows: readonly Priced[], run: Run = {}): ImpactJson {
  const size = run.batchSize ?? 1_000;
  const batches: Batch[] = [];
  for (let at = 0; at < rows.length; at += size) batches.push(batchOf(rows.slice(at, at + size)));
  return analysisOf(batches, run);
}

/** A believable motor book: prices that differ by age, region and vehicle, and new prices made of the old ones. */
export function motorBook(
  count: number,
  seed: number,
  change: (row: JsonObject, random: SeededRandom) => number,
): Priced[] {
  const random = new SeededRandom(seed);
  const pick = <T>(values: readonly T[]): T => values[random.below(values.length)] as T;
  return Array.from({ length: count }, (_, index) => {
    const row = {
      quote_id: `Q${String(index).padStart(6, '0')}`,
      driver_age: 17 + random.below(68),
      region: pick(['London', 'Wales', 'Scotland', 'North', 'South', 'Midlands']),
      vehicle_group: 1 + random.below(50),
      vehicle_value: 500 + random.below(60_000),
      fuel: pick(['petrol', 'diesel', 'electric', 'hybrid']),
      garaged: random.below(2) === 1,
    };
    const production =
      Math.round(20_000 + row.vehicle_value * 0.6 + (row.driver_age < 25 ? 40_000 : 0) + random.below(5_000)) / 100;
    return { row, production, staging: Math.round(production * (1 + change(row, random) / 100) * 100) / 100 };
  });
}
