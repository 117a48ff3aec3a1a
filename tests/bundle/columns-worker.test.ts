import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { afterAll, describe, expect, it } from 'vitest';
import { BookBuilder } from '../../shared/impact/book/book-builder.ts';
import { studyColumns } from '../../shared/impact/columns/study-columns.ts';
import { snapshotOf } from '../../shared/impact/columns/task-snapshot.ts';
import { RowSet } from '../../shared/impact/pages/row-set.ts';
import { batchOf, motorBook } from '../impact/make-book.ts';
import { REPOSITORY } from '../pipeline/cli.ts';
import { toolOrSkip } from '../tools/install.ts';

/** Sends a task to the program of the bundle in a thread, and prints what it answers. */
const ASK = `
const { readFileSync, writeSync } = require('node:fs');
const { deserialize, serialize } = require('node:v8');
const { Worker } = require('node:worker_threads');
const [program, task] = process.argv.slice(-2);
const worker = new Worker(program);
worker.once('message', (findings) => {
  writeSync(1, serialize({ node: process.version, findings }));
  void worker.terminate();
});
worker.postMessage({ task: deserialize(readFileSync(task)), descriptor: undefined });
`;

const folder = mkdtempSync(join(tmpdir(), 'columns-worker-'));
afterAll(() => rmSync(folder, { recursive: true }));

const node20 = toolOrSkip('node-20');

describe.each([
  ['the Node of the tests', process.execPath],
  ['Node 20', node20],
])('the thread that the bundle has beside it for columns, on %s', (_, node) => {
  it.skipIf(node === undefined)('finds what the source finds', () => {
    const builder = new BookBuilder({ key: 'quote_id', weightColumn: undefined });
    builder.add(batchOf(motorBook(3_000, 4, ({ region }, random) => (region === 'Wales' ? 9 : 0) + random.below(3))));
    const { rows, segments, outputs } = builder.finish();
    const scored = new RowSet();
    for (let row = 0; row < rows; row++) scored.add(row);
    const premium = outputs.find(({ name }) => name === 'premium');
    const task = { rows, columns: segments, premium, scored, earlier: undefined };
    const sent = join(folder, 'task');
    writeFileSync(sent, serialize(snapshotOf(task)));
    const program = join(REPOSITORY, 'dist', 'columns-worker.js');
    const answer = deserialize(execFileSync(node ?? '', ['-e', ASK, '--', program, sent])) as Record<string, unknown>;
    expect(answer.node).toMatch(node === process.execPath ? process.version : /^v20\./);
    expect(answer.findings).toEqual(studyColumns(task));
  });
});
