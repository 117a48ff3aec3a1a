import type { ServiceModel, Shape } from '../models/model.ts';

/**
 * The nested input of a call in AWS' query protocol: `Rules.member.1.Priority=1` and its like. What the model does not
 * know is kept under the name it came with, so that the check finds it.
 *
 * @see https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
 */
export function readQuery(model: ServiceModel, shapeName: string | undefined, form: URLSearchParams): unknown {
  const tree: Tree = { children: {} };
  for (const [name, value] of form) if (name !== 'Action' && name !== 'Version') plant(tree, name.split('.'), value);
  return shapeName === undefined ? {} : grown(model, shapeName, tree);
}

interface Tree {
  readonly children: Record<string, Tree>;
  text?: string;
}

function plant(tree: Tree, path: readonly string[], value: string): void {
  const [first, ...rest] = path;
  if (first === undefined) {
    tree.text = value;
    return;
  }
  tree.children[first] ??= { children: {} };
  plant(tree.children[first], rest, value);
}

function grown(model: ServiceModel, shapeName: string, tree: Tree): unknown {
  const shape = model.shapes[shapeName];
  if (shape?.type === 'structure') return structure(model, shape, tree);
  if (shape?.type === 'list') return items(shape, tree).map((item) => grown(model, shape.member?.shape ?? '', item));
  if (shape?.type === 'integer' || shape?.type === 'long' || shape?.type === 'double' || shape?.type === 'float')
    return Number(tree.text);
  if (shape?.type === 'boolean') return tree.text === 'true' ? true : tree.text === 'false' ? false : tree.text;
  return tree.text;
}

function structure(model: ServiceModel, shape: Shape, tree: Tree): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(tree.children).map(([name, child]) => {
      const member = shape.members?.[name];
      return [name, member ? grown(model, member.shape, child) : (child.text ?? '')];
    }),
  );
}

/** An empty list is sent as the name alone. */
function items(shape: Shape, tree: Tree): readonly Tree[] {
  const inside = shape.flattened ? tree : (tree.children[shape.member?.locationName ?? 'member'] ?? { children: {} });
  return Object.entries(inside.children)
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, child]) => child);
}

/** An answer as XML. */
export function writeXml(
  model: ServiceModel,
  operation: string,
  shapeName: string | undefined,
  wrapper: string | undefined,
  value: unknown,
  requestId: string,
): string {
  const result = shapeName === undefined ? '' : inner(model, shapeName, value);
  const wrapped = wrapper === undefined ? result : element(wrapper, result);
  const metadata = element('ResponseMetadata', element('RequestId', requestId));
  return `<${operation}Response xmlns="${model.metadata.xmlNamespace}">${wrapped}${metadata}</${operation}Response>`;
}

/** A refusal as XML. */
export function writeXmlError(model: ServiceModel, code: string, message: string, requestId: string): string {
  const error = `<Error><Type>Sender</Type>${element('Code', code)}${element('Message', escaped(message))}</Error>`;
  return `<ErrorResponse xmlns="${model.metadata.xmlNamespace}">${error}${element('RequestId', requestId)}</ErrorResponse>`;
}

function inner(model: ServiceModel, shapeName: string, value: unknown): string {
  const shape = model.shapes[shapeName];
  if (shape?.type === 'structure') {
    const members = Object.entries(shape.members ?? {});
    const given = value as Readonly<Record<string, unknown>>;
    return members
      .filter(([name]) => given[name] !== undefined)
      .map(([name, member]) => element(name, inner(model, member.shape, given[name])))
      .join('');
  }
  if (shape?.type === 'list') {
    const list = value as readonly unknown[];
    return list.map((item) => element('member', inner(model, shape.member?.shape ?? '', item))).join('');
  }
  if (shape?.type === 'timestamp') return new Date(Number(value) * 1000).toISOString();
  return escaped(String(value));
}

function element(name: string, content: string): string {
  return `<${name}>${content}</${name}>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
