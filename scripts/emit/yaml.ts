import { Document, isMap, Scalar, visit } from 'yaml';

/** Text as a literal block: no sign in it is read as YAML. */
export function block(text: string): Scalar<string> {
  const scalar = new Scalar(text);
  scalar.type = Scalar.BLOCK_LITERAL;
  return scalar;
}

/** An expression of a GitHub workflow. */
export function expression(text: string): string {
  return `\${{ ${text} }}`;
}

/** Text with a comment behind it on its line. */
export function commented(text: string, comment: string): Scalar<string> {
  const scalar = new Scalar(text);
  scalar.comment = ` ${comment}`;
  return scalar;
}

/**
 * A value as a YAML document, in the key order it has. Long text is not folded, so that a diff shows what changed.
 * @param note comment at the top
 */
export function yamlDocument(value: unknown, note?: string): string {
  const document = new Document(value, { aliasDuplicateObjects: false });
  if (note) document.commentBefore = ` ${note}`;
  visit(document, {
    // An empty mapping is written as `{}`, which schemas take for an object; `null` they do not.
    Pair: (_, pair) => {
      if (isMap(pair.value) && pair.value.items.length === 0) pair.value.flow = true;
    },
  });
  return document.toString({ lineWidth: 0, singleQuote: true, indentSeq: true });
}
