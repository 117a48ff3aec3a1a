import type { Verdict } from '../../release/verdict.ts';
import { type Book, rowName } from '../book/book.ts';
import type { ColumnFindings } from '../columns/study-columns.ts';
import type { Band } from '../figures/bands.ts';
import type { ChosenOutputs } from '../figures/choose-outputs.ts';
import { QUOTE_STATES, type QuoteState, type RowClasses } from '../figures/classify.ts';
import { CONFIDENCE_PCT, SEED } from '../figures/intervals.ts';
import type { Quotability } from '../figures/quotability.ts';
import type { Regulatory } from '../figures/regulatory.ts';
import type { Gate } from '../gates/gate.ts';
import type { AnalysedOutput, AnalysisSetup } from './analyse.ts';
import { breakdownsJson, segmentsJson } from './groups-json.ts';
import { IMPACT_SCHEMA, IMPACT_SCHEMA_URL, type ImpactJson } from './impact-json.ts';
import type { Note } from './notes.ts';
import { outputJson, stagingOutputs } from './outputs-json.ts';

/** Everything that was found out, as it is written into the report. */
export interface Findings {
  readonly setup: AnalysisSetup;
  readonly book: Book;
  readonly classes: RowClasses;
  readonly chosen: ChosenOutputs | undefined;
  readonly verdict: Verdict;
  readonly outputs: readonly AnalysedOutput[];
  readonly bands: readonly Band[];
  readonly quotability: Quotability | undefined;
  readonly stagingStates: Readonly<Record<QuoteState, number>>;
  readonly regulatory: Regulatory | undefined;
  readonly columns: ColumnFindings;
  readonly gates: readonly Gate[];
  readonly notes: readonly Note[];
  readonly chart: ImpactJson['chart'] | undefined;
}

/** The findings in the words and the order of `impact.json`. */
export function writeReport(all: Findings): ImpactJson {
  const { setup, book, chosen } = all;
  const { inputs, segments } = all.columns;
  return {
    $schema: IMPACT_SCHEMA_URL,
    schema: IMPACT_SCHEMA,
    verdict: all.verdict,
    on_fail: setup.policy.onFail,
    baseline: book.compared ? 'production' : 'none',
    subject: setup.subject,
    sample: setup.sample
      ? { rows: setup.sample.rows, of: setup.sample.of, confidence_pct: CONFIDENCE_PCT, seed: SEED }
      : null,
    rows: rowsJson(all),
    premium: chosen?.premium.name ?? null,
    outputs: book.compared ? all.outputs.map(outputJson) : stagingOutputs(chosen, all.classes.scored, book.rows),
    bands: all.bands.map(bandJson),
    quotability: quotabilityJson(all),
    regulatory: all.regulatory ? regulatoryJson(all.regulatory) : null,
    segments: segments ? segmentsJson(segments) : [],
    breakdowns: segments ? breakdownsJson(segments) : [],
    search: segments ? { tried: segments.tried, searched_rows: segments.searchedRows } : null,
    inputs: inputs.map(({ bins, ...about }) => ({ ...about, bins: bins.map((bin) => ({ ...bin })) })),
    drift: driftJson(all),
    gates: all.gates.map(gateJson),
    failures: book.failures.map(({ side, error, status, rows, examples }) => ({
      side,
      error,
      status: status ?? null,
      rows,
      examples: examples.map((row) => rowName(book, row)),
    })),
    notes: [...all.notes],
    chart: all.chart ?? null,
  };
}

function rowsJson({ book, classes }: Findings): ImpactJson['rows'] {
  const { scored, failed, failedOn, unpaired } = classes;
  return {
    total: book.rows,
    scored: scored.size,
    failed,
    unpaired: unpaired.noKey + unpaired.repeatedKey + unpaired.noAnswer,
    failed_staging: failedOn.staging,
    failed_production: failedOn.production,
    without_key: unpaired.noKey,
    repeated_key: unpaired.repeatedKey,
    without_answer: unpaired.noAnswer,
    extra_answers_staging: book.oddities.extraAnswers.staging,
    extra_answers_production: book.oddities.extraAnswers.production,
  };
}

function bandJson(band: Band): ImpactJson['bands'][number] {
  return {
    kind: band.kind,
    from_pct: band.fromPct ?? null,
    to_pct: band.toPct ?? null,
    rows: band.rows,
    share_pct: band.sharePct,
    production_total: band.productionTotal,
    premium_share_pct: band.premiumSharePct ?? null,
    staging_total: band.stagingTotal,
  };
}

function quotabilityJson({ quotability, stagingStates, book }: Findings): ImpactJson['quotability'] {
  const transitions = quotability?.transitions ?? [];
  const inProduction = (state: QuoteState): number =>
    transitions.filter(({ from }) => from === state).reduce((sum, { rows }) => sum + rows, 0);
  return {
    rows: QUOTE_STATES.reduce((sum, state) => sum + stagingStates[state], 0),
    changed: quotability?.changed ?? null,
    changed_pct: quotability?.changedPct ?? null,
    staging: { ...stagingStates },
    production: book.compared
      ? { quoted: inProduction('quoted'), declined: inProduction('declined'), error: inProduction('error') }
      : null,
    transitions: transitions.map(({ from, to, rows, sharePct, examples }) => ({
      production: from,
      staging: to,
      rows,
      share_pct: sharePct,
      examples: [...examples],
    })),
  };
}

function driftJson({ columns: { drift }, setup: { previous } }: Findings): ImpactJson['drift'] {
  if (previous === undefined || drift === undefined) return null;
  const columns = drift.map(({ psi, ...about }) => ({ ...about, psi: psi ?? null }));
  return { since: { dataset: previous.subject.dataset.path, rows: previous.rows.total }, columns };
}

function regulatoryJson(block: Regulatory): NonNullable<ImpactJson['regulatory']> {
  return {
    overall_change_pct: block.overallChangePct ?? null,
    written_premium_change: block.writtenPremiumChange,
    written_premium: block.writtenPremium,
    policyholders: block.policyholders,
    policyholders_affected: block.policyholdersAffected,
    maximum_change_pct: block.maximumChange?.pct ?? null,
    maximum_change_row: block.maximumChange?.row ?? null,
    minimum_change_pct: block.minimumChange?.pct ?? null,
    minimum_change_row: block.minimumChange?.row ?? null,
  };
}

function gateJson(gate: Gate): ImpactJson['gates'][number] {
  return {
    name: gate.name,
    verdict: gate.verdict,
    value: gate.value ?? null,
    limit: gate.limit ?? null,
    warn: gate.warn ?? null,
    fail: gate.fail ?? null,
    interval: gate.interval ? [...gate.interval] : null,
    reason: gate.reason,
    rows: gate.rows.map((row) =>
      'what' in row
        ? { row: row.row, change_pct: null, production: null, staging: null, what: row.what }
        : { row: row.row, change_pct: row.pct, production: row.production, staging: row.staging, what: null },
    ),
  };
}
