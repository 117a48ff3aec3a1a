import type { Book } from '../book/book.ts';
import { type ColumnFindings, type ColumnsTask, type StudyColumns, studyColumns } from '../columns/study-columns.ts';
import { bandsOf } from '../figures/bands.ts';
import { type Changes, changesOf } from '../figures/changes.ts';
import { type ChosenOutputs, chooseOutputs } from '../figures/choose-outputs.ts';
import { classifyRows, type RowClasses } from '../figures/classify.ts';
import { type ChangeIntervals, changeIntervals, type Sample, shareInterval } from '../figures/intervals.ts';
import { ChangeTotals, type OutputFigures } from '../figures/output-figures.ts';
import { type Quotability, quotability, stagingStates } from '../figures/quotability.ts';
import { regulatory } from '../figures/regulatory.ts';
import { type Spreads, spreadsOf } from '../figures/spread.ts';
import { type WeightedFigures, WeightedMean, type Weighting } from '../figures/weighted.ts';
import { type ImpactPolicy, type Judged, judgeGates, overallVerdict, rowsOverLimit } from '../gates/judge-gates.ts';
import { fractionAsPct } from '../gates/judge-limits.ts';
import { chartOf } from './chart.ts';
import type { ImpactJson } from './impact-json.ts';
import { notesOf } from './notes.ts';
import { writeReport } from './write-report.ts';

/** What was compared, for the reader and the evidence. */
export type ImpactSubject = ImpactJson['subject'];

export interface AnalysisSetup {
  readonly subject: ImpactSubject;
  readonly policy: ImpactPolicy;
  /** Undefined where every row of the portfolio was scored. */
  readonly sample: Sample | undefined;
  /** An earlier report, to tell how the portfolio has drifted since. */
  readonly previous?: ImpactJson;
}

/** One output with all its figures. */
export interface AnalysedOutput {
  readonly figures: OutputFigures;
  readonly weighted: readonly WeightedFigures[];
  readonly intervals: ChangeIntervals | undefined;
}

/**
 * The whole report from a book. Pure, and the same bytes for the same rows and answers, whatever batches they came in.
 * @throws ConfigError IMPACT-OUTPUT-MISSING, IMPACT-NO-PREMIUM
 */
export function analyse(book: Book, setup: AnalysisSetup): ImpactJson {
  const begun = begin(book, setup);
  return reportOf(begun, figuresOf(begun), studyColumns(begun.columns));
}

/**
 * The same report, byte for byte, half of it found while the columns of the portfolio are studied elsewhere.
 * @throws ConfigError IMPACT-OUTPUT-MISSING, IMPACT-NO-PREMIUM; what `study` throws
 */
export async function analyseBeside(book: Book, setup: AnalysisSetup, study: StudyColumns): Promise<ImpactJson> {
  const begun = begin(book, setup);
  const columns = study(begun.columns);
  // Met below; until then a failure must not end the process.
  columns.catch(() => undefined);
  return reportOf(begun, figuresOf(begun), await columns);
}

/** What both halves of an analysis start from. */
interface Begun {
  readonly book: Book;
  readonly setup: AnalysisSetup;
  readonly chosen: ChosenOutputs | undefined;
  readonly classes: RowClasses;
  readonly columns: ColumnsTask;
}

function begin(book: Book, setup: AnalysisSetup): Begun {
  const chosen = chooseOutputs(book, { named: setup.policy.outputs, key: setup.subject.key ?? undefined });
  const classes = classifyRows(book, chosen?.premium);
  const columns = {
    rows: book.rows,
    columns: book.segments,
    premium: book.compared ? chosen?.premium : undefined,
    scored: classes.scored,
    earlier: setup.previous?.inputs,
  };
  return { book, setup, chosen, classes, columns };
}

