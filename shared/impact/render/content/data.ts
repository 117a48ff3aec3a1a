import type { ImpactJson } from '../../report/impact-json.ts';
import { type Phrase, quotes, type Section } from '../document.ts';
import { count } from '../format.ts';

const SHOWN_FAILURES = 10;

/** What was met in the data and dealt with. */
export function notesSection({ notes }: ImpactJson): Section | undefined {
  if (notes.length === 0) return undefined;
  return { title: 'What to know about the data', blocks: [{ list: notes.map(({ text }) => ({ sentence: text })) }] };
}

/** Rows that an address could not price, by what it said. */
export function failuresSection({ failures }: ImpactJson): Section | undefined {
  if (failures.length === 0) return undefined;
  const rows = failures
    .slice(0, SHOWN_FAILURES)
    .map(({ side, rows: failed, error, examples }): readonly Phrase[] => [
      side,
      count(failed),
      { quote: error, longest: 160 },
      quotes(examples),
    ]);
  const more = failures.length - rows.length;
  return {
    title: 'Rows that could not be priced',
    blocks: [
      { table: { head: ['Where', 'Rows', 'Error', 'Examples'], align: 'lrll', rows } },
      ...(more > 0 ? [{ text: `Other kinds of failure: ${more}.` }] : []),
    ],
  };
}
