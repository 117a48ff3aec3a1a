import { messageOf } from '../errors.ts';
import { scanJson } from '../project/scan-json.ts';
import type { JsonObject } from '../release/json.ts';
import { corrupt, portfolioError } from './portfolio-errors.ts';
import { CHUNK_ROWS, type FileFacts, type NamedFile, type PortfolioReader } from './portfolio-file.ts';
import { linesOf, textStream, utf8Text } from './text-stream.ts';

/** One JSON object a line. Empty lines are passed over. */
export class JsonLinesReader implements PortfolioReader {
  readonly #file: NamedFile;

  constructor(file: NamedFile) {
    this.#file = file;
  }

  async facts(signal: AbortSignal): Promise<FileFacts> {
    let rows = 0;
    const columns = new Set<string>();
    for await (const chunk of this.rows(signal)) {
      if (rows === 0) for (const name of Object.keys(chunk[0] ?? {})) columns.add(name);
      rows += chunk.length;
    }
    return { rows, columns: [...columns] };
  }

  async *rows(signal: AbortSignal): AsyncIterable<readonly JsonObject[]> {
    let number = 0;
    let chunk: JsonObject[] = [];
    try {
      for await (const lines of linesOf(utf8Text(textStream(this.#file, signal), this.#file.name))) {
        for (const line of lines) {
          number += 1;
          if (line.trim() !== '') chunk.push(this.#parse(line, number));
          if (chunk.length < CHUNK_ROWS) continue;
          yield chunk;
          chunk = [];
        }
      }
    } catch (error) {
      throw isBroken(error) ? corrupt(this.#file.name, error) : error;
    }
    if (chunk.length > 0) yield chunk;
  }

  #parse(line: string, number: number): JsonObject {
    const value = parseExactly(line);
    if (typeof value === 'string') throw this.#problem(number, value);
    if (!isObject(value)) throw this.#problem(number, 'it is not an object');
    return value;
  }

  #problem(line: number, what: string): Error {
    const fix = 'Write one JSON object a line';
    return portfolioError('PORTFOLIO-ROW', `this line cannot be used: ${what}`, fix, { file: this.#file.name, line });
  }
}

/** The value, or what is wrong with the text: not JSON, or numbers that would not arrive as they are written. */
function parseExactly(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    const suspicious = /\d{16}|\d[eE]\+?\d{3}/.test(text);
    const fault = suspicious ? scanJson(text).faults.find(({ kind }) => kind === 'inexact-number') : undefined;
    if (fault) return fault.what;
    return typeof value === 'string' ? 'it is not an object' : value;
  } catch (error) {
    return scanJson(text).faults[0]?.what ?? messageOf(error);
  }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Errors of the disk and of gzip, as against what we found out ourselves. */
function isBroken(error: unknown): boolean {
  return error instanceof Error && 'code' in error;
}