/** Everything but what the columns of the portfolio tell. */
function figuresOf({ book, setup, chosen, classes }: Begun) {
  const { policy, sample } = setup;
  const outputs = chosen && book.compared ? compareOutputs(book, chosen, classes, sample) : [];
  const premium = outputs[0];
  const quotes = quotability(book, classes);
  const gates = judgeGates(judged(book, classes, premium, quotes, setup), policy);
  return {
    verdict: overallVerdict(gates, policy.onFail),
    outputs,
    bands: premium ? bandsOf(premium.changes) : [],
    quotability: quotes,
    stagingStates: stagingStates(classes),
    regulatory: premium && regulatory(premium.figures),
    gates,
    notes: notesOf(
      book,
      classes,
      chosen,
      outputs.map(({ figures }) => figures),
    ),
    chart: premium && chartOf(premium),
  };
}

function reportOf(
  { book, setup, chosen, classes }: Begun,
  figures: ReturnType<typeof figuresOf>,
  columns: ColumnFindings,
): ImpactJson {
  return writeReport({ setup, book, classes, chosen, ...figures, columns });
}

/** An output that was compared, with what later findings start from. */
interface ComparedOutput extends AnalysedOutput {
  readonly changes: Changes;
  readonly spreads: Spreads;
}

function compareOutputs(
  book: Book,
  { premium, others }: ChosenOutputs,
  classes: RowClasses,
  sample: Sample | undefined,
): readonly ComparedOutput[] {
  const weightings = weightingsOf(book, premium);
  const byColumn = book.weights === undefined ? undefined : weightings.at(-1)?.weigh;
  return [premium, ...others].map((column) => {
    const totals = new ChangeTotals();
    const means = weightings.map((weighting) => new WeightedMean(weighting));
    const changes = changesOf(column, classes.scored, book.rows, [totals, ...means]);
    const spreads = spreadsOf(changes, weightings);
    return {
      changes,
      spreads,
      figures: totals.figures(book, changes, spreads.plain),
      weighted: weightings.map(({ by }, index) => {
        return { by, meanChangePct: means[index]?.value, spread: spreads.weighted[index] };
      }),
      intervals: sample && changeIntervals(changes, sample, byColumn),
    };
  });
}

/** By the old premium, and by the column of choice where there is one. */
function weightingsOf(book: Book, premium: ChosenOutputs['premium']): readonly Weighting[] {
  const { weights } = book;
  const byPremium: Weighting = {
    by: 'premium',
    weigh: (rows, into) => {
      premium.production.gather(rows, into);
      for (let index = 0; index < rows.length; index++) {
        const value = Math.abs(into[index] as number);
        into[index] = Number.isFinite(value) ? value : 0;
      }
    },
  };
  return weights === undefined
    ? [byPremium]
    : [byPremium, { by: book.weightColumn ?? 'weight', weigh: (rows, into) => weights.gather(rows, into) }];
}

function judged(
  book: Book,
  classes: RowClasses,
  premium: ComparedOutput | undefined,
  quotes: Quotability | undefined,
  { policy, sample }: AnalysisSetup,
): Judged {
  const weighted = book.weights === undefined ? undefined : premium?.weighted.at(-1);
  return {
    book,
    classes,
    premium,
    weighted,
    quotability: quotes,
    intervals: intervalsOf(premium, quotes, policy, sample, weighted !== undefined),
  };
}

function intervalsOf(
  premium: ComparedOutput | undefined,
  quotes: Quotability | undefined,
  policy: ImpactPolicy,
  sample: Sample | undefined,
  isWeighted: boolean,
): Judged['intervals'] {
  if (sample === undefined) return undefined;
  const { changes, intervals } = premium ?? {};
  const over = changes && rowsOverLimit(changes, fractionAsPct(policy.rowsOver.change)).count;
  return {
    mean_change: isWeighted ? intervals?.weightedMeanChangePct : intervals?.meanChangePct,
    premium_change: intervals?.totalChangePct,
    rows_over: changes && shareInterval(over ?? 0, changes.count, sample),
    quotability: quotes && shareInterval(quotes.changed, quotes.rows, sample),
  };
}
