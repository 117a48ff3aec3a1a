import { parseArgs } from 'node:util';
import type { Problem } from '../../errors.ts';

/** A command line taken apart: `haute-ci <words…> [--flag value]…`. */
export interface CommandLine {
  readonly words: readonly string[];
  /** Values by flag name, in order; a flag without a value holds `true`. */
  readonly flags: ReadonlyMap<string, readonly string[]>;
}

/**
 * Takes argv apart without knowing the flags: `--name value`, `--name=value`, and `--name` alone for the flags in
 * `switches`.
 * @param argv arguments after the program's name
 * @param switches flags that may stand alone and then mean `true`
 * @returns the words and flags, and a problem for each flag that lacks its value
 */
export function readCommandLine(
  argv: readonly string[],
  switches: ReadonlySet<string>,
): { line: CommandLine; problems: readonly Problem[] } {
  const { tokens } = parseArgs({ args: [...argv], strict: false, allowPositionals: true, tokens: true });
  const words: string[] = [];
  const flags = new Map<string, string[]>();
  const problems: Problem[] = [];
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at];
    if (token?.kind === 'positional') words.push(token.value);
    if (token?.kind !== 'option') continue;
    const following = tokens[at + 1];
    const detached = token.value === undefined && following?.kind === 'positional' ? following.value : undefined;
    const takesNext = detached !== undefined && (!switches.has(token.name) || isBoolean(detached));
    if (takesNext) at += 1;
    const value = token.value ?? (takesNext ? detached : switches.has(token.name) ? 'true' : undefined);
    if (value === undefined) problems.push(withoutValue(token.rawName));
    else flags.set(token.name, [...(flags.get(token.name) ?? []), value]);
  }
  return { line: { words, flags }, problems };
}

function isBoolean(text: string): boolean {
  return text === 'true' || text === 'false';
}

function withoutValue(flag: string): Problem {
  return { code: 'INPUT-MISSING', what: `${flag} has no value`, fix: `Give it one: ${flag} VALUE` };
}
