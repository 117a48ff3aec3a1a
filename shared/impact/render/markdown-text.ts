/** Longest text of the user's data that is shown; a key or an error may be a page long. */
const LONGEST = 80;

/**
 * Text from the user's data in prose: as code, where no markup, no mention, no reference and no HTML counts.
 * @see https://spec.commonmark.org/0.31.2/#code-spans
 */
export function code(text: string, longest = LONGEST): string {
  const line = oneLine(text, longest);
  if (line === '') return '(empty)';
  const fence = '`'.repeat(longestRun(line) + 1);
  const space = line.startsWith('`') || line.endsWith('`') ? ' ' : '';
  return `${fence}${space}${line}${space}${fence}`;
}

/** The same in a cell of a table, where a bar would end the cell even inside code. */
export function cellCode(text: string, longest = LONGEST): string {
  return code(text, longest).replaceAll('|', '\\|');
}

/** Sentences of ours that quote data, such as notes: every sign that could be markup is made plain. */
export function prose(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[\\`*_{}[\]<>|#~$&]/g, (sign) => `\\${sign}`)
    .replaceAll(/[@!](?=\w)/g, (sign) => `${sign}\u2060`)
    .replaceAll('://', ':\u2060//');
}

export function table(head: readonly string[], align: string, rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rule = [...align].map((side) => (side === 'r' ? '---:' : ':---'));
  return [line(head), line(rule), ...rows.map(line)].join('\n');
}

function oneLine(text: string, longest: number): string {
  const line = [
    ...text
      .slice(0, longest * 4)
      .replaceAll(/[\s\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
      .trim(),
  ];
  return line.length > longest ? `${line.slice(0, longest - 1).join('')}…` : line.join('');
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
}
