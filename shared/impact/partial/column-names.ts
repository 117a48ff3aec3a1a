/** What the values of a column are in the file: as they are, or as JSON where they are of several types or nested. */
export type ColumnKind = 'text' | 'number' | 'flag' | 'json';

/**
 * What is known of each row: what was sent, and what came back from each side, which is an answer, or a failure. Each is
 * an object, and all objects of one part are a table.
 */
export const PARTS = ['row', 'staging', 'staging_failure', 'production', 'production_failure'] as const;
export type Part = (typeof PARTS)[number];

/** Position of the first row of the file among all rows of the run: the same in each of its rows. */
export const FIRST_POSITION = 'first_position';

/** The column that lists the names that the object of a row has, in their order, as JSON. Without a value: no object. */
export function keysColumn(part: Part): string {
  return `${part}.keys`;
}

/** The column with whole objects as JSON, for those with names that hardly any other has. */
export function wholeColumn(part: Part): string {
  return `${part}.whole`;
}

/** Names are escaped as in JSON, since not all of them can be written in UTF-8. */
export function valuesColumn(part: Part, kind: ColumnKind, name: string): string {
  return `${part}.${kind}.${JSON.stringify(name).slice(1, -1)}`;
}

const VALUES = new RegExp(`^(${PARTS.join('|')})\\.(text|number|flag|json)\\.(.*)$`, 's');

/** What a column holds; undefined for one of the others. */
export function parseValuesColumn(
  column: string,
): { readonly part: Part; readonly kind: ColumnKind; readonly name: string } | undefined {
  const [, part, kind, name] = VALUES.exec(column) ?? [];
  if (part === undefined) return undefined;
  return { part: part as Part, kind: kind as ColumnKind, name: JSON.parse(`"${name}"`) as string };
}
