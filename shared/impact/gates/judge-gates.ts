import type { Policy } from '../../release/policy.ts';
import { type Verdict, worstVerdict } from '../../release/verdict.ts';
import { type Book, rowName } from '../book/book.ts';
import { type Changes, isChanged } from '../figures/changes.ts';
import type { RowClasses } from '../figures/classify.ts';
import type { ExtremeRow, OutputFigures } from '../figures/output-figures.ts';
import { isQuoteWonOrLost, type Quotability } from '../figures/quotability.ts';
import type { WeightedFigures } from '../figures/weighted.ts';
import { decimalsApart, grouped } from '../numbers/digits.ts';
import type { Gate } from './gate.ts';
import { fractionAsPct, type Interval, type Judgement, judgeLimits, type Known } from './judge-limits.ts';

export type ImpactPolicy = Policy['gates']['impact'];

/** All that the gates look at. */
export interface Judged {
  readonly book: Book;
  readonly classes: RowClasses;
  /** Undefined where there is no baseline, or no row was answered. */
  readonly premium: { readonly changes: Changes; readonly figures: OutputFigures } | undefined;
  /** By the column of choice; undefined where the policy weighs by premium or by count. */
  readonly weighted: WeightedFigures | undefined;
  readonly quotability: Quotability | undefined;
  /** Bounds for the whole book where a sample was scored, each undefined where it says too little; else undefined. */
  readonly intervals: Readonly<Record<BoundedGate, Interval | undefined>> | undefined;
}

type BoundedGate = 'mean_change' | 'premium_change' | 'rows_over' | 'quotability';

const WORST_ROWS = 10;

/** Every gate of the policy, judged. Without a baseline only the share of scored rows is: there is nothing else to judge. */
export function judgeGates(judged: Judged, policy: ImpactPolicy): readonly Gate[] {
  const scored = judgeScored(judged, policy);
  if (!judged.book.compared) {
    const names = ['mean_change', 'premium_change', 'rows_over', 'quotability'] as const;
    return [scored, ...names.map(withoutBaseline)];
  }
  return [
    scored,
    meanChange(judged, policy),
    premiumChange(judged, policy),
    rowsOver(judged, policy),
    quotabilityGate(judged, policy),
  ];
}

/**
 * The verdict of the report: the worst of the gates, where a failure is only a warning if the policy says so. A run that
 * scored too few rows is inconclusive whatever the other gates make of the rest: its figures are not those of the book.
 */
export function overallVerdict(gates: readonly Gate[], onFail: ImpactPolicy['onFail']): Verdict {
  if (gates.some(({ name, verdict }) => name === 'min_scored' && verdict === 'inconclusive')) return 'inconclusive';
  const worst = worstVerdict(gates.map(({ verdict }) => verdict));
  return worst === 'fail' && onFail === 'warn' ? 'warn' : worst;
}

function judgeScored({ book, classes }: Judged, policy: ImpactPolicy): Gate {
  const value = book.rows === 0 ? undefined : (100 * classes.scored.size) / book.rows;
  const limit = fractionAsPct(policy.minScored);
  const enough = value !== undefined && value >= limit;
  return {
    name: 'min_scored',
    verdict: enough ? 'pass' : 'inconclusive',
    value,
    limit,
    warn: undefined,
    fail: undefined,
    interval: undefined,
    reason: enough
      ? 'Enough of the portfolio was scored to judge it.'
      : 'Too little of the portfolio was scored: the figures may miss what matters.',
    rows: [],
  };
}

function withoutBaseline(name: Gate['name']): Gate {
  const none = { value: undefined, limit: undefined, warn: undefined, fail: undefined, interval: undefined, rows: [] };
  return {
    name,
    verdict: 'pass',
    ...none,
    reason: 'No baseline: no release serves production yet, so there is nothing to compare with.',
  };
}

/** The mean over rows, or weighted by the column of choice. Weighted by premium it would be the change of the total. */
function meanChange({ premium, weighted, intervals }: Judged, policy: ImpactPolicy): Gate {
  const value = weighted === undefined ? premium?.figures.meanChangePct : weighted.meanChangePct;
  const by = weighted === undefined ? 'every row counts the same' : `weighted by ${weighted.by}`;
  const judgement = judgeLimits(value, policy.meanChange, knownOf(intervals, 'mean_change'));
  return {
    name: 'mean_change',
    ...judgement,
    reason: explain(`The mean change of the premium (${by})`, judgement),
    rows: [],
  };
}

function premiumChange({ premium, intervals }: Judged, policy: ImpactPolicy): Gate {
  const known = knownOf(intervals, 'premium_change');
  const judgement = judgeLimits(premium?.figures.totalChangePct, policy.premiumChange, known);
  const reason = explain('The change of the total premium', judgement);
  return { name: 'premium_change', ...judgement, reason, rows: [] };
}

