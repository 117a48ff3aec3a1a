import { type QuantileQuestion, quantilesOf } from '../numbers/quantile.ts';
import type { WeighedPart } from '../numbers/smallest-reaching.ts';
import { type ChangePart, type Changes, isChanged, PART_ROWS } from './changes.ts';
import type { Weigh, Weighting } from './weighted.ts';

/** Where the changes of a book lie, in percent. */
export interface Spread {
  readonly p1: number;
  readonly p5: number;
  readonly p25: number;
  readonly median: number;
  readonly p75: number;
  readonly p95: number;
  readonly p99: number;
}

/** The shares of the book below each figure of a spread. */
const SPREAD_SHARES = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99] as const;
/** Beyond these shares of the rows that move lies what no chart needs to show to scale. */
const CHART_SHARES = [0.005, 0.995] as const;

/** Where the changes that have a percentage lie; undefined where nothing has one, or weighs anything. */
export interface Spreads {
  /** Every row counts the same: percentiles by linear interpolation. */
  readonly plain: Spread | undefined;
  /** For each weighting: the smallest change such that it and smaller ones have the share of the weight. */
  readonly weighted: readonly (Spread | undefined)[];
  /** Between which changes all but the outermost half percent lie, of the rows that change by more than rounding. */
  readonly moved: readonly [number, number] | undefined;
}

/** All of them from the same few readings of the book. */
export function spreadsOf(changes: Changes, weightings: readonly Weighting[]): Spreads {
  const questions: readonly Question[] = [
    { by: 'rank', shares: SPREAD_SHARES, weigh: undefined },
    { by: 'rank', shares: CHART_SHARES, weigh: weighMoved },
    ...weightings.map(({ weigh }) => ({ by: 'weight', shares: SPREAD_SHARES, weigh: weighRows(weigh) }) as const),
  ];
  const [plain, moved, ...weighted] = quantilesOf(() => measuredParts(changes, questions), questions);
  return {
    plain: plain && asSpread(plain),
    weighted: weighted.map((values) => values && asSpread(values)),
    moved: moved as readonly [number, number] | undefined,
  };
}

interface Question extends QuantileQuestion {
  /** Fills in what each row of a part weighs; undefined where each weighs 1. */
  readonly weigh: ((part: ChangePart, into: Float64Array<ArrayBuffer>) => void) | undefined;
}

function weighMoved({ before, after }: ChangePart, into: Float64Array): void {
  for (let index = 0; index < before.length; index++) {
    into[index] = isChanged(before[index] as number, after[index] as number) ? 1 : 0;
  }
}

function weighRows(weigh: Weigh): NonNullable<Question['weigh']> {
  return ({ rows }, into) => weigh(rows, into);
}

/** The changes that have a percentage, with their weights. A part is overwritten by the next one. */
function* measuredParts(changes: Changes, questions: readonly Question[]): Iterable<WeighedPart> {
  const values = new Float64Array(PART_ROWS);
  const weights = questions.map(({ weigh }) => weigh && new Float64Array(PART_ROWS));
  for (const part of changes.parts()) {
    for (const [index, { weigh }] of questions.entries()) weigh?.(part, weights[index] as Float64Array<ArrayBuffer>);
    const { pct, measured } = part;
    if (measured < pct.length) for (const weighing of weights) if (weighing) keepMeasured(weighing, pct, weighing);
    if (measured < pct.length) keepMeasured(pct, pct, values);
    yield {
      values: measured < pct.length ? values.subarray(0, measured) : pct,
      weights: weights.map((weighing) => weighing?.subarray(0, measured)),
    };
  }
}

/** Puts those values side by side whose row has a percentage. */
function keepMeasured(values: Float64Array, pct: Float64Array, into: Float64Array): void {
  let count = 0;
  for (let index = 0; index < pct.length; index++) {
    if (!Number.isNaN(pct[index])) into[count++] = values[index] as number;
  }
}

/** @param values one for each of `SPREAD_SHARES` */
function asSpread(values: readonly number[]): Spread {
  const [p1, p5, p25, median, p75, p95, p99] = values as readonly [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  return { p1, p5, p25, median, p75, p95, p99 };
}
