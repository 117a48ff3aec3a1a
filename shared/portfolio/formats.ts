import { openFile } from './file-source.ts';
import { JsonLinesReader } from './json-lines-reader.ts';
import { JsonQuotesReader } from './json-quotes-reader.ts';
import { fileError, portfolioError } from './portfolio-errors.ts';
import type { NamedFile, PortfolioReader } from './portfolio-file.ts';

/** Who reads the formats that can be read by several, or with what several files share. */
export interface FormatReaders {
  csv(file: NamedFile): PortfolioReader;
  parquet(file: NamedFile): Promise<PortfolioReader>;
}

type Format = keyof FormatReaders | ((file: NamedFile) => PortfolioReader);

/** By the end of the name. */
const FORMATS: readonly (readonly [RegExp, Format])[] = [
  [/\.(parquet|parq|pq)$/i, 'parquet'],
  [/\.(csv|tsv|txt)(\.gz)?$/i, 'csv'],
  [/\.(jsonl|ndjson)(\.gz)?$/i, (file) => new JsonLinesReader(file)],
  [/\.json$/i, (file) => new JsonQuotesReader(file)],
];

export function isKnownFormat(name: string): boolean {
  return FORMATS.some(([ending]) => ending.test(name));
}

/** Whether a file is read from its beginning to its end, and that several times: its format has no places to look things up. */
export function isStreamed(name: string): boolean {
  return /\.(csv|tsv|txt|jsonl|ndjson)(\.gz)?$/i.test(name);
}

/**
 * @throws ConfigError PORTFOLIO-FORMAT for a name that says nothing, unless the file itself says that it is Parquet
 */
export async function readerOf(file: NamedFile, readers: FormatReaders): Promise<PortfolioReader> {
  const [, format] = FORMATS.find(([ending]) => ending.test(file.path)) ?? [];
  if (typeof format === 'function') return format(file);
  if (format !== undefined) return await readers[format](file);
  if ((await firstBytes(file)) === 'PAR1') return await readers.parquet(file);
  const fix =
    'Give it the ending of its format: .parquet, .csv, .tsv, .jsonl, .ndjson (these four also with .gz) or .json';
  throw portfolioError('PORTFOLIO-FORMAT', 'the name does not tell the format of the file', fix, { file: file.name });
}

async function firstBytes(file: NamedFile): Promise<string> {
  try {
    const { bytes, close } = await openFile(file);
    try {
      return Buffer.from(await bytes.slice(0, Math.min(4, bytes.byteLength))).toString('latin1');
    } finally {
      await close();
    }
  } catch (error) {
    throw fileError(file.name, error);
  }
}
