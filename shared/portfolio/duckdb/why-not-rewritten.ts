import { type FileMetaData, parquetSchema, type SchemaTree } from 'hyparquet';
import { hasMagic } from '../find-files.ts';
import type { NamedFile } from '../portfolio-file.ts';

/** Share of the values from which on it is faster to have them written anew. */
const SLOW_SHARE = 0.5;

/** Why the built-in reader reads a file as it is: that is faster, or DuckDB would change something. Undefined where it is not. */
export function whyNotRewritten({ path, remote }: NamedFile, metadata: FileMetaData): string | undefined {
  // DuckDB takes some letters of a path for a pattern.
  if (remote === undefined && hasMagic(path)) return 'its path would be taken for a pattern';
  const changes = whatChanges(parquetSchema(metadata));
  if (changes !== undefined) return changes;
  return slowShare(metadata) < SLOW_SHARE
    ? 'it is faster there, as most of its values are in dictionaries or nested columns'
    : undefined;
}

/** The first column of a type that is not surely the same after DuckDB read and wrote it. */
export function whatChanges(root: SchemaTree): string | undefined {
  for (const column of root.children) {
    if (!survives(column)) return `the type of column ${column.element.name} might change`;
  }
  return undefined;
}

/** Values that are decoded one by one: those of flat columns without a dictionary. Nested ones take as long either way. */
function slowShare({ row_groups: groups }: FileMetaData): number {
  let [all, slow] = [0, 0];
  for (const { columns } of groups) {
    for (const { meta_data: chunk } of columns) {
      const values = Number(chunk?.num_values ?? 0);
      const isCoded = chunk?.encodings.some((encoding) => encoding.endsWith('_DICTIONARY'));
      all += values;
      if (isCoded !== true && chunk?.path_in_schema.length === 1) slow += values;
    }
  }
  return all === 0 ? 0 : slow / all;
}

function survives(column: SchemaTree): boolean {
  const { element, children } = column;
  if (element.repetition_type === 'REPEATED') return false;
  if (children.length === 0) return LEAVES.some((same) => same(element));
  if (element.converted_type === 'LIST') return children.every(isListOfSurvivors);
  return element.converted_type === undefined && element.logical_type === undefined && children.every(survives);
}

/** A list as the format has them: with a group that is repeated, and the element in it. */
function isListOfSurvivors({ element, children }: SchemaTree): boolean {
  return (
    element.repetition_type === 'REPEATED' &&
    element.name === 'list' &&
    children.length === 1 &&
    children.every(survives)
  );
}

type Leaf = SchemaTree['element'];

/** What is left out is what would come back in another way: short integers, other units of time, decimals, binary data. */
const LEAVES: readonly ((leaf: Leaf) => boolean)[] = [
  ({ type, converted_type: kind, logical_type: logical }) =>
    ['BOOLEAN', 'INT32', 'INT64', 'FLOAT', 'DOUBLE'].includes(type ?? '') &&
    kind === undefined &&
    logical === undefined,
  ({ type, converted_type: kind }) => type === 'INT32' && (kind === 'INT_32' || kind === 'UINT_32' || kind === 'DATE'),
  ({ type, converted_type: kind }) => type === 'INT64' && (kind === 'INT_64' || kind === 'UINT_64'),
  ({ type, converted_type: kind }) => type === 'BYTE_ARRAY' && kind === 'UTF8',
  ({ type, logical_type: logical }) => type === 'INT64' && logical?.type === 'TIMESTAMP' && logical.unit === 'MICROS',
];
