import type { Book } from '../book/book.ts';
import type { ChosenOutputs } from '../figures/choose-outputs.ts';
import type { RowClasses } from '../figures/classify.ts';
import type { OutputFigures } from '../figures/output-figures.ts';
import { grouped } from '../numbers/digits.ts';

/** Of the note that nothing was compared. */
export const NO_BASELINE = 'NO-BASELINE';

export interface Note {
  /** Upper-case, dash-separated, stable. */
  readonly code: string;
  readonly text: string;
}

/** What was met in the data and dealt with, for the reader to know: one sentence each, the gravest first. */
export function notesOf(
  book: Book,
  classes: RowClasses,
  chosen: ChosenOutputs | undefined,
  outputs: readonly OutputFigures[],
): readonly Note[] {
  const { unpaired } = classes;
  const { extraAnswers, keyTypesDiffer, weightless, columnsLeftOut } = book.oddities;
  const notes: (Note | false | undefined)[] = [
    !book.compared && {
      code: NO_BASELINE,
      text: 'No release serves production yet: staging alone is described, nothing was compared, and the gates have nothing to judge.',
    },
    book.rows === 0 && { code: 'NO-ROWS', text: 'No row of the portfolio was scored.' },
    unpaired.repeatedKey > 0 && {
      code: 'KEY-REPEATED',
      text: `${rows(unpaired.repeatedKey)} left out: the key is that of another row too, and which answer belongs to which row is not certain.`,
    },
    unpaired.noKey > 0 && {
      code: 'KEY-EMPTY',
      text: `${rows(unpaired.noKey)} of the portfolio left out for having no key.`,
    },
    unpaired.noAnswer > 0 && {
      code: 'KEY-NOT-ANSWERED',
      text: `${rows(unpaired.noAnswer)} left out because no answer carries the key.`,
    },
    ...(['staging', 'production'] as const).flatMap((side) => [
      extraAnswers[side] > 0 && {
        code: 'KEY-UNKNOWN',
        text: `${side} gave answers with a key that was not asked for; they were ignored: ${grouped(extraAnswers[side])}.`,
      },
      keyTypesDiffer[side] && {
        code: 'KEY-TYPES-DIFFER',
        text: `Keys came back from ${side} as another type than they were sent (a number as text, or text as a number); they were compared as text.`,
      },
    ]),
    chosen?.premiumBy === 'only-number' && {
      code: 'PREMIUM-GUESSED',
      text: `No output is named premium; ${chosen.premium.name}, the only number in the answers, was taken for it.`,
    },
    ...(chosen?.onlyInStaging ?? []).map((name) => ({
      code: 'OUTPUT-ONLY-IN-STAGING',
      text: `${name} is new: production does not answer it, so it was not compared.`,
    })),
    ...textInOutputs(chosen),
    ...outputs.flatMap((output, index) => [
      output.zeroBaseline > 0 && {
        code: 'ZERO-BASELINE',
        text: `${output.name} is 0 in production in ${rows(output.zeroBaseline)} (${output.zeroBaselineChanged} with another value now): they count in totals and have no percentage.`,
      },
      index > 0 &&
        output.onlyStaging + output.onlyProduction > 0 && {
          code: 'OUTPUT-ONE-SIDED',
          text: `${output.name} is empty on one side in ${rows(output.onlyStaging + output.onlyProduction)}; these are not compared.`,
        },
    ]),
    weightless > 0 && {
      code: 'WEIGHT-MISSING',
      text: `${rows(weightless)} without a weight (missing, negative or no number) count nothing in weighted figures.`,
    },
    columnsLeftOut.outputs > 0 && {
      code: 'OUTPUTS-LEFT-OUT',
      text: `Columns of the answers that were not looked at: ${columnsLeftOut.outputs}; name the ones that matter in outputs of [gates.impact].`,
    },
    columnsLeftOut.segments > 0 && {
      code: 'SEGMENT-COLUMNS-LEFT-OUT',
      text: `Columns of the portfolio that were not looked at for segments: ${columnsLeftOut.segments}.`,
    },
    ...unusedForSegments(book),
  ];
  return notes.filter((note): note is Note => note !== false && note !== undefined);
}

function textInOutputs(chosen: ChosenOutputs | undefined): readonly Note[] {
  const columns = chosen === undefined ? [] : [chosen.premium, ...chosen.others];
  return columns.flatMap((column) => {
    const count = column.others.staging + column.others.production;
    if (count === 0) return [];
    const what = column === chosen?.premium ? 'that counts as an error' : 'that is not compared';
    return [
      {
        code: 'OUTPUT-NOT-A-NUMBER',
        text: `${column.name} is something other than a number in ${count === 1 ? '1 answer' : `${grouped(count)} answers`}; ${what}.`,
      },
    ];
  });
}

function unusedForSegments(book: Book): readonly Note[] {
  const many = book.segments.filter(({ dropped }) => dropped === 'many-values').map(({ name }) => name);
  const nested = book.segments.filter(({ dropped }) => dropped === 'nested').map(({ name }) => name);
  return [
    ...(many.length > 0
      ? [
          {
            code: 'COLUMN-MANY-VALUES',
            text: `Not used for segments, as they have more than 1,000 different values: ${list(many)}.`,
          },
        ]
      : []),
    ...(nested.length > 0
      ? [{ code: 'COLUMN-NESTED', text: `Not used for segments, as they hold objects or lists: ${list(nested)}.` }]
      : []),
  ];
}

function rows(count: number): string {
  return count === 1 ? '1 row' : `${grouped(count)} rows`;
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, 10).join(', ');
  return names.length > 10 ? `${shown} and ${names.length - 10} more` : shown;
}
