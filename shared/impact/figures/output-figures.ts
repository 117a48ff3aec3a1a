import { type Book, rowName } from '../book/book.ts';
import { ExactSum } from '../numbers/exact-sum.ts';
import type { RowSet } from '../pages/row-set.ts';
import { type Changes, changePct, isChanged, measuredPct } from './changes.ts';
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
export function outputFigures(book: Book, changes: Changes, scored: RowSet): OutputFigures {
  const sums = { pct: new ExactSum(), staging: new ExactSum(), production: new ExactSum() };
  const counts = { changed: 0, increased: 0, decreased: 0, zeroBaseline: 0, zeroBaselineChanged: 0 };
  const extremes = new Extremes(book);
  for (const { rows, before, after, pct } of changes.parts()) {
    for (let index = 0; index < rows.length; index++) {
      const old = before[index] as number;
      const now = after[index] as number;
      const value = pct[index] as number;
      sums.production.add(old);
      sums.staging.add(now);
      const zero = Number.isNaN(value);
      if (zero) counts.zeroBaseline += 1;
      else {
        sums.pct.add(value);
        extremes.look(rows[index] as number, value, old, now);
      }
      if (!isChanged(old, now)) continue;
      counts.changed += 1;
      if (zero) counts.zeroBaselineChanged += 1;
      if (now > old) counts.increased += 1;
      else counts.decreased += 1;
    }
  }
  return {
    name: changes.column.name,
    rows: changes.count,
    ...counts,
    meanChangePct: changes.measured === 0 ? undefined : sums.pct.value / changes.measured,
    spread: spreadOf(() => measuredPct(changes), changes.measured),
    highest: extremes.highest,
    lowest: extremes.lowest,
    ...totals(sums.staging.value, sums.production.value, changes.count),
    ...countOneSided(book, changes, scored),
  };
}

function totals(
  staging: number,
  production: number,
  rows: number,
): Pick<
  OutputFigures,
  'stagingMean' | 'productionMean' | 'stagingTotal' | 'productionTotal' | 'totalChange' | 'totalChangePct'
> {
  const pct = changePct(production, staging);
  return {
    stagingMean: rows === 0 ? undefined : staging / rows,
    productionMean: rows === 0 ? undefined : production / rows,
    stagingTotal: staging,
    productionTotal: production,
    totalChange: staging - production,
    totalChangePct: Number.isNaN(pct) ? undefined : pct,
  };
}

function countOneSided(
  book: Book,
  { column }: Changes,
  scored: RowSet,
): Pick<OutputFigures, 'onlyStaging' | 'onlyProduction'> {
  let [onlyStaging, onlyProduction] = [0, 0];
  for (let row = 0; row < book.rows; row++) {
    if (!scored.has(row)) continue;
    const after = Number.isFinite(column.staging.at(row));
    const before = Number.isFinite(column.production.at(row));
    if (after && !before) onlyStaging += 1;
    if (before && !after) onlyProduction += 1;
  }
  return { onlyStaging, onlyProduction };
}

type Edge = Omit<ExtremeRow, 'row'> & { readonly row: number };

/** The largest and the smallest change of the rows that were shown to it. */
class Extremes {
  readonly #book: Book;
  #highest: Edge | undefined;
  #lowest: Edge | undefined;

  constructor(book: Book) {
    this.#book = book;
  }

  get highest(): ExtremeRow | undefined {
    return this.#named(this.#highest);
  }

  get lowest(): ExtremeRow | undefined {
    return this.#named(this.#lowest);
  }

  look(row: number, pct: number, production: number, staging: number): void {
    if (this.#highest === undefined || pct > this.#highest.pct) this.#highest = { row, pct, production, staging };
    if (this.#lowest === undefined || pct < this.#lowest.pct) this.#lowest = { row, pct, production, staging };
  }

  #named(edge: Edge | undefined): ExtremeRow | undefined {
    return edge && { ...edge, row: rowName(this.#book, edge.row) };
  }
}
