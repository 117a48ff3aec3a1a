import { type Book, rowName } from '../book/book.ts';
import { ExactSum } from '../numbers/exact-sum.ts';
import { type ChangePart, type ChangeReader, type Changes, changePct, isChanged } from './changes.ts';
import type { Spread } from './spread.ts';

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

/** Of the whole book. */
export type WholeFigures = Pick<OutputFigures, 'meanChangePct' | 'productionTotal'>;

/** What the changes that it reads add up to. */
export class ChangeTotals implements ChangeReader {
  readonly #pct = new ExactSum();
  readonly #staging = new ExactSum();
  readonly #production = new ExactSum();
  readonly #extremes = new Extremes();
  #changed = 0;
  #increased = 0;
  #zeroBaseline = 0;
  #zeroBaselineChanged = 0;

  read({ rows, before, after, pct }: ChangePart): void {
    for (let index = 0; index < rows.length; index++) {
      const old = before[index] as number;
      const now = after[index] as number;
      const value = pct[index] as number;
      this.#production.add(old);
      this.#staging.add(now);
      const isZero = Number.isNaN(value);
      if (isZero) this.#zeroBaseline += 1;
      else {
        this.#pct.add(value);
        this.#extremes.look(rows[index] as number, value, old, now);
      }
      if (!isChanged(old, now)) continue;
      this.#changed += 1;
      if (isZero) this.#zeroBaselineChanged += 1;
      if (now > old) this.#increased += 1;
    }
  }

  /** What segments are seen against. */
  whole({ measured }: Pick<Changes, 'measured'>): WholeFigures {
    const meanChangePct = measured === 0 ? undefined : this.#pct.value / measured;
    return { meanChangePct, productionTotal: this.#production.value };
  }

  figures(book: Book, changes: Changes, spread: Spread | undefined): OutputFigures {
    const { column, count, onlyStaging, onlyProduction } = changes;
    return {
      name: column.name,
      rows: count,
      changed: this.#changed,
      increased: this.#increased,
      decreased: this.#changed - this.#increased,
      zeroBaseline: this.#zeroBaseline,
      zeroBaselineChanged: this.#zeroBaselineChanged,
      ...this.whole(changes),
      spread,
      ...this.#extremes.named(book),
      ...totals(this.#staging.value, this.#production.value, count),
      onlyStaging,
      onlyProduction,
    };
  }
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

type Edge = Omit<ExtremeRow, 'row'> & { readonly row: number };

/** The largest and the smallest change of the rows that were shown to it; of equal ones the first. */
class Extremes {
  #highest: Edge | undefined;
  #lowest: Edge | undefined;
  #most = Number.NEGATIVE_INFINITY;
  #least = Number.POSITIVE_INFINITY;

  look(row: number, pct: number, production: number, staging: number): void {
    if (pct > this.#most) {
      this.#most = pct;
      this.#highest = { row, pct, production, staging };
    }
    if (pct < this.#least) {
      this.#least = pct;
      this.#lowest = { row, pct, production, staging };
    }
  }

  named(book: Book): Pick<OutputFigures, 'highest' | 'lowest'> {
    const name = (edge: Edge | undefined): ExtremeRow | undefined => edge && { ...edge, row: rowName(book, edge.row) };
    return { highest: name(this.#highest), lowest: name(this.#lowest) };
  }
}
