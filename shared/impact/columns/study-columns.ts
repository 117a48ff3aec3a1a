import type { InputColumn } from '../book/input-column.ts';
import { countColumns, type Distribution, distributionsOf } from '../drift/distribution.ts';
import { type ColumnDrift, driftOf } from '../drift/drift.ts';
import { type ComparedColumn, changesOf } from '../figures/changes.ts';
import { ChangeTotals } from '../figures/output-figures.ts';
import type { RowSet } from '../pages/row-set.ts';
import { findSegments, type SegmentFindings } from '../segments/find-segments.ts';

/** What is needed to study the columns of a portfolio. Half of an analysis, and it needs nothing of the other half. */
export interface ColumnsTask {
  /** Rows of the book. */
  readonly rows: number;
  readonly columns: readonly InputColumn[];
  /** Undefined where nothing is compared. */
  readonly premium: ComparedColumn | undefined;
  /** Rows that both sides answered. */
  readonly scored: RowSet;
  /** How the columns were spread in an earlier run; undefined where there is none to compare with. */
  readonly earlier: readonly Distribution[] | undefined;
}

/** What the columns of the portfolio tell. Plain data, which a thread can answer with. */
export interface ColumnFindings {
  readonly inputs: readonly Distribution[];
  /** Undefined where there is no earlier run. */
  readonly drift: readonly ColumnDrift[] | undefined;
  /** Undefined where nothing is compared. */
  readonly segments: SegmentFindings | undefined;
}

/** Studies columns, here or elsewhere. */
export type StudyColumns = (task: ColumnsTask) => Promise<ColumnFindings>;

export function studyColumns({ rows, columns, premium, scored, earlier }: ColumnsTask): ColumnFindings {
  const counted = countColumns(columns);
  return {
    inputs: distributionsOf(counted),
    drift: earlier && driftOf(counted, earlier),
    segments: premium && segmentsOf(rows, columns, premium, scored),
  };
}

function segmentsOf(
  rows: number,
  columns: readonly InputColumn[],
  premium: ComparedColumn,
  scored: RowSet,
): SegmentFindings {
  const totals = new ChangeTotals();
  const changes = changesOf(premium, scored, rows, [totals]);
  return findSegments(columns, changes, totals.whole(changes));
}
