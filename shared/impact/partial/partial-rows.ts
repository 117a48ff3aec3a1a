import { parquetWriteBuffer } from 'hyparquet-writer/src/write.js';
import { ConfigError } from '../../errors.ts';
import type { Answer } from '../../release/answers.ts';
import type { Json, JsonObject } from '../../release/json.ts';
import type { PairedBatch } from '../book/batch.ts';

/** One scored row on its way from the job that scored it to the one that merges. */
export interface PartialRow {
  readonly position: number;
  readonly row: JsonObject;
  readonly staging: Answer | undefined;
  readonly production: Answer | undefined;
}

type Cells = Readonly<Record<(typeof COLUMNS)[number]['name'], string | number | null>>;

const COLUMNS = [
  { name: 'position', type: 'DOUBLE' },
  { name: 'row', type: 'STRING' },
  { name: 'staging', type: 'STRING' },
  { name: 'staging_error', type: 'STRING' },
  { name: 'staging_status', type: 'INT32' },
  { name: 'production', type: 'STRING' },
  { name: 'production_error', type: 'STRING' },
  { name: 'production_status', type: 'INT32' },
] as const;

/** The rows as a Parquet file: what was sent and what came back, as JSON, so that merging starts from the same values. */
export function encodePartialRows(rows: readonly PartialRow[]): Uint8Array {
  const cells = rows.map(cellsOf);
  const columnData = COLUMNS.map(({ name, type }) => ({
    name,
    type,
    nullable: true,
    data: cells.map((cell) => cell[name]),
  }));
  return new Uint8Array(parquetWriteBuffer({ columnData, statistics: false }));
}

/** @throws ConfigError MERGE-BROKEN when a row of the file is not one of a partial */
export function decodePartialRow(cells: JsonObject): PartialRow {
  const { position, row } = cells;
  if (typeof position !== 'number' || typeof row !== 'string') throw broken('a row has no position');
  return { position, row: parse(row), staging: answerOf(cells, 'staging'), production: answerOf(cells, 'production') };
}

/** Rows as one batch for the book. */
export function batchOfRows(rows: readonly PartialRow[], compared: boolean): PairedBatch {
  return {
    rows: rows.map(({ row }) => row),
    staging: rows.map(({ staging }) => staging),
    production: compared ? rows.map(({ production }) => production) : undefined,
  };
}

function cellsOf({ position, row, staging, production }: PartialRow): Cells {
  const ok = (answer: Answer | undefined): string | null => (answer?.ok === true ? JSON.stringify(answer.row) : null);
  const error = (answer: Answer | undefined): string | null => (answer?.ok === false ? answer.error : null);
  const status = (answer: Answer | undefined): number | null => (answer?.ok === false ? (answer.status ?? null) : null);
  return {
    position,
    row: JSON.stringify(row),
    staging: ok(staging),
    staging_error: error(staging),
    staging_status: status(staging),
    production: ok(production),
    production_error: error(production),
    production_status: status(production),
  };
}

function answerOf(cells: JsonObject, side: 'staging' | 'production'): Answer | undefined {
  const { [side]: row, [`${side}_error`]: error, [`${side}_status`]: status } = cells;
  if (typeof row === 'string') return { ok: true, row: parse(row) };
  if (typeof error === 'string') return { ok: false, error, status: typeof status === 'number' ? status : undefined };
  return undefined;
}

function parse(text: string): JsonObject {
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch {
    throw broken('a row is not JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw broken('a row is not an object');
  return value as JsonObject;
}

function broken(what: string): ConfigError {
  return new ConfigError({ code: 'MERGE-BROKEN', what, fix: 'Run the job that wrote this partial again' });
}
