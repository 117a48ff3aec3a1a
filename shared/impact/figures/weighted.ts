import { ExactSum } from '../numbers/exact-sum.ts';
import { type ChangePart, type ChangeReader, PART_ROWS } from './changes.ts';
import type { Spread } from './spread.ts';

/** What the rows weigh: the old premium, or a column of the portfolio. */
export interface Weighting {
  /** `premium`, or the name of the column. */
  readonly by: string;
  /** Fills in the weights of rows of the book, each 0 or more. @param rows ascending */
  readonly weigh: Weigh;
}

export type Weigh = (rows: Uint32Array, into: Float64Array<ArrayBuffer>) => void;

/** Changes of one output where rows do not count the same. Undefined where nothing weighs anything. */
export interface WeightedFigures {
  readonly by: string;
  /** Sum of weight x change in percent, divided by the sum of the weights. */
  readonly meanChangePct: number | undefined;
  readonly spread: Spread | undefined;
}

/** The weighted mean of the changes that it reads, over those that have a percentage. */
export class WeightedMean implements ChangeReader {
  readonly #weigh: Weigh;
  readonly #weights = new Float64Array(PART_ROWS);
  readonly #sum = new ExactSum();
  readonly #total = new ExactSum();

  constructor({ weigh }: Weighting) {
    this.#weigh = weigh;
  }

  get value(): number | undefined {
    return this.#total.value > 0 ? this.#sum.value / this.#total.value : undefined;
  }

  read({ rows, pct }: ChangePart): void {
    const weights = this.#weights;
    this.#weigh(rows, weights);
    for (let index = 0; index < rows.length; index++) {
      const value = pct[index] as number;
      if (Number.isNaN(value)) continue;
      const weight = weights[index] as number;
      this.#sum.add(value * weight);
      this.#total.add(weight);
    }
  }
}
