import type { OutputColumn } from '../book/output-column.ts';
import type { SegmentValue } from '../book/segment-column.ts';
import { type Changes, changePct } from '../figures/changes.ts';
import { ExactSum } from '../numbers/exact-sum.ts';
import type { Bin } from './feature.ts';
import type { Condition } from './slice.ts';

/** One condition on a column of the portfolio. Numbers lie between `low` and `high`, both included; undefined is open. */
export interface SegmentCondition {
  readonly column: string;
  readonly low: SegmentValue | undefined;
  readonly high: SegmentValue | undefined;
}

/** Figures of some of the rows with a premium on both sides. */
export interface GroupFigures {
  readonly rows: number;
  readonly rowsSharePct: number;
  /** Of the old premium of all rows. */
  readonly premiumSharePct: number | undefined;
  /** Every row counts the same; over the rows that have a percentage. */
  readonly meanChangePct: number | undefined;
  readonly totalChange: number;
  readonly totalChangePct: number | undefined;
  readonly productionMean: number;
  readonly stagingMean: number;
}

/** Rows of the portfolio whose premium changes more than the book's. */
export interface Segment extends GroupFigures {
  readonly direction: 'increase' | 'decrease';
  readonly conditions: readonly SegmentCondition[];
  readonly score: number;
  /** The wider segment that it refines; undefined for a single condition. */
  readonly parent: (GroupFigures & { readonly conditions: readonly SegmentCondition[] }) | undefined;
}

/** Sums over the rows of a group, exact whatever their order. */
export class GroupSums {
  readonly #column: OutputColumn;
  readonly #pct = new ExactSum();
  readonly #before = new ExactSum();
  readonly #after = new ExactSum();
  #rows = 0;
  #measured = 0;

  constructor(column: OutputColumn) {
    this.#column = column;
  }

  /** @param pct NaN for a zero baseline */
  add(row: number, pct: number): void {
    const [before, after] = [this.#column.production.at(row), this.#column.staging.at(row)];
    this.#rows += 1;
    this.#before.add(before);
    this.#after.add(after);
    if (Number.isNaN(pct)) return;
    this.#measured += 1;
    this.#pct.add(pct);
  }

  figures(allRows: number, allPremium: number): GroupFigures {
    const before = this.#before.value;
    const after = this.#after.value;
    const totalPct = changePct(before, after);
    return {
      rows: this.#rows,
      rowsSharePct: allRows === 0 ? 0 : (100 * this.#rows) / allRows,
      premiumSharePct: allPremium === 0 ? undefined : (100 * before) / allPremium,
      meanChangePct: this.#measured === 0 ? undefined : this.#pct.value / this.#measured,
      totalChange: after - before,
      totalChangePct: Number.isNaN(totalPct) ? undefined : totalPct,
      productionMean: this.#rows === 0 ? 0 : before / this.#rows,
      stagingMean: this.#rows === 0 ? 0 : after / this.#rows,
    };
  }
}

/** Figures of the rows that a test lets through. */
export function figuresOf(changes: Changes, belongs: (row: number) => boolean, allPremium: number): GroupFigures {
  const sums = new GroupSums(changes.column);
  changes.rows.forEach((row, index) => {
    if (belongs(row)) sums.add(row, changes.pct[index] as number);
  });
  return sums.figures(changes.rows.length, allPremium);
}

/** Ranges at the end of a column are open: nobody is younger than the youngest band. */
export function conditionOf({ feature, from, to }: Condition): SegmentCondition {
  const { low } = feature.bins[from] as Bin;
  const { high } = feature.bins[to] as Bin;
  const open = feature.numeric && low !== null && !(from === to && low === high);
  return {
    column: feature.column,
    low: open && from === 0 ? undefined : low,
    high: open && to === feature.ordered - 1 ? undefined : high,
  };
}
