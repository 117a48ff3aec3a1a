import { DuckDBInstance } from '@duckdb/node-api';

/** Runs statements in an empty database and gives the rows of the last one, with plain JavaScript values. */
export async function duckdb(...statements: readonly string[]): Promise<Record<string, unknown>[]> {
  const database = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await database.connect();
  try {
    for (const statement of statements.slice(0, -1)) await connection.run(statement);
    const reader = await connection.runAndReadAll(statements.at(-1) ?? '');
    return reader.getRowObjectsJson() as Record<string, unknown>[];
  } finally {
    connection.closeSync();
    database.closeSync();
  }
}
