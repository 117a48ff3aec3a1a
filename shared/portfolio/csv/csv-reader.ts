import type { QuoteRows } from '../../release/quote-rows.ts';
import { changed } from '../portfolio-errors.ts';
import type { FileFacts, NamedFile, PortfolioReader } from '../portfolio-file.ts';
import { textStream } from '../text-stream.ts';
import { NotPlain } from './cell-cutter.ts';
import { lookAtColumns, type PlainColumns, readColumns } from './plain-csv.ts';
import { type RecordColumns, RecordCsv } from './record-csv.ts';

/** Memory for what is kept of several files until their rows are read. */
export interface Allowance {
  bytes: number;
}

type Found = { readonly plain: PlainColumns } | { readonly records: RecordColumns } | undefined;

/**
 * Text with a header line, separated by commas, semicolons, tabs or bars (RFC 4180), quotes where needed. Plain text,
 * which nearly all is, is cut into columns; any other is read record by record.
 */
export class CsvReader implements PortfolioReader {
  readonly #file: NamedFile;
  readonly #records: RecordCsv;
  readonly #allowance: Allowance;
  #facts: Promise<FileFacts> | undefined;
  /** What `facts` found, where there was memory for it; otherwise it is found again. */
  #kept: Found;

  constructor(file: NamedFile, allowance: Allowance = { bytes: Number.POSITIVE_INFINITY }) {
    this.#file = file;
    this.#records = new RecordCsv(file);
    this.#allowance = allowance;
  }

  facts(signal: AbortSignal): Promise<FileFacts> {
    this.#facts ??= this.#findFacts(signal);
    return this.#facts;
  }

  async *rows(signal: AbortSignal): AsyncIterable<QuoteRows> {
    const found = this.#kept ?? (await this.#find(signal));
    if (found === undefined) return;
    if ('records' in found) {
      yield* this.#records.read(found.records, signal);
      return;
    }
    try {
      yield* readColumns(textStream(this.#file, signal), found.plain);
    } catch (error) {
      throw error instanceof NotPlain ? changed(this.#file.name) : this.#records.explain(error);
    }
  }

  async close(): Promise<void> {
    if (this.#kept !== undefined) this.#allowance.bytes += weightOf(this.#kept);
    this.#kept = undefined;
  }

  async #findFacts(signal: AbortSignal): Promise<FileFacts> {
    const found = await this.#find(signal);
    if (found === undefined) return { rows: 0, columns: [] };
    const weight = weightOf(found);
    if (weight <= this.#allowance.bytes) {
      this.#allowance.bytes -= weight;
      this.#kept = found;
    }
    const { rows, header } = 'plain' in found ? found.plain : found.records;
    return { rows, columns: header };
  }

  async #find(signal: AbortSignal): Promise<Found> {
    const head = await this.#records.head(signal);
    if (head === undefined) return undefined;
    try {
      return { plain: await lookAtColumns(textStream(this.#file, signal), head) };
    } catch (error) {
      if (!(error instanceof NotPlain)) throw this.#records.explain(error);
      return { records: await this.#records.lookAt(head, signal) };
    }
  }
}

function weightOf(found: NonNullable<Found>): number {
  return 'plain' in found ? found.plain.weight : 0;
}
