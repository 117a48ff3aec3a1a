import type { Json } from '../../release/json.ts';
import type { PageStore } from '../pages/page-store.ts';
import { Paged } from '../pages/paged.ts';
import type { Side } from './batch.ts';

/** In a column of numbers: there is no value (null, or no such column). */
export const NOTHING = Number.NaN;
/** In a column of numbers: there is a value and it is no number. Answers hold no infinities, so none is lost. */
export const NO_NUMBER = Number.POSITIVE_INFINITY;

/** One column of the answers: its numbers on both sides, row by row. */
export class OutputColumn {
  readonly name: string;
  readonly staging: Paged<Float64Array<ArrayBuffer>>;
  readonly production: Paged<Float64Array<ArrayBuffer>>;
  /** Numbers seen on each side. */
  readonly numbers: Record<Side, number> = { staging: 0, production: 0 };
  /** Values seen that are no numbers. */
  readonly others: Record<Side, number> = { staging: 0, production: 0 };
  /** Answers that had the column at all, null or not. */
  readonly present: Record<Side, number> = { staging: 0, production: 0 };

  /** @param rows rows before the first one that has the column */
  constructor(name: string, rows: number, store: PageStore) {
    this.name = name;
    this.staging = new Paged(Float64Array, store);
    this.production = new Paged(Float64Array, store);
    this.staging.pushMany(NOTHING, rows);
    this.production.pushMany(NOTHING, rows);
  }

  push(side: Side, value: Json | undefined): void {
    if (value !== undefined) this.present[side] += 1;
    if (typeof value === 'number') {
      this.numbers[side] += 1;
      this[side].push(value);
    } else if (value === null || value === undefined) {
      this[side].push(NOTHING);
    } else {
      this.others[side] += 1;
      this[side].push(NO_NUMBER);
    }
  }
}
