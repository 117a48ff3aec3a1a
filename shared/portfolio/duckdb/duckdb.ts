import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';

/** What is used of the DuckDB package. */
export interface DuckDb {
  readonly DuckDBInstance: Pick<typeof DuckDBInstance, 'create'>;
}

/** The one version that is used: what it does with a text was compared with the built-in reader. */
export const DUCKDB_PACKAGE = '@duckdb/node-api';
export const DUCKDB_VERSION = '1.5.5-r.5';

/** Nothing is fetched from anywhere. One thread takes half the memory of two, and is as fast as a disk. */
const OPTIONS = {
  threads: '1',
  memory_limit: '128MB',
  autoinstall_known_extensions: 'false',
  autoload_known_extensions: 'false',
  allow_community_extensions: 'false',
};

/** Runs one statement in an empty database of its own. @param folder for what does not fit into its memory */
export async function runDuckDb(
  { DuckDBInstance: instance }: DuckDb,
  statement: string,
  folder: string,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted();
  const database = await instance.create(':memory:', { ...OPTIONS, temp_directory: folder });
  const connection: DuckDBConnection = await database.connect();
  const interrupt = (): void => connection.interrupt();
  signal.addEventListener('abort', interrupt, { once: true });
  try {
    signal.throwIfAborted();
    await connection.run(statement);
  } finally {
    signal.removeEventListener('abort', interrupt);
    connection.closeSync();
    database.closeSync();
  }
}

/** A text as a literal of SQL. */
export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
