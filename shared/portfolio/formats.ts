import { open } from 'node:fs/promises';
import { CsvReader } from './csv-reader.ts';
import { JsonLinesReader } from './json-lines-reader.ts';
import { JsonQuotesReader } from './json-quotes-reader.ts';
import { ParquetReader } from './parquet/parquet-reader.ts';
import { corrupt, portfolioError } from './portfolio-errors.ts';
import type { NamedFile, PortfolioReader } from './portfolio-file.ts';

type Format = (file: NamedFile) => PortfolioReader;

const PARQUET: Format = (file) => new ParquetReader(file);
const CSV: Format = (file) => new CsvReader(file);
const LINES: Format = (file) => new JsonLinesReader(file);

/** By the end of the name. */
const FORMATS: readonly (readonly [RegExp, Format])[] = [
  [/\.(parquet|parq|pq)$/i, PARQUET],
  [/\.(csv|tsv|txt)(\.gz)?$/i, CSV],
  [/\.(jsonl|ndjson)(\.gz)?$/i, LINES],
  [/\.json$/i, (file) => new JsonQuotesReader(file)],
];

export function isKnownFormat(name: string): boolean {
  return FORMATS.some(([ending]) => ending.test(name));
}

/** @throws ConfigError PORTFOLIO-FORMAT for a name that says nothing, unless the file itself says that it is Parquet */
export async function readerOf(file: NamedFile): Promise<PortfolioReader> {
  const known = FORMATS.find(([ending]) => ending.test(file.path));
  if (known) return known[1](file);
  if ((await firstBytes(file)) === 'PAR1') return PARQUET(file);
  const fix =
    'Give it the ending of its format: .parquet, .csv, .tsv, .jsonl, .ndjson (these four also with .gz) or .json';
  throw portfolioError('PORTFOLIO-FORMAT', 'the name does not tell the format of the file', fix, { file: file.name });
}

async function firstBytes({ path, name }: NamedFile): Promise<string> {
  try {
    const handle = await open(path);
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(4), 0, 4, 0);
      return buffer.toString('latin1', 0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw corrupt(name, error);
  }
}
