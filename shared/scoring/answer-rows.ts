import type { Json, JsonObject } from '../release/json.ts';

/** An answer that cannot be trusted to be what was asked for. The message says what is wrong with it. */
export class BadAnswer extends Error {
  override readonly name = 'BadAnswer';
  /** `cut`: it ended too early, and the same request may well be answered in full; `truncated`: fewer rows may be. */
  readonly kind: 'cut' | 'truncated' | 'wrong';

  constructor(message: string, kind: 'cut' | 'truncated' | 'wrong' = 'wrong') {
    super(message);
    this.kind = kind;
  }
}

/** Whether an answer has a row on each line. */
export function isLines(contentType: string): boolean {
  return /\b(x-)?ndjson\b|\bjsonl\b/i.test(contentType);
}

/**
 * The rows of an answer, exactly as many as were asked for.
 * @param text body of the answer
 * @param contentType of the answer; empty where it has none
 * @param expected rows in the request
 * @param repeatsOnce rows answered alike may come back once, so there may be fewer
 * @throws BadAnswer for everything else: too few or too many rows, a truncated envelope, lines cut short, NaN and
 *   infinities, rows that are not objects
 */
export function answerRows(
  text: string,
  contentType: string,
  expected: number,
  repeatsOnce = false,
): readonly JsonObject[] {
  const rows = isLines(contentType) ? linesOf(text) : documentRows(parse(text, contentType));
  const fewer = rows.length < expected && rows.length > 0;
  if (rows.length !== expected && !(repeatsOnce && fewer)) {
    const why = fewer
      ? '; Haute gives rows that are answered alike only once: answer a column that names the quote'
      : '';
    throw new BadAnswer(`${rows.length} rows came back for ${expected} rows asked${why}`);
  }
  rows.forEach(checkRow);
  return rows as readonly JsonObject[];
}

function linesOf(text: string): readonly unknown[] {
  if (text === '') return [];
  if (!text.endsWith('\n')) throw new BadAnswer('the stream of rows was cut short: its last line has no end', 'cut');
  const lines = text.slice(0, -1);
  const count = countLines(lines);
  const rows = parseOrUndefined(`[${lines.replaceAll('\n', ',')}]`);
  if (!Array.isArray(rows) || rows.length !== count) throw new BadAnswer(faultOfLines(lines));
  return rows;
}

function countLines(lines: string): number {
  let count = 1;
  for (let at = lines.indexOf('\n'); at >= 0; at = lines.indexOf('\n', at + 1)) count += 1;
  return count;
}

function faultOfLines(lines: string): string {
  const all = lines.split('\n');
  const bad = all.findIndex((line) => parseOrUndefined(line) === undefined);
  return `line ${bad + 1} of ${all.length} is not one JSON value: ${excerpt(all[bad] ?? '')}`;
}

function parse(text: string, contentType: string): unknown {
  const value = parseOrUndefined(text);
  if (value !== undefined) return value;
  throw new BadAnswer(`the answer (${contentType || 'no content type'}) is not JSON: ${excerpt(text)}`);
}

/** JSON has no NaN and no infinities, and neither has this. Undefined where the text is not JSON. */
function parseOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A bare array (Haute before 0.5), Haute's envelope, or a serving platform's `predictions`. */
function documentRows(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (isRecord(value) && Array.isArray(value.rows)) return envelopeRows(value, value.rows);
  if (isRecord(value) && Array.isArray(value.predictions)) return value.predictions;
  throw new BadAnswer(`the answer holds no rows: ${excerpt(JSON.stringify(value))}`);
}

function envelopeRows(envelope: Readonly<Record<string, unknown>>, rows: readonly unknown[]): readonly unknown[] {
  const { row_count: count, returned_rows: returned, truncated } = envelope;
  if (truncated === true || (typeof count === 'number' && count > rows.length)) {
    throw new BadAnswer(`the answer was truncated to ${rows.length} of ${String(count)} rows`, 'truncated');
  }
  for (const said of [count, returned]) {
    if (said !== undefined && said !== rows.length) {
      throw new BadAnswer(`the answer says ${String(said)} rows and holds ${rows.length}`);
    }
  }
  return rows;
}

function checkRow(row: unknown, index: number): void {
  if (!isRecord(row)) throw new BadAnswer(`row ${index + 1} is not an object: ${excerpt(JSON.stringify(row))}`);
  if (Array.isArray(row.rows) && 'row_count' in row)
    throw new BadAnswer(`row ${index + 1} is an answer inside an answer`);
  for (const column in row) checkNumbers(row[column] as Json, column, index);
}

/** JSON.parse reads 1e999 as Infinity. */
function checkNumbers(value: Json, column: string, index: number): void {
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new BadAnswer(`row ${index + 1}: ${column} is too large a number`);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) checkNumbers(inner, `${column}.${key}`, index);
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function excerpt(text: string): string {
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
}
