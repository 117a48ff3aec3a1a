import { parentPort } from 'node:worker_threads';
import { studyColumns } from '../../impact/columns/study-columns.ts';
import { restoredTask } from '../../impact/columns/task-snapshot.ts';
import { KeptPages } from '../../impact/pages/page-store.ts';
import { readFully } from '../read-fully.ts';
import type { SentTask } from './threaded-analyst.ts';

/** A thread that studies the columns of a portfolio. What it throws ends it, and who started it is told. */
parentPort?.on('message', ({ task, descriptor }: SentTask) => {
  const file = {
    read: (at: number, into: Uint8Array): void => {
      if (descriptor === undefined) throw new Error('a page is in a file that there is not');
      readFully(descriptor, at, into);
    },
  };
  parentPort?.postMessage(studyColumns(restoredTask(task, new KeptPages(file))));
});
