import type { SegmentValue } from '../book/input-column.ts';
import { type Changes, changePct, PART_ROWS } from '../figures/changes.ts';
import { ExactSum } from '../numbers/exact-sum.ts';
import type { Bin, Feature } from './feature.ts';
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
  readonly #pct = new ExactSum();
  readonly #before = new ExactSum();
  readonly #after = new ExactSum();
  #rows = 0;
  #measured = 0;

  /** @param pct NaN for a zero baseline */
  add(before: number, after: number, pct: number): void {
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

/** Figures of groups of rows, all from one reading of the book. @param groups the conditions of each */
export function figuresOfAll(
  changes: Changes,
  groups: readonly (readonly Condition[])[],
  allPremium: number,
): readonly GroupFigures[] {
  const sums = groups.map(() => new GroupSums());
  const bins = new Map(groups.flat().map(({ feature }) => [feature, new Uint16Array(PART_ROWS)]));
  const places = new Uint16Array(PART_ROWS);
  for (const { rows, before, after, pct } of changes.parts()) {
    for (const [feature, into] of bins) feature.binsOf(rows, into);
    groups.forEach((conditions, group) => {
      const sum = sums[group] as GroupSums;
      const count = placesWhere(conditions, bins, rows.length, places);
      for (let at = 0; at < count; at++) {
        const index = places[at] as number;
        sum.add(before[index] as number, after[index] as number, pct[index] as number);
      }
    });
  }
  return sums.map((sum) => sum.figures(changes.count, allPremium));
}

/** Finds the places of the rows that meet all conditions. @returns how many there are */
function placesWhere(
  conditions: readonly Condition[],
  binsOf: ReadonlyMap<Feature, Uint16Array>,
  rows: number,
  places: Uint16Array,
): number {
  for (let index = 0; index < rows; index++) places[index] = index;
  let left = rows;
  for (const { feature, from, to } of conditions) {
    const bins = binsOf.get(feature) as Uint16Array;
    let kept = 0;
    for (let at = 0; at < left; at++) {
      const place = places[at] as number;
      const bin = bins[place] as number;
      if (bin >= from && bin <= to) places[kept++] = place;
    }
    left = kept;
  }
  return left;
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
