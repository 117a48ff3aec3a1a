import { ConfigError } from '../../errors.ts';
import type { Answer, AnswerColumn } from '../../release/answers.ts';
import type { Json, JsonObject } from '../../release/json.ts';
import { columnValues, type QuoteRows } from '../../release/quote-rows.ts';
import { MemoryPages, type PageStore } from '../pages/page-store.ts';
import { Paged } from '../pages/paged.ts';
import { type Batch, keyText, type PairedBatch, type PlacedAnswers, SIDES, type Side } from './batch.ts';
import { ANSWERED, type Book, FAILED, NO_ANSWER, NO_KEY, REPEATED_KEY, statusOf } from './book.ts';
import { type ColumnPath, columnsOf, valueAt } from './columns-of.ts';
import { Failures } from './failures.ts';
import { KeyColumn } from './key-column.ts';
import { OutputColumn } from './output-column.ts';
import { Pairing, type PairingOddities } from './pairing.ts';
import { PortfolioColumns } from './portfolio-columns.ts';

export interface BookOptions {
  /** Column that names a row; undefined to pair by position. */
  readonly key: string | undefined;
  /** Column of the portfolio that weighs rows; undefined for none. */
  readonly weightColumn: string | undefined;
  /** Where the book is kept; in memory where not given, all of it. */
  readonly store?: PageStore;
}

/** Columns that are looked at: more than a person would read, and few enough to fit into memory. */
const MOST_OUTPUTS = 64;

/** Builds the book from batches in the order of the portfolio. What it takes in goes to the store, page by page. */
export class BookBuilder {
  readonly #options: BookOptions;
  readonly #keys: KeyColumn | undefined;
  readonly #store: PageStore;
  readonly #status: Paged<Uint8Array<ArrayBuffer>>;
  readonly #weights: Paged<Float64Array<ArrayBuffer>>;
  readonly #outputs = new Map<string, { readonly column: OutputColumn; readonly path: ColumnPath['path'] }>();
  readonly #columns: PortfolioColumns;
  readonly #failures = new Failures();
  readonly #pairing: Pairing;
  readonly #outputsLeftOut = new Set<string>();
  #weightless = 0;
  #weightSeen = false;
  #compared = false;

  constructor(options: BookOptions) {
    this.#options = options;
    this.#pairing = new Pairing(options.key);
    this.#store = options.store ?? new MemoryPages();
    this.#status = new Paged(Uint8Array, this.#store);
    this.#weights = new Paged(Float64Array, this.#store);
    this.#columns = new PortfolioColumns(options.key, this.#store);
    this.#keys = options.key === undefined ? undefined : new KeyColumn(this.#store);
  }

