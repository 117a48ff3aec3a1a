import type { Json } from '../release/json.ts';
import type { Policy } from '../release/policy.ts';
import { TARGET_IDS } from './haute-config.ts';
import type { TableReader, ValueReader } from './toml/table-reader.ts';
import type { Parsed } from './units.ts';

/** `[targets.<id>]`, as written: each target reads its own. The ids must be known, and the values fit for a digest. */
export function readTargetTables(table: TableReader): Policy['targets'] {
  const tables = TARGET_IDS.map((id) => [id, table.table(id)] as const).filter(([id]) => table.has(id));
  return Object.fromEntries(
    tables.map(([id, target]) => [
      id,
      Object.fromEntries(target.keys.map((key) => [key, target.read(key, plain, null)])),
    ]),
  );
}

/** Plain JSON: dates become the text they are written as; numbers that JSON cannot hold are refused. */
const plain: ValueReader<Json> = (value) => {
  if (value instanceof Date) return { value: value.toISOString() };
  if (typeof value === 'bigint') return { problem: `is ${value}, too large a number`, fix: 'Write it in quotes' };
  if (typeof value === 'number' && !Number.isFinite(value)) return { problem: `is ${value}`, fix: 'Write a number' };
  if (Array.isArray(value)) return all(value.map((element) => plain(element, undefined)));
  if (typeof value !== 'object' || value === null) return { value: value as Json };
  const entries = Object.entries(value);
  const parsed = all(entries.map(([, element]) => plain(element, undefined)));
  if ('problem' in parsed) return parsed;
  return { value: Object.fromEntries(entries.map(([key], i) => [key, parsed.value[i] ?? null])) };
};

function all(parsed: readonly Parsed<Json>[]): Parsed<readonly Json[]> {
  const wrong = parsed.find((each) => 'problem' in each);
  return wrong ?? { value: parsed.flatMap((each) => ('value' in each ? [each.value] : [])) };
}