/** Share of rows whose premium moves by more than the policy's change, either way; a change from zero is more than any. */
function rowsOver({ book, premium, intervals }: Judged, policy: ImpactPolicy): Gate {
  const limitPct = fractionAsPct(policy.rowsOver.change);
  const over = premium === undefined ? { count: 0, worst: [] } : rowsOverLimit(premium.changes, limitPct);
  const rows = premium?.changes.count ?? 0;
  const judgement = judgeLimits(
    rows === 0 ? undefined : (100 * over.count) / rows,
    policy.rowsOver,
    knownOf(intervals, 'rows_over'),
  );
  const reason = explain(
    `The share of rows that change by more than ${limitPct}% (${grouped(over.count)} of ${grouped(rows)})`,
    judgement,
  );
  return { name: 'rows_over', ...judgement, reason, rows: over.worst.map((row) => namedRow(book, row)) };
}

/** A row of the book that changed much. */
interface OverRow {
  readonly row: number;
  readonly before: number;
  readonly after: number;
  /** Infinity where the old value is zero. */
  readonly size: number;
  readonly pct: number;
}

/** How many rows change by more than the limit, and the worst of them; of equal ones the first. */
export function rowsOverLimit(
  changes: Changes,
  limitPct: number,
): { readonly count: number; readonly worst: readonly OverRow[] } {
  const worst: OverRow[] = [];
  let count = 0;
  for (const { rows, before, after, pct } of changes.parts()) {
    for (let index = 0; index < pct.length; index++) {
      const value = pct[index] as number;
      if (Math.abs(value) <= limitPct) continue;
      const [old, now] = [before[index] as number, after[index] as number];
      if (Number.isNaN(value) && !isChanged(old, now)) continue;
      count += 1;
      const size = Number.isNaN(value) ? Number.POSITIVE_INFINITY : Math.abs(value);
      if (worst.length === WORST_ROWS && size <= (worst.at(-1) as OverRow).size) continue;
      const place = worst.findIndex((other) => other.size < size);
      const row = { row: rows[index] as number, before: old, after: now, size, pct: value };
      worst.splice(place < 0 ? worst.length : place, 0, row);
      worst.length = Math.min(worst.length, WORST_ROWS);
    }
  }
  return { count, worst };
}

function namedRow(book: Book, { row, before, after, pct }: OverRow): Gate['rows'][number] {
  if (Number.isNaN(pct)) return { row: rowName(book, row), what: `from ${before} to ${after}` };
  return { row: rowName(book, row), pct, production: before, staging: after } satisfies ExtremeRow;
}

function quotabilityGate({ quotability, intervals }: Judged, policy: ImpactPolicy): Gate {
  const judgement = judgeLimits(quotability?.changedPct, policy.quotability, knownOf(intervals, 'quotability'));
  const share = `${grouped(quotability?.changed ?? 0)} of ${grouped(quotability?.rows ?? 0)}`;
  const reason = explain(`The share of rows that get or lose a quote (${share})`, judgement);
  const rows = (quotability?.transitions ?? [])
    .filter(isQuoteWonOrLost)
    .flatMap(({ from, to, examples }) => examples.map((row) => ({ row, what: `${from} before, ${to} now` })));
  return { name: 'quotability', ...judgement, reason, rows: rows.slice(0, WORST_ROWS) };
}

function knownOf(intervals: Judged['intervals'], gate: BoundedGate): Known {
  return intervals === undefined ? 'exact' : (intervals[gate] ?? 'nothing');
}

/** What was measured and why it is judged so, in one sentence. */
function explain(what: string, { verdict, value, limit, warn, fail, interval }: Judgement): string {
  if (value === undefined) return `${what} is not known: no row tells.`;
  const show = (figure: number): string => readable(figure, [warn, fail]);
  const is = `${what} is ${show(value)}%`;
  if (verdict === 'fail') return `${is}, beyond the ${limit}% that fails.`;
  if (verdict === 'pass') return `${is}.`;
  const breaks = `the ${limit}% that ${verdict === 'warn' ? 'warns' : 'fails'}`;
  if (Math.abs(value) > (limit ?? 0)) return `${is}, beyond ${breaks}.`;
  const more = verdict === 'warn' ? '.' : ': score more rows.';
  if (interval === undefined)
    return `${is} in a sample that is too small to tell whether the whole portfolio keeps to ${limit}%${more}`;
  const reach = Math.max(Math.abs(interval[0]), Math.abs(interval[1]));
  return `${is} in the sample and may be ${show(reach)}% in the whole portfolio, beyond ${breaks}${more}`;
}

/** Two decimals, the first two digits of a smaller figure, or as many as tell it from the limits. */
function readable(value: number, limits: readonly (number | undefined)[]): string {
  const size = Math.abs(value);
  const others = limits.filter((limit) => limit !== undefined);
  return String(Number(size < 0.01 ? value.toPrecision(2) : value.toFixed(decimalsApart(size, others))));
}
