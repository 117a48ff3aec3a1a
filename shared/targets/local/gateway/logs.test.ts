import { appendFile, mkdir, mkdtemp, open, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { logTail } from '../log-tail.ts';
import { logFile, logsDir } from '../paths.ts';
import { capLogs } from './logs.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'haute-logs-'));
  await mkdir(logsDir(dir));
});
afterEach(() => rm(dir, { recursive: true }));

describe('keeping logs small', () => {
  it('moves what is over the cap to one older file, while the server goes on writing to the one it has open', async () => {
    const path = logFile(dir, 'd-1');
    const server = await open(path, 'a');
    for (let line = 0; line < 100; line += 1) await server.write(`line ${line}\n`);
    await capLogs(dir, 500);
    expect((await stat(path)).size).toBe(0);
    await server.write('after\n');
    await server.close();
    expect(await readFile(path, 'utf8')).toBe('after\n');
    expect(await logTail(path, 3)).toEqual(['line 98', 'line 99', 'after']);
    await capLogs(dir, 500);
    expect((await readdir(logsDir(dir))).sort()).toEqual(['d-1.log', 'd-1.log.1']);
  });

  it('does nothing where nothing was logged', async () => {
    await rm(logsDir(dir), { recursive: true });
    await expect(capLogs(dir)).resolves.toBeUndefined();
  });
});

describe('the end of a log', () => {
  it.each([
    ['no file', undefined, 3, []],
    ['an empty file', '', 3, []],
    ['fewer lines than asked for', 'a\nb\n', 3, ['a', 'b']],
    ['more lines than asked for', 'a\nb\n\nc\nd', 2, ['c', 'd']],
    ['none asked for', 'a\n', 0, []],
  ])('of %s', async (_what, text, lines, expected) => {
    if (text !== undefined) await appendFile(logFile(dir, 'd'), text);
    expect(await logTail(logFile(dir, 'd'), lines)).toEqual(expected);
  });

  it('of a file much longer than what is read of it has whole lines only', async () => {
    await appendFile(logFile(dir, 'd'), 'x'.repeat(99).concat('\n').repeat(10_000));
    const tail = await logTail(logFile(dir, 'd'), 100_000);
    expect(new Set(tail.map((line) => line.length))).toEqual(new Set([99]));
  });
});
