import { ConfigError } from '../errors.ts';
import { decodeText } from '../project/decode-text.ts';
import { readQuotes } from '../project/read-quotes.ts';
import type { JsonObject } from '../release/json.ts';
import { wholeFile } from './file-source.ts';
import { fileError, portfolioError } from './portfolio-errors.ts';
import { CHUNK_ROWS, type FileFacts, type NamedFile, type PortfolioReader } from './portfolio-file.ts';

const MOST_BYTES = 256 * 1024 * 1024;

/** A JSON file of test quotes, in either form, as a small portfolio. It is read whole. */
export class JsonQuotesReader implements PortfolioReader {
  readonly #file: NamedFile;

  constructor(file: NamedFile) {
    this.#file = file;
  }

  async facts(): Promise<FileFacts> {
    const rows = await this.#read();
    return { rows: rows.length, columns: Object.keys(rows[0] ?? {}) };
  }

  async *rows(): AsyncIterable<readonly JsonObject[]> {
    const rows = await this.#read();
    for (let at = 0; at < rows.length; at += CHUNK_ROWS) yield rows.slice(at, at + CHUNK_ROWS);
  }

  async #read(): Promise<readonly JsonObject[]> {
    const decoded = decodeText(await this.#bytes(), this.#file.name);
    if ('problem' in decoded) throw new ConfigError(decoded.problem);
    const { quotes, problems } = readQuotes(decoded.text, this.#file.name);
    const [first, ...more] = problems.filter(({ code }) => code !== 'QUOTES-EMPTY');
    if (first) throw new ConfigError(first, ...more);
    return quotes.map(({ input }) => input);
  }

  async #bytes(): Promise<Uint8Array> {
    const { name } = this.#file;
    try {
      const content = await wholeFile(this.#file, MOST_BYTES);
      if (content !== undefined) return content;
    } catch (error) {
      throw fileError(name, error);
    }
    const what = 'a JSON file is read whole, and this one is too large for that';
    throw portfolioError('PORTFOLIO-TOO-LARGE', what, 'Write it as JSON lines (.jsonl) or Parquet', { file: name });
  }
}
