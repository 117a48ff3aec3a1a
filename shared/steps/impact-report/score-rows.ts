import type { ScoredBatch } from '../../ports/portfolio-scorer.ts';
import type { StepContext } from '../context.ts';
import type { ImpactRun } from './impact-run.ts';
import { openSides } from './offline-sides.ts';
import type { ShareOfWork } from './sample.ts';

const REQUEST_TIMEOUT_MS = 180_000;
const CONCURRENCY = 4;

/** Scores a share of the rows on both sides at once, in the order of the portfolio, with progress. */
export async function* scoreRows(
  context: StepContext,
  { sides, dataset }: ImpactRun,
  { rows: total, take }: ShareOfWork,
): AsyncIterable<ScoredBatch> {
  const { log } = context.host;
  const { staging, production } = await openSides(context, sides);
  const rows = dataset.portfolio.rows({ signal: context.signal, ...(take && { take }) });
  try {
    yield* context.scorer.score(
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
  } finally {
    await Promise.all([staging.close(), production?.close()]);
  }
}

function paceOf(rowsPerSecond: number, secondsLeft: number | undefined): string {
  const pace = `${Math.round(rowsPerSecond)} rows/s`;
  return secondsLeft === undefined ? pace : `${pace}, ${Math.ceil(secondsLeft)} s left`;
}
