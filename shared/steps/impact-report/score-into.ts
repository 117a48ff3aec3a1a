import type { BookBuilder } from '../../impact/book/book-builder.ts';
import type { Portfolio } from '../../ports/portfolio.ts';
import type { StepContext } from '../context.ts';
import type { ComparedSides } from './find-sides.ts';

const REQUEST_TIMEOUT_MS = 180_000;
const CONCURRENCY = 4;

/** A part of the portfolio: how many rows, and which. */
export interface EvenSample {
  readonly rows: number;
  readonly take: (row: number) => boolean;
}

/**
 * A sample spread evenly over the portfolio, always the same rows.
 * @param wanted number of rows; 0 for all of them
 * @returns undefined where every row is scored
 */
export function evenSample(wanted: number, total: number): EvenSample | undefined {
  if (wanted === 0 || wanted >= total) return undefined;
  const slot = (row: number): number => Math.floor((row * wanted) / total);
  return { rows: wanted, take: (row) => row === 0 || slot(row) !== slot(row - 1) };
}

/** Scores the rows on both sides at once and adds them to the book, with progress. */
export async function scoreInto(
  builder: BookBuilder,
  context: StepContext,
  sides: ComparedSides,
  portfolio: Portfolio,
  sample: EvenSample | undefined,
  total: number,
): Promise<void> {
  const { log } = context.host;
  const staging = context.endpoints.open(sides.staging.address);
  const production = sides.production && context.endpoints.open(sides.production.address);
  const rows = portfolio.rows({ signal: context.signal, ...(sample && { take: sample.take }) });
  try {
    const batches = context.scorer.score(
      rows,
      { staging, production },
      {
        signal: context.signal,
        timeoutMs: REQUEST_TIMEOUT_MS,
        concurrency: CONCURRENCY,
        total,
        progress: ({ rows: done, rowsPerSecond, secondsLeft }) =>
          log.progress('rows scored', done, total, paceOf(rowsPerSecond, secondsLeft)),
        warn: (line) => log.warn(line),
      },
    );
    for await (const batch of batches) builder.add(batch);
  } finally {
    await staging.close();
    await production?.close();
  }
}

function paceOf(rowsPerSecond: number, secondsLeft: number | undefined): string {
  const pace = `${Math.round(rowsPerSecond)} rows/s`;
  return secondsLeft === undefined ? pace : `${pace}, ${Math.ceil(secondsLeft)} s left`;
}
