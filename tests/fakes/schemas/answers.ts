import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import type { Extract } from './extract.ts';
import type { ForgeId } from './published.ts';

type Schema = Record<string, unknown>;

/** How a document is to be read: GitHub's is exact, the others are known to be loose. */
interface Reading {
  /** Made into the schema that answers are held against. */
  readonly adapt: (schema: Schema, definitions: Readonly<Record<string, Schema>>) => Schema;
  /** Fields that the prose documents and the document leaves out, by definition. */
  readonly also: Readonly<Record<string, readonly string[]>>;
}

const READINGS: Readonly<Record<ForgeId, Reading>> = {
  github: { adapt: (schema) => schema, also: {} },
  // Its document writes `string` where it does not know, and an object for a list of them.
  // https://docs.gitlab.com/api/merge_request_approvals/
  gitlab: { adapt: loose, also: { API_Entities_Approvals: ['approved_at'] } },
  // What is not there is null; properties and links are maps, and descriptors are text: see the examples beside it.
  azure: { adapt: closed, also: {} },
  'azure-identities': { adapt: closed, also: {} },
};

/** The published answers of a forge. */
class PublishedAnswers {
  readonly #extract: Extract;
  readonly #ajv = new Ajv({ strict: false, logger: false });
  readonly #compiled = new Map<string, ValidateFunction>();
  readonly #reading: Reading;

  constructor(forge: ForgeId) {
    this.#extract = JSON.parse(readFileSync(join(import.meta.dirname, `${forge}.json`), 'utf8'));
    this.#reading = READINGS[forge];
    addFormats.default(this.#ajv);
    const definitions = Object.entries(this.#extract.definitions).map(([name, schema]) => [
      name,
      this.#read(name, schema),
    ]);
    this.#ajv.addSchema({ $id: 'published', definitions: Object.fromEntries(definitions) });
  }

  /** True where the operation and status are in the document. */
  describes(operation: string): boolean {
    return operation in this.#extract.answers;
  }

  /** What is wrong with an answer; nothing when it is as the document says. @param operation `GET /path/{id} 200` */
  faults(operation: string, body: unknown): readonly string[] {
    const validate = this.#compiled.get(operation) ?? this.#compile(operation);
    this.#compiled.set(operation, validate);
    if (validate(body)) return [];
    return (validate.errors ?? []).map(
      (error) => `${operation}${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`,
    );
  }

  /** The answer with everything that the document requires and the fake does not care for. */
  complete(operation: string, body: unknown): unknown {
    return this.#fill(this.#extract.answers[operation] as Schema, body);
  }

  #compile(operation: string): ValidateFunction {
    const schema = this.#read('', this.#extract.answers[operation]);
    return this.#ajv.compile(
      JSON.parse(JSON.stringify(schema).replaceAll('"#/definitions/', '"published#/definitions/')),
    );
  }

  #read(name: string, schema: unknown): Schema {
    const properties = Object.fromEntries((this.#reading.also[name] ?? []).map((field) => [field, {}]));
    const own = schema as { properties?: Schema };
    const extended =
      Object.keys(properties).length === 0 ? own : { ...own, properties: { ...own.properties, ...properties } };
    return this.#reading.adapt(extended as Schema, this.#extract.definitions as Record<string, Schema>);
  }

  #fill(schema: Schema, value: unknown): unknown {
    const at = this.#resolve(schema);
    if (value === null) return null;
    if (Array.isArray(value)) return value.map((item) => this.#fill((at.items ?? {}) as Schema, item));
    if (typeof value !== 'object' && value !== undefined) return value;
    const properties = (at.properties ?? {}) as Record<string, Schema>;
    const given = (value ?? {}) as Record<string, unknown>;
    if (value === undefined && at.type !== 'object') return standIn(at);
    const out: Record<string, unknown> = {};
    for (const [name, member] of Object.entries(given)) {
      out[name] = properties[name] && member !== undefined ? this.#fill(properties[name], member) : member;
    }
    for (const name of (at.required ?? []) as string[]) {
      if (!(name in out)) out[name] = this.#fill(properties[name] ?? {}, undefined);
    }
    return out;
  }

  /** The schema itself, or the first of several that is not null. */
  #resolve(schema: Schema): Schema {
    if (typeof schema.$ref === 'string') {
      return this.#resolve(this.#extract.definitions[schema.$ref.replace('#/definitions/', '')] as Schema);
    }
    const [first] = ((schema.anyOf ?? schema.oneOf ?? []) as Schema[]).filter((one) => one.type !== 'null');
    return first ? this.#resolve(first) : schema;
  }
}

