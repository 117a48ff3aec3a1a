import type { ImpactJson } from '../report/impact-json.ts';

/** A piece of text in a report, apart from how it is written down. */
export type Inline =
  /** Our own words and figures: no sign in them is markup. */
  | string
  /** A name or value of the user's data, shown as such. */
  | { readonly quote: string; readonly longest?: number }
  /** A sentence that has the user's names in it. */
  | { readonly sentence: string }
  | { readonly strong: string }
  /** A bar that fills a share, 0 to 1, of its cell. */
  | { readonly bar: number; readonly tone: Tone }
  | { readonly verdict: ImpactJson['verdict'] };

export type Tone = 'up' | 'down' | 'same';
export type Phrase = Inline | readonly Inline[];

export type Block =
  | { readonly text: Phrase }
  | { readonly list: readonly Phrase[] }
  | { readonly table: Table }
  /** Drawn in HTML, left out of Markdown, which has the bands. */
  | { readonly chart: NonNullable<ImpactJson['chart']> };

export interface Table {
  readonly head: readonly Phrase[];
  /** One letter for each column: `l` or `r`. */
  readonly align: string;
  readonly rows: readonly (readonly Phrase[])[];
}

export interface Section {
  readonly title: string;
  readonly blocks: readonly Block[];
}

/** The whole report. Sections stand in the order of their importance. */
export interface Document {
  /** Words before the verdict, at the top. */
  readonly title: string;
  readonly verdict: ImpactJson['verdict'];
  readonly subject: Phrase;
  readonly gist: Phrase;
  readonly sections: readonly Section[];
}

/** The pieces of a phrase. */
export function inlines(phrase: Phrase): readonly Inline[] {
  return Array.isArray(phrase) ? phrase : [phrase as Inline];
}

/** Names of the user's data, separated by commas. */
export function quotes(names: readonly string[], longest = 40): readonly Inline[] {
  return names.flatMap((name, index) => (index === 0 ? [{ quote: name, longest }] : [', ', { quote: name, longest }]));
}
