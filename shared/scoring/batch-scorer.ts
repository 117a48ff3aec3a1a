import { Interrupted, ProviderError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { PortfolioScorer, ScoredBatch, ScoredSides, ScorePortfolioOptions } from '../ports/portfolio-scorer.ts';
import type { QuoteEndpoint } from '../ports/quote-endpoint.ts';
import type { Answers } from '../release/answers.ts';
import { joinRows, type QuoteRows } from '../release/quote-rows.ts';
import { AddressLane } from './address-lane.ts';
import { BatchTuner } from './batch-tuner.ts';
import { ConcurrencyLimit } from './concurrency-limit.ts';
import { PatientSender, type Retry } from './patient-sender.ts';
import { RowSource } from './row-source.ts';
import { WIRE_SHAPES } from './wire-shapes.ts';

/**
 * Rows of the first batch. Each request to a Haute container starts a worker that takes a second or more, whatever
 * its size, so a small first batch would be most of the time of a small portfolio.
 */
const FIRST_BATCH = { haute: 25_000, databricks: 500, baseten: 500 } as const;
/** Requests that a quick address gets at once to begin with: one on its way there, one being priced, one being read here. */
const QUICK_REQUESTS = 3;
/** Rows of the first batch that are measured for the size of a body. */
const MEASURED_ROWS = 200;

export interface BatchScorerTools {
  readonly clock: Clock;
  readonly retry: Retry;
}

/** One address with what it is fed through. */
interface Lane {
  readonly address: AddressLane;
  readonly limit: ConcurrencyLimit;
}

/** Scores a portfolio in batches whose size and number at once are found while running. */
export class BatchScorer implements PortfolioScorer {
  readonly #tools: BatchScorerTools;

  constructor(tools: BatchScorerTools) {
    this.#tools = tools;
  }

  async *score(
    rows: AsyncIterable<QuoteRows>,
    sides: ScoredSides,
    options: ScorePortfolioOptions,
  ): AsyncIterable<ScoredBatch> {
    const stop = new AbortController();
    const run = new ScoringRun(this.#tools, sides, {
      ...options,
      signal: AbortSignal.any([options.signal, stop.signal]),
    });
    const source = new RowSource(rows);
    try {
      yield* run.batches(source);
    } catch (error) {
      throw options.signal.aborted ? new Interrupted() : error;
    } finally {
      stop.abort();
      await source.close();
    }
  }
}

class ScoringRun {
  readonly #clock: Clock;
  readonly #options: ScorePortfolioOptions;
  readonly #tuner: BatchTuner;
  readonly #staging: Lane;
  #production: Lane | undefined;
  readonly #startedMs: number;
  #done = 0;

  constructor(tools: BatchScorerTools, sides: ScoredSides, options: ScorePortfolioOptions) {
    this.#clock = tools.clock;
    this.#options = options;
    const shapes = [sides.staging, sides.production].flatMap((side) => (side ? [side.address.wire] : []));
    this.#tuner = new BatchTuner({
      start: Math.min(...shapes.map((wire) => FIRST_BATCH[wire])),
      timeoutMs: options.timeoutMs,
      maxBodyBytes: Math.min(...shapes.map((wire) => WIRE_SHAPES[wire].maxBodyBytes)),
    });
    const lane = (endpoint: QuoteEndpoint): Lane => {
      const limit = new ConcurrencyLimit(options.concurrency, () => tools.clock.now());
      const sender = new PatientSender(endpoint, { ...options, limit, retry: tools.retry });
      const tooMany = (rows: number): void => this.#tuner.tooMany(rows);
      return { limit, address: new AddressLane({ sender, warn: options.warn, tooMany }) };
    };
    this.#staging = lane(sides.staging);
    this.#production = sides.production && lane(sides.production);
    this.#startedMs = this.#clock.now();
  }

  /** The first batch alone, as it tells much about the addresses; then as many at once as they bear, in order. */
  async *batches(source: RowSource): AsyncGenerator<ScoredBatch> {
    const first = await source.take(FIRST_BATCH.databricks);
    if (first.length === 0) return;
    this.#tuner.rowsAreAbout(bytesPerRow(first));
    const more = await source.take(this.#tuner.size - first.length);
    const started = [this.#first(joinRows(more.length === 0 ? [first] : [first, more]))];
    for (let next = started.shift(); next !== undefined; next = started.shift()) {
      const batch = await next;
      this.#report(batch.rows.length);
      yield batch;
      while (started.length < this.#window()) {
        const rows = await source.take(this.#tuner.size);
        if (rows.length === 0) break;
        started.push(quietly(this.#batch(rows)));
      }
    }
  }

  /**
   * Batches that may be under way. One while the size is still being found; then as many as the addresses bear, and one
   * that is read and ready for the first that is done.
   */
  #window(): number {
    if (!this.#tuner.settled) return 1;
    return Math.max(this.#staging.limit.limit, this.#production?.limit.limit ?? 1) + 1;
  }

  async #first(rows: QuoteRows): Promise<ScoredBatch> {
    const startedMs = this.#clock.now();
    const production = this.#production?.address.answers(rows);
    const [staging, other] = await Promise.all([
      this.#staging.address.answers(rows),
      production?.catch((error: unknown) => this.#withoutBaseline(error)),
    ]);
    this.#took(rows.length, startedMs);
    return { rows, staging, production: other };
  }

  #withoutBaseline(error: unknown): undefined {
    if (!(error instanceof ProviderError) || error.problem.code !== 'ENDPOINT-NOT-FOUND') throw error;
    this.#options.warn(`there is no baseline: ${error.problem.what}`);
    this.#production = undefined;
  }

  async #batch(rows: QuoteRows): Promise<ScoredBatch> {
    const startedMs = this.#clock.now();
    const [staging, production] = await Promise.all([
      this.#lane(this.#staging, rows),
      this.#production && this.#lane(this.#production, rows),
    ]);
    this.#took(rows.length, startedMs);
    return { rows, staging, production };
  }

  #took(rows: number, startedMs: number): void {
    this.#tuner.took(rows, this.#clock.now() - startedMs);
    if (!this.#tuner.quick) return;
    for (const lane of [this.#staging, this.#production]) lane?.limit.startWith(QUICK_REQUESTS);
  }

  async #lane(lane: Lane, rows: QuoteRows): Promise<Answers> {
    const answers = await lane.address.answers(rows);
    if (this.#tuner.settled) lane.limit.answered(rows.length);
    return answers;
  }

  #report(rows: number): void {
    this.#done += rows;
    const { total, progress } = this.#options;
    const seconds = Math.max(this.#clock.now() - this.#startedMs, 1) / 1000;
    const rowsPerSecond = this.#done / seconds;
    const left = total === undefined ? undefined : Math.max(0, total - this.#done) / rowsPerSecond;
    progress({ rows: this.#done, total, rowsPerSecond, secondsLeft: left });
  }
}

function bytesPerRow(rows: QuoteRows): number {
  const measured = rows.slice(0, MEASURED_ROWS);
  return Buffer.byteLength(JSON.stringify([...measured])) / Math.max(1, measured.length);
}

/** A failure is met when its turn comes; until then it must not end the process. */
function quietly<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}
