import { ExactSum } from '../numbers/exact-sum.ts';
import type { ChangePart, ChangeReader } from './changes.ts';
import type { Spread } from './spread.ts';

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
  readonly spread: Spread | undefined;
}

/** The weighted mean of the changes that it reads, over those that have a percentage. */
export class WeightedMean implements ChangeReader {
  readonly #weight: Weighting['weight'];
  readonly #sum = new ExactSum();
  readonly #total = new ExactSum();

  constructor({ weight }: Weighting) {
    this.#weight = weight;
  }

  get value(): number | undefined {
    return this.#total.value > 0 ? this.#sum.value / this.#total.value : undefined;
  }

  read({ rows, pct }: ChangePart): void {
    for (let index = 0; index < rows.length; index++) {
      const value = pct[index] as number;
      if (Number.isNaN(value)) continue;
      const weight = this.#weight(rows[index] as number);
      this.#sum.add(value * weight);
      this.#total.add(weight);
    }
  }
}
