import type { Json, JsonObject } from '../../release/json.ts';

/** A column of the answers: `premium`, or `premium.net` inside an object. */
export interface ColumnPath {
  readonly name: string;
  readonly path: readonly string[];
}

/** The columns of a row; those inside objects by their path. A list is one column. */
export function columnsOf(row: JsonObject): readonly ColumnPath[] {
  return Object.entries(row).flatMap(([name, value]) =>
    isObject(value)
      ? columnsOf(value).map((inner) => ({ name: `${name}.${inner.name}`, path: [name, ...inner.path] }))
      : [{ name, path: [name] }],
  );
}

/** The value at a path; undefined where there is none. */
export function valueAt(row: JsonObject, path: readonly string[]): Json | undefined {
  let value: Json | undefined = row;
  for (const name of path) value = isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  return value;
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