const read = new Map<ForgeId, PublishedAnswers>();

/** Read and compiled once for all tests of a file. */
export function publishedAnswers(forge: ForgeId): PublishedAnswers {
  const known = read.get(forge) ?? new PublishedAnswers(forge);
  read.set(forge, known);
  return known;
}

/** Something of the type, where nobody cares what. */
function standIn({ type, format, enum: words }: Schema): unknown {
  if (Array.isArray(words)) return words[0];
  if (type === 'string') {
    if (format === 'date-time') return '2026-01-01T00:00:00Z';
    return format === 'uri' ? 'https://example.com/x' : 'x';
  }
  if (type === 'boolean') return false;
  if (type === 'integer' || type === 'number') return 1;
  return type === 'array' ? [] : null;
}

function loose(schema: Schema): Schema {
  return rewrite(schema, (at) => {
    if (typeof at.$ref === 'string')
      return { anyOf: [{ type: 'null' }, { $ref: at.$ref }, { type: 'array', items: { $ref: at.$ref } }] };
    if (at.properties) return { ...at, additionalProperties: false };
    return at.type === 'array' ? { anyOf: [{ type: 'null' }, at] } : {};
  });
}

/** Definitions that say nothing about what is on the wire. */
const ANYTHING = /(?:PropertiesCollection|ReferenceLinks|IdentityDescriptor)$/;

function closed(schema: Schema, definitions: Readonly<Record<string, Schema>>): Schema {
  return rewrite(flat(schema, definitions), (at) => {
    if (typeof at.$ref === 'string') return ANYTHING.test(at.$ref) ? {} : { anyOf: [{ type: 'null' }, at] };
    if (Object.keys((at.properties as object | undefined) ?? {}).length > 0)
      return { ...at, additionalProperties: false };
    if (Array.isArray(at.enum)) return { ...at, enum: [...at.enum, null] };
    return typeof at.type === 'string' ? { ...at, type: [at.type, 'null'] } : at;
  });
}

/** A definition with the properties of those that it extends. */
function flat(schema: Schema, definitions: Readonly<Record<string, Schema>>): Schema {
  const { allOf, ...own } = schema;
  if (!Array.isArray(allOf)) return schema;
  const bases = allOf.map((base: Schema) => {
    const name = String(base.$ref ?? '').replace('#/definitions/', '');
    return flat(definitions[name] ?? base, definitions);
  });
  return { ...own, properties: Object.assign({}, ...bases.map((base) => base.properties), own.properties) };
}

/** Applies to each schema within, innermost first. */
function rewrite(schema: Schema, change: (schema: Schema) => Schema): Schema {
  const out: Schema = { ...schema };
  for (const key of ['items', 'additionalProperties']) {
    const inner = out[key];
    if (typeof inner === 'object' && inner !== null) out[key] = rewrite(inner as Schema, change);
  }
  if (out.properties) {
    const members = Object.entries(out.properties as Record<string, Schema>);
    out.properties = Object.fromEntries(members.map(([name, member]) => [name, rewrite(member, change)]));
  }
  if (Array.isArray(out.allOf))
    out.allOf = (out.allOf as Schema[]).map((one) => (one.$ref ? one : rewrite(one, change)));
  return change(out);
}