  /**
   * Adds the next rows.
   * @throws ConfigError IMPACT-KEY-NOT-ANSWERED when the answers of a side do not have the key column at all
   */
  add(batch: Batch): void {
    this.addPaired(this.#pairing.pair(batch));
  }

  /** Adds the next rows, whose answers were paired before. */
  addPaired({ rows, staging, production }: PairedBatch): void {
    this.#compared ||= production !== undefined;
    this.#columns.add(rows);
    this.#addWeights(rows);
    const keys = this.#options.key === undefined ? undefined : columnValues(rows, this.#options.key);
    if (staging.columns && (this.#compared ? production?.columns : true)) {
      this.#addColumns(staging, production, keys);
      return;
    }
    for (let index = 0; index < rows.length; index++) {
      this.#addAnswers(staging.at(index), production?.at(index), keyText(keys?.[index]));
    }
  }

  /** Adds what was odd about keys where rows were paired elsewhere. */
  addOddities(oddities: PairingOddities): void {
    this.#pairing.addOddities(oddities);
  }

  /** @throws ConfigError IMPACT-NO-WEIGHT when no row has the column that should weigh them */
  finish(): Book {
    const { weightColumn } = this.#options;
    if (weightColumn !== undefined && !this.#weightSeen && this.#status.length > 0) throw noWeight(weightColumn);
    const repeated = this.#keys?.repeated();
    const status = this.#status;
    return {
      rows: status.length,
      compared: this.#compared,
      keys: this.#keys,
      status: { at: (row) => status.at(row) | (repeated?.has(row) === true ? REPEATED_KEY : 0) },
      outputs: [...this.#outputs.values()].map(({ column }) => column),
      segments: this.#columns.finish(),
      weights: weightColumn === undefined ? undefined : this.#weights,
      weightColumn,
      failures: this.#failures.groups,
      oddities: {
        ...this.#pairing.oddities,
        weightless: this.#weightless,
        columnsLeftOut: { outputs: this.#outputsLeftOut.size, segments: this.#columns.leftOut },
      },
    };
  }

  /** Answers in columns: every row was answered, and what it was answered is a flat row. */
  #addColumns(
    staging: PlacedAnswers,
    production: PlacedAnswers | undefined,
    keys: readonly (Json | undefined)[] | undefined,
  ): void {
    const columns = { staging: byName(staging.columns), production: byName(production?.columns) };
    const isNew = (name: string): boolean => !this.#outputs.has(name) && !this.#outputsLeftOut.has(name);
    if ([...columns.staging.keys(), ...columns.production.keys()].some(isNew)) this.#meetAll(staging, production);
    for (const { column, path } of this.#outputs.values()) {
      const name = path.length === 1 ? (path[0] as string) : undefined;
      for (const side of SIDES) {
        column.pushAll(side, name === undefined ? undefined : columns[side].get(name), staging.length);
      }
    }
    const answered = statusOf(ANSWERED, ANSWERED);
    if (this.#keys === undefined) this.#status.pushMany(answered, staging.length);
    else {
      for (let index = 0; index < staging.length; index++) {
        const key = keyText(keys?.[index]);
        this.#keys.push(key);
        this.#status.push(key === undefined ? answered | NO_KEY : answered);
      }
    }
  }

  /** Starts columns in the order in which the rows have them, so that it does not depend on batches. */
  #meetAll(staging: PlacedAnswers, production: PlacedAnswers | undefined): void {
    for (let index = 0; index < staging.length; index++) {
      for (const answer of [staging.at(index), production?.at(index)]) if (answer?.ok === true) this.#meet(answer.row);
    }
  }

  #addAnswers(staging: Answer | undefined, production: Answer | undefined, key: string | undefined): void {
    this.#keys?.push(key);
    this.#noteFailure('staging', staging);
    this.#noteFailure('production', production);
    if (staging?.ok === true) this.#meet(staging.row);
    if (production?.ok === true) this.#meet(production.row);
    for (const { column, path } of this.#outputs.values()) {
      column.push('staging', staging?.ok === true ? valueAt(staging.row, path) : undefined);
      column.push('production', production?.ok === true ? valueAt(production.row, path) : undefined);
    }
    const keyless = this.#keys !== undefined && key === undefined ? NO_KEY : 0;
    const other = this.#compared ? stateOf(production) : ANSWERED;
    this.#status.push(statusOf(stateOf(staging), other, keyless));
  }

  /** Starts a column for what the answers were not seen to have before. */
  #meet(row: JsonObject): void {
    if (isKnown(row, this.#outputs, this.#outputsLeftOut)) return;
    for (const { name, path } of columnsOf(row)) {
      if (this.#outputs.has(name)) continue;
      if (this.#outputs.size >= MOST_OUTPUTS) this.#outputsLeftOut.add(name);
      else
        this.#outputs.set(name, {
          path,
          column: new OutputColumn(name, this.#status.length, this.#store),
        });
    }
  }

  #addWeights(rows: QuoteRows): void {
    const { weightColumn } = this.#options;
    if (weightColumn === undefined) return;
    for (const value of columnValues(rows, weightColumn)) {
      this.#weightSeen ||= value !== undefined;
      const usable = typeof value === 'number' && value >= 0 && Number.isFinite(value);
      if (!usable) this.#weightless += 1;
      this.#weights.push(usable ? value : 0);
    }
  }

  #noteFailure(side: Side, answer: Answer | undefined): void {
    if (answer?.ok === false) this.#failures.add(side, this.#status.length, answer.error, answer.status);
  }
}

function byName(columns: readonly AnswerColumn[] | undefined): ReadonlyMap<string, AnswerColumn> {
  return new Map((columns ?? []).map((column) => [column.name, column]));
}

/** Most rows have exactly the columns of the row before, all of them flat. */
function isKnown(row: JsonObject, columns: ReadonlyMap<string, unknown>, leftOut: ReadonlySet<string>): boolean {
  for (const name in row) if (!columns.has(name) && !leftOut.has(name)) return false;
  return true;
}

function stateOf(answer: Answer | undefined): number {
  if (answer === undefined) return NO_ANSWER;
  return answer.ok ? ANSWERED : FAILED;
}

function noWeight(column: string): ConfigError {
  return new ConfigError({
    code: 'IMPACT-NO-WEIGHT',
    what: `the portfolio has no column ${column} to weigh rows with`,
    fix: 'Name a column of the portfolio, premium or count as the weight of [gates.impact]',
  });
}
