import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { engineOn, Folders, options, type Served, serve } from '../../../tests/engine/bench.ts';

const EXAMPLE = resolve(import.meta.dirname, '../../../examples/motor-pricing');
const PORTFOLIO = join(EXAMPLE, 'data', 'portfolio.parquet');

/** Two real Haute applications: the motor pricing example, and its version `v2`. */
export interface ExampleServers {
  readonly staging: string;
  readonly production: string;
  /**
   * Writes a portfolio of so many rows, the example's repeated under other keys. Risks that either side declines are
   * left out: `haute impact` ends at the first of them.
   */
  makePortfolio(path: string, rows: number): Promise<void>;
  stop(): Promise<void>;
}

/** Packages both with the engine and serves them as the local target does. */
export async function serveExample(): Promise<ExampleServers> {
  const folders = new Folders();
  const servers: Served[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(servers.map((server) => server.stop()));
    folders.remove();
  };
  const served = async (overlay?: string): Promise<Served> => {
    const root = join(folders.empty(), 'project');
    cpSync(EXAMPLE, root, { recursive: true });
    rmSync(join(root, 'versions'), { recursive: true });
    if (overlay !== undefined) cpSync(join(EXAMPLE, 'versions', overlay), root, { recursive: true });
    writeFileSync(join(root, 'requirements.txt'), 'haute==0.6.0\n');
    const engine = engineOn(root);
    const pkg = await engine.package(join(folders.empty(), 'package'), options());
    const server = await serve(await engine.servePlan(pkg, options()));
    servers.push(server);
    return server;
  };
  try {
    const production = await served();
    const staging = await served('v2');
    const addresses = { staging: staging.url, production: production.url };
    const priced = await pricedRows(Object.values(addresses));
    return { ...addresses, stop, makePortfolio: (path, rows) => writePortfolio(path, rows, priced) };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Priced {
  readonly quote_id: string;
  readonly premium: number | null;
}

/** The keys of the example's rows that every one of the addresses gives a premium. */
async function pricedRows(addresses: readonly string[]): Promise<readonly string[]> {
  const rows = await query(`SELECT * FROM '${PORTFOLIO}'`);
  const answers = await Promise.all(
    addresses.map(async (url) => {
      const headers = { 'content-type': 'application/json', accept: 'application/x-ndjson' };
      const answer = await fetch(`${url}/quote`, { method: 'POST', headers, body: JSON.stringify(rows) });
      if (!answer.ok) throw new Error(`${url} answers ${answer.status}: ${await answer.text()}`);
      const lines = (await answer.text()).trim().split('\n');
      return lines.map((line) => JSON.parse(line) as Priced);
    }),
  );
  const declined = new Set(answers.flat().flatMap(({ quote_id, premium }) => (premium === null ? [quote_id] : [])));
  return (answers[0] ?? []).map(({ quote_id }) => quote_id).filter((id) => !declined.has(id));
}

async function writePortfolio(path: string, rows: number, keys: readonly string[]): Promise<void> {
  const wanted = `(VALUES ${keys.map((key, at) => `(${at}, '${key}')`).join(',')}) AS wanted(place, quote_id)`;
  await query(`COPY (
    SELECT 'B' || lpad(i::VARCHAR, 9, '0') AS quote_id, book.* EXCLUDE (quote_id)
    FROM range(${rows}) numbers(i) JOIN ${wanted} ON place = i % ${keys.length} JOIN '${PORTFOLIO}' book USING (quote_id)
    ORDER BY i
  ) TO '${path}' (FORMAT parquet, CODEC zstd)`);
}

/** Whole numbers as numbers: a price is made of them. */
async function query(sql: string): Promise<readonly Record<string, unknown>[]> {
  const database = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await database.connect();
  const rows = (await connection.runAndReadAll(sql)).getRowObjectsJS();
  connection.closeSync();
  database.closeSync();
  return rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([name, value]) => [name, typeof value === 'bigint' ? Number(value) : value]),
    ),
  );
}
