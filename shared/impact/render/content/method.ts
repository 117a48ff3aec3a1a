import type { ImpactJson } from '../../report/impact-json.ts';
import type { Inline, Phrase, Section } from '../document.ts';
import { count, counted } from '../format.ts';

const SHOWN_FILES = 5;
/** Gates that judge a share of the rows. */
const SHARES: ReadonlySet<ImpactJson['gates'][number]['name']> = new Set(['rows_over', 'quotability']);

type Sample = NonNullable<ImpactJson['sample']>;

/** How the report was made, so that it can be made again. */
export function methodSection(report: ImpactJson): Section {
  const { subject, sample, search } = report;
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
      : `A sample of ${count(sample.rows)} of ${count(sample.of)} rows was scored${whatIntervalsSay(report, sample)}.`,
    ...(search === null
      ? []
      : [
          `Segments: combinations looked at, of up to three columns: ${count(search.tried)}, over ${counted(search.searched_rows, 'row')}.`,
        ]),
  ];
  return { title: 'How this was made', blocks: [{ list }] };
}

/** Only of intervals that the report has: a small sample has none of means and totals, and without a baseline there are none. */
function whatIntervalsSay({ outputs, gates }: ImpactJson, { confidence_pct: pct }: Sample): string {
  const ofMeans = outputs.some(({ intervals }) => intervals?.mean_change_pct || intervals?.total_change_pct);
  const ofShares = gates.some(({ name, interval }) => SHARES.has(name) && interval);
  const hold = `hold the figure of the whole portfolio with ${pct}% confidence`;
  if (ofMeans) return `; intervals ${hold} (stratified bootstrap with a fixed seed; Wilson for shares)`;
  const few = 'means and totals have none, as the sample says too little of them';
  return ofShares ? `; intervals of shares ${hold} (Wilson); ${few}` : '';
}
