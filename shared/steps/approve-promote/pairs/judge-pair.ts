import { columnsOf, valueAt } from '../../../impact/book/columns-of.ts';
import { changePct, isChanged } from '../../../impact/figures/changes.ts';
import type { QuoteState } from '../../../impact/figures/classify.ts';
import type { ImpactJson } from '../../../impact/report/impact-json.ts';
import { namesInRows } from '../../../impact/rows/output-names.ts';
import type { ScoredRow } from '../../../ports/quote-endpoint.ts';
import type { Json, JsonObject } from '../../../release/json.ts';

/** What an approved report says of one row: its line of impact_rows.parquet. */
export type ApprovedRow = JsonObject;

/** One quote, as the current deployment and the candidate answer it in the same moment. */
export interface Pair {
  readonly current: ScoredRow;
  readonly candidate: ScoredRow;
}

/** Percentage points by which a change may be beyond the report's: rounding of both. */
const ROUNDING_POINTS = 1e-4;

/**
 * Why a pair is not what was approved; undefined when it is. The quote is a row that the report was made of, so all that
 * the pair shows must be in it: the candidate answers as the report has it for this very row, where its rows are at hand;
 * and in any case no quote is won or lost in a way that no row of the report was, and no output changes by more than the
 * report's largest increase or decrease.
 * @param approved undefined where the rows of the report are not at hand
 */
export function faultOfPair(pair: Pair, report: ImpactJson, approved: ApprovedRow | undefined): string | undefined {
  const { premium } = report;
  const [from, to] = [stateOf(pair.current, premium), stateOf(pair.candidate, premium)];
  const other = approved && differenceFrom(approved, pair.candidate, to, report);
  if (other !== undefined) return other;
  // Nothing to compare with: the current deployment has no answer either.
  if (from === 'error') return undefined;
  const seen = report.quotability.transitions.find(({ production, staging }) => production === from && staging === to);
  if (seen === undefined || seen.rows === 0)
    return `it is ${from} now and ${to} by the candidate${whyNot(pair.candidate)}`;
  if (from !== 'quoted' || to !== 'quoted') return undefined;
  return firstOf(report.outputs, (output) => outOfRange(output, pair));
}

/** As the report counts states. */
function stateOf(answer: ScoredRow, premium: string | null): QuoteState {
  if (!answer.ok) return 'error';
  const value = premium === null ? undefined : outputOf(answer.row, premium);
  if (value === undefined || value === null) return 'declined';
  return typeof value === 'number' ? 'quoted' : 'error';
}

function differenceFrom(
  approved: ApprovedRow,
  candidate: ScoredRow,
  state: QuoteState,
  { outputs }: ImpactJson,
): string | undefined {
  if (!isTold(approved)) return undefined;
  const { staging_state: expected } = approved;
  if (expected !== state)
    return `the candidate has it ${state}${whyNot(candidate)}, and in the approved report it is ${expected}`;
  if (!candidate.ok) return undefined;
  const names = namesInRows(outputs.map(({ name }) => name));
  return firstOf(outputs, ({ name }) => {
    const [before, now] = [numberOf(approved[`${names.get(name)}_staging`]), numberOf(outputOf(candidate.row, name))];
    const same = before === undefined || now === undefined ? before === now : !isChanged(before, now);
    return same ? undefined : `${name} is ${now ?? 'not there'}, and ${before ?? 'not there'} in the approved report`;
  });
}

function outOfRange(output: ImpactJson['outputs'][number], { current, candidate }: Pair): string | undefined {
  if (!current.ok || !candidate.ok) return undefined;
  const { name } = output;
  const [before, now] = [numberOf(outputOf(current.row, name)), numberOf(outputOf(candidate.row, name))];
  if (before === undefined && now === undefined) return undefined;
  if (before === undefined) return output.only_staging > 0 ? undefined : `${name} is ${now}, and was not there before`;
  if (now === undefined) return output.only_production > 0 ? undefined : `${name} is not there, and was ${before}`;
  const pct = changePct(before, now);
  const what = `${name} goes from ${before} to ${now}`;
  if (Number.isNaN(pct)) {
    const known = !isChanged(before, now) || output.zero_baseline_changed > 0;
    return known ? undefined : `${what}, and no row of the approved report goes up from 0`;
  }
  const [low, high] = [output.lowest?.change_pct ?? 0, output.highest?.change_pct ?? 0];
  if (pct >= low - ROUNDING_POINTS && pct <= high + ROUNDING_POINTS) return undefined;
  return `${what} (${signed(pct)}), and the approved report has changes from ${signed(low)} to ${signed(high)}`;
}

/** Whether a report says anything of a row: not where it could not be paired, as its key is missing or not its own. */
export function isTold(approved: ApprovedRow | undefined): boolean {
  return typeof approved?.staging_state === 'string';
}

/** Outputs inside objects are named by their path: `premium.net`. */
function outputOf(row: JsonObject, name: string): Json | undefined {
  if (Object.hasOwn(row, name)) return row[name];
  const column = columnsOf(row).find((each) => each.name === name);
  return column && valueAt(row, column.path);
}

function numberOf(value: Json | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

function whyNot(answer: ScoredRow): string {
  return answer.ok ? '' : ` (${answer.error})`;
}

function signed(pct: number): string {
  return `${pct < 0 ? '' : '+'}${pct.toFixed(2)} %`;
}

function firstOf<T>(items: readonly T[], fault: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const found = fault(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
