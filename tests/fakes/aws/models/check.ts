import type { ServiceModel, Shape } from './model.ts';

/** What is wrong with a value by the published shape; nothing where it is right. Timestamps are seconds or text. */
export function problemsOf(model: ServiceModel, shapeName: string, value: unknown, at = ''): string[] {
  const shape = model.shapes[shapeName];
  if (!shape) return [`${at}: the shape ${shapeName} is not in the model`];
  switch (shape.type) {
    case 'structure':
      return structure(model, shape, value, at);
    case 'list':
      return list(model, shape, value, at);
    case 'map':
      return map(model, shape, value, at);
    case 'string':
      return string(shape, value, at);
    case 'integer':
    case 'long':
      return Number.isInteger(value) ? range(shape, Number(value), at, 'value') : [wrong(at, 'a whole number', value)];
    case 'float':
    case 'double':
      return typeof value === 'number' ? range(shape, value, at, 'value') : [wrong(at, 'a number', value)];
    case 'boolean':
      return typeof value === 'boolean' ? [] : [wrong(at, 'a boolean', value)];
    case 'timestamp':
      return typeof value === 'number' || typeof value === 'string' ? [] : [wrong(at, 'a time', value)];
    case 'blob':
      return typeof value === 'string' ? [] : [wrong(at, 'base64 text', value)];
    default:
      return [`${at}: nobody knows the type ${shape.type}`];
  }
}

function structure(model: ServiceModel, shape: Shape, value: unknown, at: string): string[] {
  if (!isRecord(value)) return [wrong(at, 'a structure', value)];
  const members = shape.members ?? {};
  const given = Object.entries(value).filter(([, inner]) => inner !== undefined && inner !== null);
  const names = new Set(given.map(([name]) => name));
  const missing = (shape.required ?? []).filter((name) => !names.has(name));
  const union = shape.union && names.size !== 1 ? [`${at}: exactly one member is wanted`] : [];
  return [
    ...missing.map((name) => `${at}.${name}: missing`),
    ...union,
    ...given.flatMap(([name, inner]) => {
      const member = members[name];
      return member ? problemsOf(model, member.shape, inner, `${at}.${name}`) : [`${at}.${name}: unknown member`];
    }),
  ];
}

function list(model: ServiceModel, shape: Shape, value: unknown, at: string): string[] {
  if (!Array.isArray(value)) return [wrong(at, 'a list', value)];
  const inner = shape.member?.shape ?? '';
  return [
    ...range(shape, value.length, at, 'length'),
    ...value.flatMap((item, index) => problemsOf(model, inner, item, `${at}[${index}]`)),
  ];
}

function map(model: ServiceModel, shape: Shape, value: unknown, at: string): string[] {
  if (!isRecord(value)) return [wrong(at, 'a map', value)];
  return Object.entries(value).flatMap(([key, inner]) => [
    ...problemsOf(model, shape.key?.shape ?? '', key, `${at}{${key}}`),
    ...problemsOf(model, shape.value?.shape ?? '', inner, `${at}.${key}`),
  ]);
}

function string(shape: Shape, value: unknown, at: string): string[] {
  if (typeof value !== 'string') return [wrong(at, 'text', value)];
  if (shape.enum && !shape.enum.includes(value)) return [`${at}: ${value} is none of ${shape.enum.join(', ')}`];
  const pattern = shape.pattern === undefined ? undefined : patternOf(shape.pattern);
  const unlike = pattern && !pattern.test(value) ? [`${at}: does not match ${shape.pattern}`] : [];
  return [...range(shape, value.length, at, 'length'), ...unlike];
}

function range(shape: Shape, value: number, at: string, what: string): string[] {
  if (shape.min !== undefined && value < shape.min) return [`${at}: ${what} ${value} is below ${shape.min}`];
  if (shape.max !== undefined && value > shape.max) return [`${at}: ${what} ${value} is over ${shape.max}`];
  return [];
}

/** AWS writes patterns in Java's dialect; one that JavaScript does not read is left out. */
function patternOf(pattern: string): RegExp | undefined {
  const posix = pattern.replaceAll('\\p{Print}', '[\\x20-\\x7E]').replaceAll('\\p{Alnum}', '[A-Za-z0-9]');
  for (const flags of posix.includes('\\p{') ? ['u'] : ['u', '']) {
    try {
      return new RegExp(`^(?:${posix})$`, flags);
    } catch {}
  }
  return undefined;
}

function wrong(at: string, wanted: string, value: unknown): string {
  return `${at}: ${wanted} is wanted, not ${JSON.stringify(value)?.slice(0, 60)}`;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
