import { InputColumn, type InputSnapshot } from '../book/input-column.ts';
import type { PageStore } from '../pages/page-store.ts';
import { Paged, type PagedSnapshot } from '../pages/paged.ts';
import { RowSet, type RowSetSnapshot } from '../pages/row-set.ts';
import type { ColumnsTask } from './study-columns.ts';

type Floats = Float64Array<ArrayBuffer>;

/** A task as another thread can be sent it: its pages in memory are copied, of those in the file it is told where they are. */
export interface TaskSnapshot extends Pick<ColumnsTask, 'rows' | 'earlier'> {
  readonly columns: readonly InputSnapshot[];
  readonly premium:
    | { readonly name: string; readonly staging: PagedSnapshot<Floats>; readonly production: PagedSnapshot<Floats> }
    | undefined;
  readonly scored: RowSetSnapshot;
}

export function snapshotOf({ rows, columns, premium, scored, earlier }: ColumnsTask): TaskSnapshot {
  return {
    rows,
    columns: columns.map(({ snapshot }) => snapshot),
    premium: premium && {
      name: premium.name,
      staging: premium.staging.snapshot,
      production: premium.production.snapshot,
    },
    scored: scored.snapshot,
    earlier,
  };
}

/** @param store where the pages are that the task is only told the place of */
export function restoredTask({ columns, premium, scored, ...task }: TaskSnapshot, store: PageStore): ColumnsTask {
  return {
    ...task,
    columns: columns.map((column) => InputColumn.restored(column, store)),
    premium: premium && {
      name: premium.name,
      staging: Paged.restored(Float64Array, store, premium.staging),
      production: Paged.restored(Float64Array, store, premium.production),
    },
    scored: RowSet.restored(scored),
  };
}
