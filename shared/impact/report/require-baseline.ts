import type { ImpactJson } from './impact-json.ts';
import { NO_BASELINE } from './notes.ts';

/**
 * The report where there should have been something to compare with and nothing was: inconclusive, with the reason as a
 * gate of its own. A first deployment passes without a comparison; an address that answers 404 may be one that was
 * misspelt, and must not look like it.
 * @param reason one sentence: what was expected to answer, and what to do
 */
export function withoutExpectedBaseline(report: ImpactJson, reason: string): ImpactJson {
  const gate: ImpactJson['gates'][number] = {
    name: 'baseline',
    verdict: 'inconclusive',
    value: null,
    limit: null,
    warn: null,
    fail: null,
    interval: null,
    reason,
    rows: [],
  };
  const notes = report.notes.map((note) => (note.code === NO_BASELINE ? { ...note, text: reason } : note));
  return { ...report, verdict: 'inconclusive', gates: [gate, ...report.gates], notes };
}
