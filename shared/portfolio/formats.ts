import { openFile } from './file-source.ts';
import { JsonLinesReader } from './json-lines-reader.ts';
import { JsonQuotesReader } from './json-quotes-reader.ts';
import { ParquetReader } from './parquet/parquet-reader.ts';
import { fileError, portfolioError } from './portfolio-errors.ts';
import type { NamedFile, PortfolioReader } from './portfolio-file.ts';

/** How the files of a format are read; CSV by whom there is. */
type Format = 'csv' | ((file: NamedFile) => PortfolioReader);

/** By the end of the name. */
const FORMATS: readonly (readonly [RegExp, Format])[] = [
  [/\.(parquet|parq|pq)$/i, (file) => new ParquetReader(file)],
  [/\.(csv|tsv|txt)(\.gz)?$/i, 'csv'],
  [/\.(jsonl|ndjson)(\.gz)?$/i, (file) => new JsonLinesReader(file)],
  [/\.json$/i, (file) => new JsonQuotesReader(file)],
];

export function isKnownFormat(name: string): boolean {
  return FORMATS.some(([ending]) => ending.test(name));
}

/**
 * @param csv gives the reader of a CSV file
 * @throws ConfigError PORTFOLIO-FORMAT for a name that says nothing, unless the file itself says that it is Parquet
 */
export async function readerOf(file: NamedFile, csv: () => Promise<PortfolioReader>): Promise<PortfolioReader> {
  const known = FORMATS.find(([ending]) => ending.test(file.path));
  if (known) return known[1] === 'csv' ? await csv() : known[1](file);
  if ((await firstBytes(file)) === 'PAR1') return new ParquetReader(file);
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
