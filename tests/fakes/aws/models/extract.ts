import type { Operation, ServiceModel, Shape } from './model.ts';

const METADATA = ['protocol', 'apiVersion', 'endpointPrefix', 'signingName', 'targetPrefix', 'xmlNamespace'] as const;
const PROSE = new Set(['documentation', 'documentationUrl', 'idempotencyToken', 'sensitive', 'deprecatedMessage']);

/** The operations and whatever they refer to, without prose. @throws Error for an operation that is not published */
export function extract(published: ServiceModel, wanted: readonly string[]): ServiceModel {
  const operations: Record<string, Operation> = {};
  const shapes: Record<string, Shape> = {};
  for (const name of wanted) {
    const { input, output, errors } = published.operations[name] ?? missing(name);
    operations[name] = { ...(input && { input }), ...(output && { output }), ...(errors && { errors: [...errors] }) };
    for (const root of [input, output, ...(errors ?? [])]) if (root) collect(root.shape, published, shapes);
  }
  const metadata = Object.fromEntries(METADATA.map((key) => [key, published.metadata[key]]));
  return withoutProse({ metadata, operations, shapes: sorted(shapes) }) as ServiceModel;
}

function collect(name: string, published: ServiceModel, into: Record<string, Shape>): void {
  if (into[name]) return;
  const shape = published.shapes[name] ?? missing(name);
  into[name] = shape;
  const inner = [shape.member, shape.key, shape.value, ...Object.values(shape.members ?? {})];
  for (const member of inner) if (member) collect(member.shape, published, into);
}

function missing(name: string): never {
  throw new Error(`${name} is not in the published model`);
}

function sorted<T>(record: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function withoutProse(value: unknown, isMembers = false): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutProse(item));
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([key]) => isMembers || !PROSE.has(key));
  return Object.fromEntries(kept.map(([key, inner]) => [key, withoutProse(inner, key === 'members')]));
}
