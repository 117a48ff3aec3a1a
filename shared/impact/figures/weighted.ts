import { ExactSum } from '../numbers/exact-sum.ts';
import { weightedQuantiles } from '../numbers/quantile.ts';
import { sortOrder } from '../numbers/sort-order.ts';
import { floatsOf } from '../numbers/typed.ts';
import type { Changes } from './changes.ts';
import { asSpread, SPREAD_SHARES, type Spread } from './spread.ts';

/** What the rows weigh: the old premium, or a column of the portfolio. */
export interface Weighting {
  /** `premium`, or the name of the column. */
  readonly by: string;
  /** Weight of a row of the book, 0 or more. */
  readonly weight: (row: number) => number;
}

/** Changes of one output where rows do not count the same. Undefined where nothing weighs anything. */
export interface WeightedFigures {
  readonly by: string;
  /** Sum of weight x change in percent, divided by the sum of the weights. */
  readonly meanChangePct: number | undefined;
  /** Weighted quantiles: the smallest change such that it and smaller ones have the share of the weight. */
  readonly spread: Spread | undefined;
}

export function weightedFigures({ rows, pct }: Changes, { by, weight }: Weighting): WeightedFigures {
  const measured = rows.filter((_, index) => !Number.isNaN(pct[index]));
  const values = pct.filter((value) => !Number.isNaN(value));
  const weights = floatsOf(measured, weight);
  const [sum, total] = [new ExactSum(), new ExactSum()];
  values.forEach((value, index) => {
    sum.add(value * (weights[index] as number));
    total.add(weights[index] as number);
  });
  const quantiles = weightedQuantiles(values, weights, sortOrder(values), SPREAD_SHARES);
  return {
    by,
    meanChangePct: total.value > 0 ? sum.value / total.value : undefined,
    spread: quantiles && asSpread(quantiles),
  };
}
