import { ConfigError } from '../../errors.ts';
import type { Book } from '../book/book.ts';
import type { OutputColumn } from '../book/output-column.ts';

export interface OutputChoice {
  /** Columns that the policy names, the premium first; empty to find them. */
  readonly named: readonly string[];
  readonly key: string | undefined;
}

/** The columns to compare. */
export interface ChosenOutputs {
  readonly premium: OutputColumn;
  readonly others: readonly OutputColumn[];
  /** Named columns that only the answers of staging have, so that there is nothing to compare. */
  readonly onlyInStaging: readonly string[];
  /** How the premium was found. */
  readonly premiumBy: 'policy' | 'name' | 'only-number';
}

/** Words of a column's name that say it names a row and measures nothing. */
const ID_WORDS: ReadonlySet<string> = new Set(['id', 'ids', 'key', 'uuid', 'guid', 'ref', 'reference']);

/**
 * Chooses the outputs to compare: those that the policy names, or every number of the answers that is not a key, not an
 * id and not a column of the portfolio handed back. The premium is the first that is named; else the column called
 * premium, else price; else one with such a word in its name; else the only one there is.
 * @returns undefined where no row was answered at all, so that there is nothing to choose from
 * @throws ConfigError IMPACT-OUTPUT-MISSING, IMPACT-NO-PREMIUM
 */
export function chooseOutputs(book: Book, choice: OutputChoice): ChosenOutputs | undefined {
  if (book.outputs.length === 0) return undefined;
  return choice.named.length > 0 ? namedOutputs(book, choice.named) : foundOutputs(book, choice.key);
}

/** True for `quote_id`, `IDpol`, `policyRef`, and for no measure. */
export function isIdName(name: string): boolean {
  const words = name.replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2').split(/[^A-Za-z0-9]+/);
  return /^ID(?=[a-z])/.test(name) || words.some((word) => ID_WORDS.has(word.toLowerCase()));
}

function namedOutputs(book: Book, names: readonly string[]): ChosenOutputs {
  const missing = names.filter((name, index) => !isPresent(book, name, index === 0));
  if (missing.length > 0) throw outputMissing(book, missing);
  const columns = names.flatMap((name) => book.outputs.find((column) => column.name === name) ?? []);
  const both = columns.filter((column, index) => index === 0 || !book.compared || column.present.production > 0);
  const onlyInStaging = columns.filter((column) => !both.includes(column)).map(({ name }) => name);
  const [premium, ...others] = both as [OutputColumn, ...OutputColumn[]];
  return { premium, others, onlyInStaging, premiumBy: 'policy' };
}

/** Staging must have every column; production, older, must have the premium. A side that answered no row says nothing. */
function isPresent(book: Book, name: string, premium: boolean): boolean {
  const column = book.outputs.find((output) => output.name === name);
  if (column === undefined) return false;
  const lacks = (side: 'staging' | 'production'): boolean => column.present[side] === 0 && hasAnswers(book, side);
  return !lacks('staging') && !(premium && lacks('production'));
}

function hasAnswers(book: Book, side: 'staging' | 'production'): boolean {
  return book.outputs.some((column) => column.present[side] > 0);
}

function foundOutputs(book: Book, key: string | undefined): ChosenOutputs {
  const portfolio = new Set(book.segments.map(({ name }) => name));
  const candidates = book.outputs.filter(
    (column) =>
      column.name !== key &&
      !isIdName(column.name) &&
      (isPriceName(column.name) ? isNumberOrNull(column) : isNumber(column) && !portfolio.has(column.name)),
  );
  const byName =
    candidates.find(({ name }) => /^premium$/i.test(name)) ??
    candidates.find(({ name }) => /^price$/i.test(name)) ??
    candidates.find(({ name }) => /premium/i.test(name)) ??
    candidates.find(({ name }) => /price/i.test(name));
  const premium = byName ?? (candidates.length === 1 ? candidates[0] : undefined);
  if (premium === undefined) throw noPremium(book, candidates);
  const others = candidates.filter((column) => column !== premium);
  const both = others.filter(
    (column) => !book.compared || (column.present.production > 0 && column.present.staging > 0),
  );
  return {
    premium,
    others: both.filter(isNumber),
    onlyInStaging: others
      .filter((column) => !both.includes(column) && column.present.staging > 0)
      .map(({ name }) => name),
    premiumBy: byName ? 'name' : 'only-number',
  };
}

function isPriceName(name: string): boolean {
  return /premium|price/i.test(name);
}

/** Numbers, and more of them than of anything else that is not null. */
function isNumber(column: OutputColumn): boolean {
  const { numbers, others } = column;
  return numbers.staging + numbers.production > others.staging + others.production;
}

/** A premium that is null everywhere is still the premium: everything was declined. */
function isNumberOrNull(column: OutputColumn): boolean {
  return isNumber(column) || column.others.staging + column.others.production === 0;
}

function outputMissing(book: Book, missing: readonly string[]): ConfigError {
  const has = (side: 'staging' | 'production'): string =>
    book.outputs
      .filter((column) => column.present[side] > 0)
      .map(({ name }) => name)
      .join(', ') || 'none';
  const production = book.compared ? `; production has ${has('production')}` : '';
  return new ConfigError({
    code: 'IMPACT-OUTPUT-MISSING',
    what: `the answers do not have ${missing.join(', ')}: staging has ${has('staging')}${production}`,
    fix: 'Name columns of the answers in outputs of [gates.impact], the premium first',
  });
}

function noPremium(book: Book, candidates: readonly OutputColumn[]): ConfigError {
  const names = (candidates.length > 0 ? candidates : book.outputs).map(({ name }) => name).join(', ');
  return new ConfigError({
    code: 'IMPACT-NO-PREMIUM',
    what: `none of the answers’ columns is known to be the premium: ${names}`,
    fix: 'Name it first in outputs of [gates.impact] in haute.release.toml, for example outputs = ["gross"]',
  });
}
