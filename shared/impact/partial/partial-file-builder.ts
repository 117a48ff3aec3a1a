import { gzipSync } from 'node:zlib';
import type { Answer } from '../../release/answers.ts';
import type { Json, JsonObject } from '../../release/json.ts';
import { columnValues, type QuoteRows } from '../../release/quote-rows.ts';
import type { PairedBatch, PlacedAnswers, Side } from '../book/batch.ts';
import type { ColumnData } from '../parquet/column-data.ts';
import { ParquetFile } from '../parquet/parquet-file.ts';
import { FIRST_POSITION, PARTS, type Part } from './column-names.ts';
import { TableBuilder } from './table-builder.ts';

/** The quickest: higher ones hardly save more of such numbers. The digest of what it gives goes with it. */
const pack = (bytes: Uint8Array): Uint8Array => gzipSync(bytes, { level: 1 });

/** The rows of one file while they come in. */
export class PartialFileBuilder {
  readonly #most: number;
  readonly #key: string | undefined;
  readonly #tables: Readonly<Record<Part, TableBuilder>>;
  #rows = 0;

  /** @param most rows that it takes @param key that answers were paired by; undefined where it was by position */
  constructor(most: number, key: string | undefined) {
    this.#most = most;
    this.#key = key;
    const keyOf = (part: Part): string | undefined => (part === 'staging' || part === 'production' ? key : undefined);
    const tables = PARTS.map((part) => [part, new TableBuilder(part, keyOf(part))]);
    this.#tables = Object.fromEntries(tables) as Record<Part, TableBuilder>;
  }

  get rows(): number {
    return this.#rows;
  }

  get isFull(): boolean {
    return this.#rows === this.#most;
  }

  /** Takes rows of a batch from one on, as many as fit. @returns the row that it did not take */
  add({ rows, staging, production }: PairedBatch, from: number): number {
    const to = Math.min(rows.length, from + this.#most - this.#rows);
    this.#addRows(rows, from, to);
    const isRowByRow = [staging, production].some((answers) => answers !== undefined && !answers.columns);
    const keys = isRowByRow && this.#key !== undefined ? columnValues(rows, this.#key) : [];
    this.#addAnswers('staging', staging, from, to, keys);
    if (production !== undefined) this.#addAnswers('production', production, from, to, keys);
    this.#rows += to - from;
    return to;
  }

  /** @param firstPosition of the first row @param pageRows rows of a page */
  finish(firstPosition: number, pageRows: number): Uint8Array {
    const filled = PARTS.flatMap((part) => this.#tables[part].finish(this.#rows));
    const codes = new Uint32Array(this.#rows);
    const position: ColumnData = { kind: 'coded', codes, values: Float64Array.of(firstPosition) };
    const columns = [{ name: FIRST_POSITION, type: 'DOUBLE' } as const, ...filled.map(({ column }) => column)];
    const file = new ParquetFile(columns, { pageRows, pack });
    file.addGroup(this.#rows, [position, ...filled.map(({ data }) => data)]);
    file.finish();
    return file.take();
  }

  #addRows(rows: QuoteRows, from: number, to: number): void {
    const table = this.#tables.row;
    const make = (index: number): JsonObject => rows.at(index) as JsonObject;
    if (rows.parts === undefined) {
      for (let index = from; index < to; index++) table.set(this.#rows + index - from, make(index));
      return;
    }
    let start = 0;
    for (const { length, columns } of rows.parts) {
      const [first, last] = [Math.max(from, start), Math.min(to, start + length)];
      const before = start;
      if (first < last) {
        const at = this.#rows + first - from;
        table.setColumns(at, columns, first - before, last - before, (index) => make(before + index));
      }
      start += length;
    }
  }

  #addAnswers(side: Side, answers: PlacedAnswers, from: number, to: number, keys: readonly (Json | undefined)[]): void {
    if (answers.columns) {
      const make = (index: number): JsonObject => (answers.at(index) as Extract<Answer, { ok: true }>).row;
      this.#tables[side].setAnswers(this.#rows, answers.columns, from, to, make);
      return;
    }
    for (let index = from; index < to; index++) {
      const answer = answers.at(index);
      const row = this.#rows + index - from;
      if (answer?.ok === true) this.#tables[side].set(row, answer.row, keys[index]);
      else if (answer) this.#tables[`${side}_failure`].set(row, failureOf(answer));
    }
  }
}

/** Only the status may be missing. */
function failureOf({ error, status }: Extract<Answer, { ok: false }>): JsonObject {
  return status === undefined ? { error } : { error, status };
}
