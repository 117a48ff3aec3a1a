import type { SegmentFindings } from '../segments/find-segments.ts';
import type { GroupFigures, SegmentCondition } from '../segments/segment.ts';
import type { ImpactJson } from './impact-json.ts';

export function segmentsJson({ segments }: SegmentFindings): ImpactJson['segments'] {
  return segments.map(({ direction, conditions, score, parent, ...figures }) => ({
    direction,
    conditions: conditions.map(conditionJson),
    score,
    ...groupJson(figures),
    parent: parent ? { conditions: parent.conditions.map(conditionJson), ...groupJson(parent) } : null,
  }));
}

export function breakdownsJson({ breakdowns }: SegmentFindings): ImpactJson['breakdowns'] {
  return breakdowns.map(({ column, explainedPct, groups }) => ({
    column,
    explained_pct: explainedPct,
    groups: groups.map((group) => ({ ...conditionJson(group), ...groupJson(group) })),
  }));
}

function conditionJson({ column, low, high }: SegmentCondition): ImpactJson['segments'][number]['conditions'][number] {
  return { column, low: low ?? null, high: high ?? null, open_low: low === undefined, open_high: high === undefined };
}

function groupJson(
  group: GroupFigures,
): Pick<
  ImpactJson['segments'][number],
  | 'rows'
  | 'rows_share_pct'
  | 'premium_share_pct'
  | 'mean_change_pct'
  | 'total_change'
  | 'total_change_pct'
  | 'production_mean'
  | 'staging_mean'
> {
  return {
    rows: group.rows,
    rows_share_pct: group.rowsSharePct,
    premium_share_pct: group.premiumSharePct ?? null,
    mean_change_pct: group.meanChangePct ?? null,
    total_change: group.totalChange,
    total_change_pct: group.totalChangePct ?? null,
    production_mean: group.productionMean,
    staging_mean: group.stagingMean,
  };
}
