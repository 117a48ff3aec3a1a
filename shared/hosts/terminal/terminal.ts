/** The terminal as main.ts hands it over: two streams, and what they can show. */
export interface Terminal {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown; readonly isTTY?: boolean; readonly columns?: number };
  /** Colours are wanted and can be shown. */
  readonly color: boolean;
}

/** Wraps text in an SGR code, or leaves it where colours are not shown. */
export function paint(terminal: Terminal, code: 'bold' | 'dim' | 'red' | 'yellow' | 'green', text: string): string {
  const codes = { bold: 1, dim: 2, red: 31, yellow: 33, green: 32 };
  return terminal.color ? `\u001b[${codes[code]}m${text}\u001b[0m` : text;
}
