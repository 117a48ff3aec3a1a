import { ExactSum } from '../numbers/exact-sum.ts';
import { weightedQuantiles } from '../numbers/quantile.ts';
import type { WeighedPart } from '../numbers/smallest-reaching.ts';
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

interface Weighed extends WeighedPart {
  readonly weights: Float64Array;
}

export function weightedFigures(changes: Changes, { by, weight }: Weighting): WeightedFigures {
  const parts = (): Iterable<Weighed> => weighed(changes, weight);
  const [sum, total] = [new ExactSum(), new ExactSum()];
  for (const { values, weights } of parts()) {
    for (let index = 0; index < values.length; index++) {
      sum.add((values[index] as number) * (weights[index] as number));
      total.add(weights[index] as number);
    }
  }
  const quantiles = weightedQuantiles(parts, SPREAD_SHARES);
  return {
    by,
    meanChangePct: total.value > 0 ? sum.value / total.value : undefined,
    spread: quantiles && asSpread(quantiles),
  };
}

/** The changes that have a percentage, with their weights. */
function* weighed(changes: Changes, weight: Weighting['weight']): Iterable<Weighed> {
  let [values, weights] = [new Float64Array(), new Float64Array()];
  for (const { rows, pct } of changes.parts()) {
    if (values.length < rows.length) [values, weights] = [new Float64Array(rows.length), new Float64Array(rows.length)];
    let count = 0;
    for (let index = 0; index < rows.length; index++) {
      if (Number.isNaN(pct[index])) continue;
      values[count] = pct[index] as number;
      weights[count++] = weight(rows[index] as number);
    }
    yield { values: values.subarray(0, count), weights: weights.subarray(0, count) };
  }
}
