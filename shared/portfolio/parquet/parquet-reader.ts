import {
  type AsyncBuffer,
  type ColumnChunk,
  type FileMetaData,
  parquetMetadataAsync,
  parquetSchema,
  type RowGroup,
  type SchemaTree,
} from 'hyparquet';
import { type QuoteRows, rowsOfColumns } from '../../release/quote-rows.ts';
import { type OpenedFile, openFile } from '../file-source.ts';
import { fileError, portfolioError } from '../portfolio-errors.ts';
import { CHUNK_ROWS, type FileFacts, type NamedFile, type PortfolioReader } from '../portfolio-file.ts';
import { ColumnStream, type Pieces } from './column-stream.ts';
import { markedName } from './marked-names.ts';
import { NestedCursor } from './nested-cursor.ts';
import { PageCursor } from './page-cursor.ts';
import { columnToJson } from './parquet-values.ts';

/** An Apache Parquet file, with any of the common codecs, read page by page. */
export class ParquetReader implements PortfolioReader {
  readonly #file: NamedFile;
  readonly #open: () => Promise<OpenedFile>;

  /** @param open gives the bytes of the file, where they are not those under its name */
  constructor(file: NamedFile, open: () => Promise<OpenedFile> = () => openFile(file)) {
    this.#file = file;
    this.#open = open;
  }

  async facts(): Promise<FileFacts> {
    const metadata = await this.metadata();
    return {
      rows: Number(metadata.num_rows),
      columns: parquetSchema(metadata).children.map(({ element }) => element.name),
    };
  }

  /** What the footer says. */
  async metadata(): Promise<FileMetaData> {
    const handle = await this.#guard(this.#open);
    try {
      return (await this.#guard(() => opened(handle, this.#file.name))).metadata;
    } finally {
      await handle.close();
    }
  }

  async *rows(signal: AbortSignal): AsyncIterable<QuoteRows> {
    const handle = await this.#guard(this.#open);
    try {
      const { file, metadata } = await this.#guard(() => opened(handle, this.#file.name));
      for (const group of metadata.row_groups) {
        const count = Number(group.num_rows);
        const columns = await this.#guard(async () => columnsOf(file, metadata, group, this.#file.name));
        for (let left = count; left > 0; ) {
          signal.throwIfAborted();
          const chunk = await this.#guard(() => takeRows(columns, Math.min(left, CHUNK_ROWS)));
          left -= chunk.length;
          yield chunk;
        }
      }
    } finally {
      await handle.close();
    }
  }

  /** Whatever a broken file makes the decoder throw. */
  async #guard<T>(body: () => Promise<T>): Promise<T> {
    try {
      return await body();
    } catch (error) {
      throw fileError(this.#file.name, error);
    }
  }
}

interface Opened {
  readonly file: AsyncBuffer;
  readonly metadata: FileMetaData;
}

async function opened({ bytes: file }: OpenedFile, name: string): Promise<Opened> {
  const metadata = await parquetMetadataAsync(file);
  const inGroups = metadata.row_groups.reduce((sum, group) => sum + Number(group.num_rows), 0);
  if (inGroups !== Number(metadata.num_rows))
    throw new Error(`the footer says ${metadata.num_rows} rows and lists ${inGroups}`);
  const marked = await markedName(file, metadata.metadata_length);
  if (marked !== undefined) {
    const what = `the name of column ${marked} begins with a byte order mark`;
    throw portfolioError('PORTFOLIO-HEADER', what, 'Name the column without it', { file: name });
  }
  return { file, metadata };
}

function columnsOf(file: AsyncBuffer, metadata: FileMetaData, group: RowGroup, name: string): readonly ColumnStream[] {
  const root = parquetSchema(metadata);
  return root.children.map((column) => {
    const flat = column.children.length === 0 && column.element.repetition_type !== 'REPEATED';
    const pieces = flat ? flatPieces(file, group, root, column, name) : nestedPieces(file, group, root, column, name);
    return new ColumnStream(column.element.name, pieces);
  });
}

function flatPieces(file: AsyncBuffer, group: RowGroup, root: SchemaTree, column: SchemaTree, name: string): Pieces {
  const chunk = group.columns.find(
    (candidate: ColumnChunk) => candidate.meta_data?.path_in_schema[0] === column.element.name,
  );
  if (chunk?.meta_data === undefined) throw new Error(`a row group has no column ${column.element.name}`);
  const cursor = new PageCursor(file, chunk.meta_data, [root, column], Number(group.num_rows), (values) =>
    columnToJson(values, column, name),
  );
  return () => cursor.next();
}

function nestedPieces(file: AsyncBuffer, group: RowGroup, root: SchemaTree, column: SchemaTree, name: string): Pieces {
  const cursor = new NestedCursor(file, group, root, column, (values) => columnToJson(values, column, name));
  return () => cursor.next();
}

async function takeRows(columns: readonly ColumnStream[], most: number): Promise<QuoteRows> {
  const rows = await readyRows(columns, most);
  return rowsOfColumns(
    rows,
    columns.map((column) => column.take(rows)),
  );
}

/** Rows for which every column has a value at hand. */
async function readyRows(columns: readonly ColumnStream[], most: number): Promise<number> {
  let rows = most;
  for (const column of columns) rows = Math.min(rows, await column.ready());
  return rows;
}
