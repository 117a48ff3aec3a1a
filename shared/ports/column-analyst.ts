import type { ColumnFindings, ColumnsTask } from '../impact/columns/study-columns.ts';

/** Studies the columns of a portfolio while the caller does something else, where that is worth it. */
export interface ColumnAnalyst {
  /** Told that there will soon be a task of about so many rows, which may take preparation. Returns at once. */
  prepare(rows: number): void;
  /** @throws Interrupted */
  study(task: ColumnsTask): Promise<ColumnFindings>;
  /** Ends whatever it does, whose caller gets Interrupted. Called before the file that the task has pages in is closed. */
  close(): Promise<void>;
}
