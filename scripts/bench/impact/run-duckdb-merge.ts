/**
 * The files of all partials in the order of the portfolio as one file, by DuckDB: only that, and no report.
 * Usage: node run-duckdb-merge.ts <folder of the partials> <shards>; prints one line of JSON.
 */
import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { peakMb } from './peak-mb.ts';

const [folder = '', shards = ''] = process.argv.slice(2);
const merged = join(folder, 'merged.parquet');
const startedMs = performance.now();
const database = await DuckDBInstance.create(':memory:', {
  threads: '2',
  memory_limit: '800MB',
  temp_directory: join(folder, 'duckdb'),
  preserve_insertion_order: 'true',
});
const connection = await database.connect();
const files = `read_parquet('${folder}/shard-*/*.parquet', union_by_name = true, file_row_number = true)`;
const rows = `SELECT * EXCLUDE file_row_number FROM ${files} ORDER BY first_position + file_row_number * ${shards}`;
await connection.run(`COPY (${rows}) TO '${merged}' (FORMAT parquet, ROW_GROUP_SIZE 30720)`);
connection.closeSync();
database.closeSync();
const seconds = (performance.now() - startedMs) / 1000;
const { user, system } = process.cpuUsage();
const { size: bytes } = statSync(merged);
rmSync(merged);
process.stdout.write(`${JSON.stringify({ seconds, cpuSeconds: (user + system) / 1e6, peakMb: peakMb(), bytes })}\n`);
