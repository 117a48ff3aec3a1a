import { parse } from 'yaml';

type Values = Readonly<Record<string, unknown>>;

interface Template {
  readonly parameters?: readonly { readonly name: string; readonly default?: unknown }[];
}

/**
 * A pipeline or template as the service makes it before it runs: `${{ parameters.x }}` put in, `${{ if eq(…) }}`
 * decided, `${{ insert }}` and `${{ each … }}` merged. Only what our own files use; anything else is an error.
 * @param given parameters by name; the rest takes its default
 * @throws Error for a parameter that is neither given nor has a default, and for one that there is not
 */
export function expandTemplate(text: string, given: Values = {}): Values {
  const template = parse(text) as Template & Values;
  const declared = template.parameters ?? [];
  for (const name of Object.keys(given)) {
    if (!declared.some((parameter) => parameter.name === name)) throw new Error(`unexpected parameter ${name}`);
  }
  const values: Record<string, unknown> = {};
  for (const { name, default: fallback } of declared) {
    values[name] = given[name] ?? fallback;
    if (values[name] === undefined) throw new Error(`a value for parameter ${name} must be given`);
  }
  const { parameters: _, ...body } = template;
  return expand(body, values) as Values;
}

function expand(node: unknown, values: Values): unknown {
  if (typeof node === 'string') return expandText(node, values);
  if (Array.isArray(node)) return node.flatMap((item) => expandItem(item, values));
  if (typeof node !== 'object' || node === null) return node;
  const entries = Object.entries(node).flatMap(([key, value]) => {
    if (/^\$\{\{ insert \}\}$/.test(key)) return Object.entries(expand(value, values) as object);
    const [, item, list = ''] = /^\$\{\{ each (\w+) in parameters\.(\w+) \}\}$/.exec(key) ?? [];
    if (item !== undefined) {
      return Object.entries(lookUp(list, values) as object).flatMap(([name, each]) =>
        Object.entries(expand(value, { ...values, [`${item}.key`]: name, [`${item}.value`]: each }) as object),
      );
    }
    return [[expandText(key, values) as string, expand(value, values)] as const];
  });
  const twice = entries.find(([name], index) => entries.findIndex(([other]) => other === name) !== index);
  if (twice) throw new Error(`${twice[0]} is already defined`);
  return Object.fromEntries(entries);
}

/** An item of a list may be a condition over the items that follow it. */
function expandItem(item: unknown, values: Values): readonly unknown[] {
  const [[key, value] = []] = typeof item === 'object' && item !== null ? Object.entries(item) : [];
  const condition = /^\$\{\{ if eq\(parameters\.(\w+), (true|false)\) \}\}$/.exec(key ?? '');
  if (!condition) return [expand(item, values)];
  const holds = String(lookUp(condition[1] ?? '', values)) === condition[2];
  return holds ? (expand(value, values) as unknown[]) : [];
}

function expandText(text: string, values: Values): unknown {
  const whole = /^\$\{\{ (?:parameters\.)?([\w.]+) \}\}$/.exec(text);
  if (whole) return lookUp(whole[1] ?? '', values);
  return text.replaceAll(/\$\{\{ (.*?) \}\}/g, (_, expression: string) => {
    const name = /^(?:parameters\.)?([\w.]+)$/.exec(expression)?.[1];
    if (name === undefined) throw new Error(`cannot expand ${expression}`);
    return String(lookUp(name, values));
  });
}

function lookUp(name: string, values: Values): unknown {
  if (!(name in values)) throw new Error(`there is no parameter ${name}`);
  return values[name];
}

/** Every scalar as text: the service knows no other. */
export function scalarsAsText(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(scalarsAsText);
  if (typeof node !== 'object' || node === null) return String(node);
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, scalarsAsText(value)]));
}
