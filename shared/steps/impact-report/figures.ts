import type { ImpactJson } from '../../impact/report/impact-json.ts';
import type { JsonObject } from '../../release/json.ts';
import type { StepContext } from '../context.ts';
import type { StepResult } from '../define.ts';
import type { Outputs } from './run.ts';

/** What the evidence says of a report. */
export function figuresOf(report: ImpactJson): JsonObject {
  const [premium] = report.outputs;
  return {
    rowsScored: report.rows.scored,
    rowsFailed: report.rows.failed,
    meanChangePct: premium?.mean_change_pct ?? null,
    premiumChangePct: premium?.total_change_pct ?? null,
  };
}

/** What the next steps of a pipeline are told of a report. */
export function outputsOf(report: ImpactJson): StepResult<Outputs>['outputs'] {
  const [premium] = report.outputs;
  const percent = (value: number | null | undefined): string | undefined =>
    typeof value === 'number' ? value.toFixed(4) : undefined;
  const mean = percent(premium?.mean_change_pct);
  const change = percent(premium?.total_change_pct);
  return {
    'rows-scored': report.rows.scored,
    'rows-failed': report.rows.failed,
    'rows-changed': premium?.changed ?? 0,
    ...(mean !== undefined && { 'mean-change-pct': mean }),
    ...(change !== undefined && { 'premium-change-pct': change }),
  };
}

/** Shows every gate that did not pass where people look at the run. */
export function annotateGates({ host }: StepContext, report: ImpactJson): void {
  for (const gate of report.gates) {
    if (gate.verdict === 'pass') continue;
    host.annotate({
      level: gate.verdict === 'warn' ? 'warning' : 'error',
      title: `IMPACT-${gate.name.toUpperCase().replaceAll('_', '-')}`,
      message: `${gate.verdict}: ${gate.reason}`,
    });
  }
}
