import { DuckDBInstance } from '@duckdb/node-api';

/** A motor portfolio of 20 columns, 9 of text and 11 of numbers, as zstd Parquet. The same bytes for the same count. */
export async function makePortfolio(path: string, rows: number): Promise<void> {
  await run(`COPY (${select(rows)}) TO '${path}' (FORMAT parquet, CODEC zstd, ROW_GROUP_SIZE 100000)`);
}

const FORMATS = {
  csv: 'FORMAT csv, HEADER',
  'json lines': 'FORMAT json',
  // Each value for itself, by how it differs from the one before.
  'parquet without dictionaries': 'FORMAT parquet, CODEC zstd, PARQUET_VERSION V2, DICTIONARY_SIZE_LIMIT 1',
} as const;

/** The rows of a portfolio in another format. */
export async function copyPortfolio(from: string, to: string, format: keyof typeof FORMATS): Promise<void> {
  await run(`COPY (SELECT * FROM read_parquet('${from}')) TO '${to}' (${FORMATS[format]})`);
}

async function run(statement: string): Promise<void> {
  const database = await DuckDBInstance.create(':memory:', { threads: '1', memory_limit: '400MB' });
  const connection = await database.connect();
  await connection.run(statement);
  connection.closeSync();
  database.closeSync();
}

function select(rows: number): string {
  const pick = (salt: number, most: number): string => `hash(i * 7919 + ${salt}) % ${most}`;
  const of = (salt: number, values: readonly string[]): string =>
    `[${values.map((value) => `'${value}'`).join(',')}][(${pick(salt, values.length)})::INT + 1]`;
  return `SELECT 'Q' || lpad(i::VARCHAR, 9, '0') AS quote_id, (17 + ${pick(1, 68)})::INT AS driver_age,
    ${of(2, ['London', 'Wales', 'Scotland', 'North', 'South', 'Midlands', 'Île-de-France'])} AS region,
    'VG' || (${pick(3, 50)})::VARCHAR AS vehicle_group, (500 + ${pick(4, 60_000)})::INT AS vehicle_value,
    ${of(5, ['petrol', 'diesel', 'electric', 'hybrid'])} AS fuel, ${of(6, ['street', 'drive', 'garage'])} AS parking,
    ${of(7, ['broker', 'direct', 'aggregator'])} AS channel, ${of(8, ['comprehensive', 'third party', 'fire and theft'])} AS cover,
    'PC' || lpad((${pick(9, 900)})::VARCHAR, 3, '0') AS postcode_area, ${of(10, ['single', 'married', 'other'])} AS marital_status,
    (date '2020-01-01' + (${pick(11, 1800)})::INT)::VARCHAR AS inception, (${pick(12, 20)})::INT AS ncd_years,
    (${pick(13, 4)})::INT AS claims, (${pick(14, 60_000)})::INT AS mileage, (${pick(15, 1000)} / 8.0)::DOUBLE AS density,
    (${pick(16, 10_000)} / 100.0)::DOUBLE AS score, (${pick(17, 30)})::INT AS vehicle_age,
    (${pick(18, 2_000)} / 10.0)::DOUBLE AS power, (${pick(19, 500)})::INT AS excess
    FROM range(${rows}) t(i)`;
}
