import { type ChangePart, type ChangeReader, type Changes, isChanged } from '../figures/changes.ts';
import type { OutputFigures } from '../figures/output-figures.ts';
import type { Spreads } from '../figures/spread.ts';
import type { ImpactJson } from './impact-json.ts';

const BINS = 40;
const POINTS = 600;
/** Widths of a bin that people read easily, times a power of ten. */
const NICE = [1, 2, 2.5, 5, 10] as const;

/** What the chart of an output is made of. */
interface Charted {
  readonly changes: Changes;
  readonly figures: Pick<OutputFigures, 'changed' | 'zeroBaselineChanged'>;
  readonly spreads: Pick<Spreads, 'moved'>;
}

/** A histogram of the rows that change, and a few hundred rows to draw. Undefined where no row has a percentage. */
export function chartOf({ changes, figures, spreads }: Charted): NonNullable<ImpactJson['chart']> | undefined {
  if (changes.measured === 0) return undefined;
  const moved = figures.changed - figures.zeroBaselineChanged;
  const bars = spreads.moved && new Bars(spreads.moved);
  const scatter = new Scatter(changes.count);
  for (const part of changes.parts()) {
    bars?.read(part);
    scatter.read(part);
  }
  return { unchanged: changes.measured - moved, histogram: bars?.histogram ?? [], scatter: scatter.points };
}

/** Rows spread evenly over the portfolio: their old premium and their change in percent. */
class Scatter implements ChangeReader {
  readonly points: [number, number][] = [];
  readonly #step: number;
  #first = 0;

  /** @param count rows that there will be */
  constructor(count: number) {
    this.#step = Math.max(1, Math.ceil(count / POINTS));
  }

  read({ before, pct }: ChangePart): void {
    const step = this.#step;
    for (let index = (step - (this.#first % step)) % step; index < pct.length; index += step) {
      const value = pct[index] as number;
      if (!Number.isNaN(value)) this.points.push([before[index] as number, value]);
    }
    this.#first += pct.length;
  }
}

/** Rows that change by more than rounding, in bins of equal width with an edge at 0; what is beyond is in the outermost bins. */
class Bars implements ChangeReader {
  readonly #width: number;
  readonly #first: number;
  readonly #rows: Uint32Array;

  /** @param bounds between which the bins lie, wherever 0 is */
  constructor([lowest, highest]: readonly [number, number]) {
    const [low, high] = [Math.min(lowest, 0), Math.max(highest, 0)];
    this.#width = niceWidth((high - low) / BINS);
    this.#first = Math.floor(low / this.#width);
    const last = Math.max(this.#first, Math.ceil(high / this.#width) - 1);
    this.#rows = new Uint32Array(last - this.#first + 1);
  }

  get histogram(): NonNullable<ImpactJson['chart']>['histogram'] {
    const [width, first] = [this.#width, this.#first];
    return Array.from(this.#rows, (rows, index) => {
      return { from_pct: tidy((first + index) * width), to_pct: tidy((first + index + 1) * width), rows };
    });
  }

  read({ before, after, pct }: ChangePart): void {
    const rows = this.#rows;
    for (let index = 0; index < pct.length; index++) {
      const value = pct[index] as number;
      if (Number.isNaN(value) || !isChanged(before[index] as number, after[index] as number)) continue;
      const bin = Math.min(Math.max(Math.floor(value / this.#width) - this.#first, 0), rows.length - 1);
      rows[bin] = (rows[bin] as number) + 1;
    }
  }
}

function niceWidth(least: number): number {
  if (!(least > 0)) return 1;
  for (let exponent = -9; exponent < 12; exponent++) {
    for (const nice of NICE) {
      const width = Number(`${nice}e${exponent}`);
      if (width >= least) return width;
    }
  }
  return least;
}

function tidy(value: number): number {
  return Number(value.toPrecision(12)) + 0;
}
