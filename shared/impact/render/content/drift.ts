import type { ImpactJson } from '../../report/impact-json.ts';
import { type Phrase, quotes, type Section } from '../document.ts';
import { counted } from '../format.ts';

const SHOWN = 10;
/** From these on a column is called shifted, and shifted much. */
const SHIFTED = 0.1;
const SHIFTED_MUCH = 0.25;

/** How the portfolio itself has moved since an earlier run. For information: no gate looks at it. */
export function driftSection({ drift }: ImpactJson): Section | undefined {
  if (drift === null) return undefined;
  const compared = drift.columns.filter(({ psi }) => psi !== null);
  const rows = compared
    .slice(0, SHOWN)
    .map(({ column, psi }): readonly Phrase[] => [
      { quote: column, longest: 40 },
      (psi ?? 0).toFixed(3),
      reading(psi ?? 0),
    ]);
  const others = (['new', 'gone', 'other-kind'] as const).flatMap((what) => {
    const names = drift.columns.filter((column) => column.what === what).map(({ column }) => column);
    return names.length === 0 ? [] : [[`${TITLES[what]}: `, ...quotes(names.slice(0, SHOWN)), '.'] satisfies Phrase];
  });
  return {
    title: 'The portfolio since the run before',
    blocks: [
      {
        text: [
          'Compared with the ',
          `${counted(drift.since.rows, 'row')} of `,
          { quote: drift.since.dataset },
          '. For information: no gate looks at it.',
        ],
      },
      ...(rows.length > 0 ? [{ table: { head: ['Column', 'PSI', ''], align: 'lrl', rows } }] : []),
      ...others.map((text) => ({ text })),
    ],
  };
}

const TITLES = {
  new: 'New columns',
  gone: 'Columns that are gone',
  'other-kind': 'Columns that hold other things now',
};

function reading(psi: number): string {
  if (psi >= SHIFTED_MUCH) return 'shifted much';
  return psi >= SHIFTED ? 'shifted' : 'stable';
}
