import { type Book, rowName } from '../book/book.ts';
import { ExactSum, exactSum } from '../numbers/exact-sum.ts';
import { type Changes, changePct, isChanged } from './changes.ts';
import { type Spread, spreadOf } from './spread.ts';

/** A row at the edge of the book. */
export interface ExtremeRow {
  /** Key of the row, or its number where there is none. */
  readonly row: string;
  readonly pct: number;
  readonly production: number;
  readonly staging: number;
}

/** The figures of one output. Percentages are 100 x (new - old) / |old|; undefined where there is nothing to divide by. */
export interface OutputFigures {
  readonly name: string;
  /** Rows with a number on both sides. All figures below are of these. */
  readonly rows: number;
  /** Rows whose two numbers differ by more than rounding. */
  readonly changed: number;
  readonly increased: number;
  readonly decreased: number;
  /** Sum of the rows' changes in percent over the rows that have one: every row counts the same. */
  readonly meanChangePct: number | undefined;
  /** Of the rows' changes in percent. */
  readonly spread: Spread | undefined;
  /** The largest change in percent; of equal ones the first row of the portfolio. */
  readonly highest: ExtremeRow | undefined;
  readonly lowest: ExtremeRow | undefined;
  readonly stagingMean: number | undefined;
  readonly productionMean: number | undefined;
  readonly stagingTotal: number;
  readonly productionTotal: number;
  /** Staging's total less production's, in the unit of the column. */
  readonly totalChange: number;
  /** 100 x (staging's total - production's total) / |production's total|. */
  readonly totalChangePct: number | undefined;
  /** Rows whose old value is 0: they count in totals and have no percentage. */
  readonly zeroBaseline: number;
  readonly zeroBaselineChanged: number;
  /** Scored rows with a number in staging only, or in production only. */
  readonly onlyStaging: number;
  readonly onlyProduction: number;
}

/** @param scored rows that both sides answered */
export function outputFigures(book: Book, changes: Changes, scored: Uint32Array): OutputFigures {
  const { column, rows, pct } = changes;
  const measured = pct.filter((value) => !Number.isNaN(value));
  const [highest, lowest] = extremes(book, changes);
  return {
    name: column.name,
    rows: rows.length,
    ...countChanges(changes),
    meanChangePct: mean(measured),
    spread: spreadOf(measured.slice().sort()),
    highest,
    lowest,
    ...totals(changes),
    ...countOneSided(changes, scored),
  };
}

function countChanges({
  column,
  rows,
  pct,
}: Changes): Pick<OutputFigures, 'changed' | 'increased' | 'decreased' | 'zeroBaseline' | 'zeroBaselineChanged'> {
  const counts = { changed: 0, increased: 0, decreased: 0, zeroBaseline: 0, zeroBaselineChanged: 0 };
  rows.forEach((row, index) => {
    const [before, after] = [column.production.at(row), column.staging.at(row)];
    const zero = Number.isNaN(pct[index]);
    if (zero) counts.zeroBaseline += 1;
    if (!isChanged(before, after)) return;
    counts.changed += 1;
    if (zero) counts.zeroBaselineChanged += 1;
    if (after > before) counts.increased += 1;
    else counts.decreased += 1;
  });
  return counts;
}

function totals({
  column,
  rows,
}: Changes): Pick<
  OutputFigures,
  'stagingMean' | 'productionMean' | 'stagingTotal' | 'productionTotal' | 'totalChange' | 'totalChangePct'
> {
  const [staging, production] = [new ExactSum(), new ExactSum()];
  for (const row of rows) {
    staging.add(column.staging.at(row));
    production.add(column.production.at(row));
  }
  const pct = changePct(production.value, staging.value);
  return {
    stagingMean: rows.length === 0 ? undefined : staging.value / rows.length,
    productionMean: rows.length === 0 ? undefined : production.value / rows.length,
    stagingTotal: staging.value,
    productionTotal: production.value,
    totalChange: staging.value - production.value,
    totalChangePct: Number.isNaN(pct) ? undefined : pct,
  };
}

function countOneSided(
  { column }: Changes,
  scored: Uint32Array,
): Pick<OutputFigures, 'onlyStaging' | 'onlyProduction'> {
  let [onlyStaging, onlyProduction] = [0, 0];
  for (const row of scored) {
    const [after, before] = [Number.isFinite(column.staging.at(row)), Number.isFinite(column.production.at(row))];
    if (after && !before) onlyStaging += 1;
    if (before && !after) onlyProduction += 1;
  }
  return { onlyStaging, onlyProduction };
}

function extremes(
  book: Book,
  { column, rows, pct }: Changes,
): readonly [ExtremeRow | undefined, ExtremeRow | undefined] {
  let [high, low] = [-1, -1];
  pct.forEach((value, index) => {
    if (Number.isNaN(value)) return;
    if (high < 0 || value > (pct[high] as number)) high = index;
    if (low < 0 || value < (pct[low] as number)) low = index;
  });
  const extreme = (index: number): ExtremeRow | undefined => {
    const row = rows[index];
    if (row === undefined) return undefined;
    return {
      row: rowName(book, row),
      pct: pct[index] as number,
      production: column.production.at(row),
      staging: column.staging.at(row),
    };
  };
  return [extreme(high), extreme(low)];
}

function mean(values: Float64Array): number | undefined {
  return values.length === 0 ? undefined : exactSum(values) / values.length;
}
