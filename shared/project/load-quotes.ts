import { join } from 'node:path';
import { type Place, type Problem, ProviderError } from '../errors.ts';
import type { Files } from '../ports/files.ts';
import { isInside, outside, shownPath } from './paths.ts';
import { readQuotes } from './read-quotes.ts';
import { readTextFile } from './read-text-file.ts';
import type { TestQuote } from './test-quote.ts';

/** Enough for ten thousand golden quotes; a portfolio belongs elsewhere. */
const MAX_BYTES = 8 * 2 ** 20;

export interface QuotesFolder {
  /** Absolute. */
  readonly dir: string;
  /** Where its name is written; undefined when nobody named it, and then it need not be there. */
  readonly named: { readonly place?: Place } | undefined;
}

export interface LoadedQuotes {
  readonly quotes: readonly TestQuote[];
  readonly problems: readonly Problem[];
}

/** The quotes of every `.json` file right in the folder, as Haute reads it, in the order of their names. */
export async function loadQuotes(root: string, { dir, named }: QuotesFolder, files: Files): Promise<LoadedQuotes> {
  const names = await jsonFiles(dir, files);
  if (names.length === 0) return { quotes: [], problems: named ? [noQuotes(shownPath(root, dir), named)] : [] };
  const loaded: LoadedQuotes[] = [];
  for (const name of names) loaded.push(await loadFile(root, dir, name, files));
  return { quotes: loaded.flatMap(({ quotes }) => quotes), problems: loaded.flatMap(({ problems }) => problems) };
}

async function jsonFiles(dir: string, files: Files): Promise<readonly string[]> {
  try {
    return (await files.list(dir)).filter((name) => name.endsWith('.json') && !name.includes('/'));
  } catch (error) {
    if (error instanceof ProviderError && error.problem.code === 'DISK-WRONG-KIND') return [];
    throw error;
  }
}

async function loadFile(root: string, dir: string, name: string, files: Files): Promise<LoadedQuotes> {
  const path = join(dir, name);
  const shown = shownPath(root, path);
  const real = await files.realPath(path);
  const folder = await files.realPath(dir);
  if (real !== undefined && folder !== undefined && !isInside(folder, real) && !isInside(root, real)) {
    return { quotes: [], problems: [outside(shown, { file: shown })] };
  }
  const file = await readTextFile(files, path, shown, MAX_BYTES);
  if (file === undefined) return { quotes: [], problems: [brokenLink(shown)] };
  return 'problem' in file ? { quotes: [], problems: [file.problem] } : readQuotes(file.text, shown);
}

function noQuotes(dir: string, named: { readonly place?: Place }): Problem {
  return {
    code: 'QUOTES-MISSING',
    what: `there are no test quotes: ${dir} is not a folder with .json files`,
    fix: `Put golden quotes into ${dir}, each file a JSON array of { "input": { … }, "expected": { … } }, or name another folder`,
    ...named,
  };
}

function brokenLink(file: string): Problem {
  return {
    code: 'FILE-MISSING',
    what: 'it is a link to a file that is not there',
    fix: 'Remove the link or repair it',
    place: { file },
  };
}
