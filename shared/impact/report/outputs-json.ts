import type { ChosenOutputs } from '../figures/choose-outputs.ts';
import type { Interval } from '../figures/intervals.ts';
import type { ExtremeRow } from '../figures/output-figures.ts';
import type { Spread } from '../figures/spread.ts';
import { ExactSum } from '../numbers/exact-sum.ts';
import type { RowSet } from '../pages/row-set.ts';
import type { AnalysedOutput } from './analyse.ts';
import type { ImpactJson } from './impact-json.ts';

export function outputJson({ figures, weighted, intervals }: AnalysedOutput): ImpactJson['outputs'][number] {
  const { highest, lowest } = figures;
  return {
    name: figures.name,
    rows: figures.rows,
    changed: figures.changed,
    increased: figures.increased,
    decreased: figures.decreased,
    mean_change_pct: figures.meanChangePct ?? null,
    ...spreadJson(figures.spread),
    max_increase_pct: highest ? Math.max(0, highest.pct) : null,
    max_decrease_pct: lowest ? Math.min(0, lowest.pct) : null,
    highest: extremeJson(highest),
    lowest: extremeJson(lowest),
    staging_mean: figures.stagingMean ?? null,
    production_mean: figures.productionMean ?? null,
    staging_total: figures.stagingTotal,
    production_total: figures.productionTotal,
    total_change: figures.totalChange,
    total_change_pct: figures.totalChangePct ?? null,
    zero_baseline: figures.zeroBaseline,
    zero_baseline_changed: figures.zeroBaselineChanged,
    only_staging: figures.onlyStaging,
    only_production: figures.onlyProduction,
    weighted: weighted.map(({ by, meanChangePct, spread }) => ({
      by,
      mean_change_pct: meanChangePct ?? null,
      ...spreadJson(spread),
    })),
    intervals: intervals
      ? {
          mean_change_pct: intervalJson(intervals.meanChangePct),
          total_change_pct: intervalJson(intervals.totalChangePct),
        }
      : null,
  };
}

/** Without a baseline: what staging answers, and nothing about change. */
export function stagingOutputs(
  chosen: ChosenOutputs | undefined,
  scored: RowSet,
  bookRows: number,
): ImpactJson['outputs'] {
  const columns = chosen === undefined ? [] : [chosen.premium, ...chosen.others];
  return columns.map((column) => {
    const sum = new ExactSum();
    let rows = 0;
    for (let row = 0; row < bookRows; row++) {
      const value = column.staging.at(row);
      if (!scored.has(row) || !Number.isFinite(value)) continue;
      sum.add(value);
      rows += 1;
    }
    return {
      ...outputJson({
        figures: { ...NOTHING_COMPARED, name: column.name, rows },
        weighted: [],
        intervals: undefined,
      }),
      staging_mean: rows === 0 ? null : sum.value / rows,
      staging_total: sum.value,
      production_total: null,
      total_change: null,
      only_staging: rows,
    };
  });
}

const NOTHING_COMPARED = {
  changed: 0,
  increased: 0,
  decreased: 0,
  meanChangePct: undefined,
  spread: undefined,
  highest: undefined,
  lowest: undefined,
  stagingMean: undefined,
  productionMean: undefined,
  stagingTotal: 0,
  productionTotal: 0,
  totalChange: 0,
  totalChangePct: undefined,
  zeroBaseline: 0,
  zeroBaselineChanged: 0,
  onlyStaging: 0,
  onlyProduction: 0,
} as const;

function intervalJson(interval: Interval | undefined): [number, number] | null {
  return interval === undefined ? null : [...interval];
}

function spreadJson(
  spread: Spread | undefined,
): Pick<ImpactJson['outputs'][number], 'median_change_pct' | 'p1' | 'p5' | 'p25' | 'p75' | 'p95' | 'p99'> {
  const { median = null, p1 = null, p5 = null, p25 = null, p75 = null, p95 = null, p99 = null } = spread ?? {};
  return { median_change_pct: median, p1, p5, p25, p75, p95, p99 };
}

function extremeJson(row: ExtremeRow | undefined): ImpactJson['outputs'][number]['highest'] {
  return row ? { row: row.row, change_pct: row.pct, production: row.production, staging: row.staging } : null;
}
