/** Text of unknown origin inside a Markdown table or line: no markup, no mention, no line break survives. */
export function plain(text: string): string {
  return text
    .replaceAll(/[\r\n]+/g, ' ')
    .replaceAll(/[\\`*_{}[\]<>|#]/g, (sign) => `\\${sign}`)
    .replaceAll('@', '@\u200b');
}

/** A table of already safe cells. */
export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** The parts of a page, apart from each other by an empty line; empty parts are left out. */
export function page(...parts: readonly string[]): string {
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

/** A bullet list, cut to a bearable length with a line that says how much was cut. */
export function bullets(lines: readonly string[], most = 20): string {
  const shownLines = lines.slice(0, most).map((line) => `- ${plain(line)}`);
  if (lines.length > most) shownLines.push(`- … and ${lines.length - most} more`);
  return shownLines.join('\n');
}
