import { comparable, RELEASE_VARIABLE, type TaskShape } from './task-definition.ts';

/** One field that differs, as people read it: `containerDefinitions[pricing].image: a -> b`. */
export interface FieldChange {
  readonly field: string;
  readonly from: string;
  readonly to: string;
}

/** Whatever may hold a secret is said to have changed, and not shown. */
const HIDDEN =
  /(^|\.)(environment|secrets|command|entryPoint|dockerLabels|options|secretOptions|repositoryCredentials|healthCheck|extraHosts)\b/;
const HIDDEN_VALUE = '(hidden)';
const NONE = '(none)';

/** Every field in which two definitions differ, in the order of their names. */
export function diffTasks(from: TaskShape, to: TaskShape): readonly FieldChange[] {
  const [before, after] = [flat(from), flat(to)];
  const fields = [...new Set([...before.keys(), ...after.keys()])].toSorted();
  return fields.flatMap((field) => {
    const [old, now] = [before.get(field), after.get(field)];
    return old === now ? [] : [{ field, from: shown(field, old), to: shown(field, now) }];
  });
}

/** `containerDefinitions[pricing].image: a -> b`. */
export function describeChange({ field, from, to }: FieldChange): string {
  return from === HIDDEN_VALUE && to === HIDDEN_VALUE ? `${field} changes (hidden)` : `${field}: ${from} -> ${to}`;
}

function flat(shape: TaskShape): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  walk(comparable(shape), '', fields);
  return fields;
}

/** Members of a list that have names go by them, so that one more in the middle is one change. */
function walk(value: unknown, path: string, fields: Map<string, string>): void {
  if (typeof value !== 'object' || value === null) {
    fields.set(path, String(value));
    return;
  }
  for (const [key, member] of Object.entries(value)) {
    const name = Array.isArray(value) ? `[${nameOf(member) ?? key}]` : path === '' ? key : `.${key}`;
    walk(member, `${path}${name}`, fields);
  }
}

function nameOf(member: unknown): string | undefined {
  const { name } = (member ?? {}) as { readonly name?: unknown };
  return typeof name === 'string' ? name : undefined;
}

function shown(field: string, value: string | undefined): string {
  if (value === undefined) return NONE;
  if (field.includes(`[${RELEASE_VARIABLE}]`)) return value;
  return HIDDEN.test(field) ? HIDDEN_VALUE : value;
}
