import type { Published } from './published.ts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** The part of published documents that the fakes need: an answer for each operation, and what they refer to. */
export interface Extract {
  readonly answers: Record<string, Json>;
  readonly definitions: Record<string, Json>;
}

/** Words for people, and hints for generators: nothing that an answer is held against. */
const PROSE: ReadonlySet<string> = new Set([
  'description',
  'example',
  'examples',
  'title',
  'externalDocs',
  'deprecated',
]);

/** @param operations of one document: method, path, status, and `= Definition` or `= Definition[]` where it is given */
export function extract(published: Published, operations: readonly string[], prefix: string): Extract {
  const answers: Record<string, Json> = {};
  for (const operation of operations) {
    const [method = '', path = '', status = '', , given] = operation.split(' ');
    answers[`${method} ${path} ${status}`] = tidy(
      given === undefined ? answerOf(published, method, path, status) : definitionNamed(given),
      prefix,
    );
  }
  return { answers, definitions: closure(published, answers, prefix) };
}

function answerOf(published: Published, method: string, path: string, status: string): Json {
  const operation = published.paths[path]?.[method.toLowerCase()] as { responses: Record<string, Json> } | undefined;
  const answer = operation?.responses[status] as
    | { schema?: Json; content?: Record<string, { schema: Json }> }
    | undefined;
  const schema = answer?.schema ?? answer?.content?.['application/json']?.schema;
  if (schema === undefined) throw new Error(`${method} ${path} has no answer ${status} in its document`);
  return schema;
}

function definitionNamed(given: string): Json {
  const name = given.replace('[]', '');
  const ref = { $ref: `#/definitions/${name}` };
  return given.endsWith('[]') ? { type: 'array', items: ref } : ref;
}

function closure(published: Published, answers: Record<string, Json>, prefix: string): Record<string, Json> {
  const found: Record<string, Json> = {};
  const open = refsIn(answers);
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (name in found) continue;
    const definition = published.definitions[name.slice(prefix.length)] as Json | undefined;
    if (definition === undefined) throw new Error(`the document does not define ${name}`);
    const tidied = tidy(definition, prefix);
    found[name] = tidied;
    open.push(...refsIn(tidied));
  }
  return Object.fromEntries(Object.entries(found).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function refsIn(value: Json): string[] {
  return [...JSON.stringify(value).matchAll(/"#\/definitions\/([^"]+)"/g)].map((match) => match[1] ?? '');
}

/** JSON Schema out of OpenAPI: no prose, one place for definitions, `nullable` as a type. */
function tidy(value: Json, prefix: string, isMap = false): Json {
  if (Array.isArray(value)) return value.map((item) => tidy(item, prefix));
  if (typeof value !== 'object' || value === null) return value;
  const out: { [key: string]: Json } = {};
  for (const [key, member] of Object.entries(value)) {
    if (!isMap && (PROSE.has(key) || key.startsWith('x-') || key === 'nullable')) continue;
    if (!isMap && key === '$ref')
      out.$ref = String(member).replace(/^#\/(?:components\/schemas|definitions)\//, `#/definitions/${prefix}`);
    else out[key] = tidy(member, prefix, !isMap && key === 'properties');
  }
  return !isMap && value.nullable === true ? { anyOf: [{ type: 'null' }, out] } : out;
}
