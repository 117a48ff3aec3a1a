import type { ImpactJson } from '../../report/impact-json.ts';
import type { Inline, Phrase, Section } from '../document.ts';
import { count, counted } from '../format.ts';

const SHOWN_FILES = 5;

/** How the report was made, so that it can be made again. */
export function methodSection({ subject, sample, search }: ImpactJson): Section {
  const { files, path } = subject.dataset;
  const named: readonly Inline[] = files
    .slice(0, SHOWN_FILES)
    .flatMap((file): readonly Inline[] => [{ quote: file.path }, ' (', { quote: file.version ?? file.digest }, '), ']);
  const more = files.length > SHOWN_FILES ? [`and ${counted(files.length - SHOWN_FILES, 'more file')}, `] : [];
  const list: readonly Phrase[] = [
    ['Portfolio: ', ...named, ...more, 'named as ', { quote: path }, '.'],
    subject.key === null
      ? 'Rows are paired by position: each answer has exactly as many rows as its request.'
      : ['Rows are paired by ', { quote: subject.key }, '.'],
    'A change is 100 × (new − old) / |old|. Quantiles of rows are interpolated (type 7); sums are exact.',
    sample === null
      ? 'Every row was scored: the figures are exact and have no sampling error.'
      : `A sample of ${count(sample.rows)} of ${count(sample.of)} rows was scored; intervals hold the figure of the whole portfolio with ${sample.confidence_pct}% confidence (stratified bootstrap with a fixed seed; Wilson for shares).`,
    ...(search === null
      ? []
      : [
          `Segments: combinations looked at, of up to three columns: ${count(search.tried)}, over ${counted(search.searched_rows, 'row')}.`,
        ]),
  ];
  return { title: 'How this was made', blocks: [{ list }] };
}
