import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NodeExec } from '../../../io/node-exec.ts';
import { Redactor } from '../../../io/redact.ts';
import { SystemClock } from '../../../io/system-clock.ts';
import { SystemProcesses } from '../process/processes.ts';
import { withLock } from './lock.ts';

const NODE = resolve(import.meta.dirname, '../../../../node_modules/.bin/node');
const deps = { processes: new SystemProcesses(new NodeExec(new Redactor())), clock: new SystemClock() };
let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'haute-lock-'));
});
afterEach(() => rm(dir, { recursive: true }));

/** Processes that count up one file under the lock, each so many times. */
function counter(times: number): ChildProcess {
  const here = (path: string) => JSON.stringify(join(import.meta.dirname, path));
  const code = `
    import { readFile, rename, writeFile } from 'node:fs/promises';
    const { withLock } = await import(${here('lock.ts')});
    const { SystemProcesses } = await import(${here('../process/processes.ts')});
    const { NodeExec } = await import(${here('../../../io/node-exec.ts')});
    const { Redactor } = await import(${here('../../../io/redact.ts')});
    const { SystemClock } = await import(${here('../../../io/system-clock.ts')});
    const deps = { processes: new SystemProcesses(new NodeExec(new Redactor())), clock: new SystemClock() };
    for (let time = 0; time < ${times}; time += 1) {
      await withLock(${JSON.stringify(join(dir, 'lock'))}, deps, async () => {
        const count = Number(await readFile(${JSON.stringify(join(dir, 'count'))}, 'utf8'));
        // As the state is written: whole or not at all, whenever the process dies.
        await writeFile(${JSON.stringify(join(dir, 'next'))} + process.pid, String(count + 1));
        await rename(${JSON.stringify(join(dir, 'next'))} + process.pid, ${JSON.stringify(join(dir, 'count'))});
        process.stdout.write('.');
      });
    }`;
  return spawn(NODE, ['--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
}

describe('the lock', () => {
  it('lets one process in at a time, many calls of one process included', async () => {
    await writeFile(join(dir, 'count'), '0');
    const others = [counter(40), counter(40)];
    const exits = others.map((other) => once(other, 'exit'));
    const own = Array.from({ length: 20 }, () =>
      withLock(join(dir, 'lock'), deps, async () => {
        const count = Number(await readFile(join(dir, 'count'), 'utf8'));
        await writeFile(join(dir, 'count'), String(count + 1));
      }),
    );
    await Promise.all([...own, ...exits]);
    expect(await readFile(join(dir, 'count'), 'utf8')).toBe('100');
    expect(await readdir(join(dir, 'lock'))).toHaveLength(1);
  });

  it('loses no count when holders are killed again and again', async () => {
    await writeFile(join(dir, 'count'), '0');
    let seen = 0;
    const survivor = counter(60);
    const survived = once(survivor, 'exit');
    survivor.stdout?.on('data', (dots: Buffer) => {
      seen += dots.length;
    });
    for (let round = 0; round < 4; round += 1) {
      const victim = counter(1_000_000);
      victim.stdout?.on('data', (dots: Buffer) => {
        seen += dots.length;
      });
      await once(victim.stdout ?? victim, 'data');
      await new Promise((done) => setTimeout(done, 40 * (round + 1)));
      victim.kill('SIGKILL');
      await once(victim, 'close');
    }
    await survived;
    const count = Number(await readFile(join(dir, 'count'), 'utf8'));
    // A victim may die between counting and saying so; that is the only difference there can be.
    expect(count - seen).toBeGreaterThanOrEqual(0);
    expect(count - seen).toBeLessThanOrEqual(4);
    await withLock(join(dir, 'lock'), deps, async () => {});
  });

  it('is free after a body that throws, whose error it passes on', async () => {
    await expect(withLock(dir, deps, () => Promise.reject(new Error('oh')))).rejects.toThrow('oh');
    expect(await withLock(dir, deps, async () => 'in')).toBe('in');
  });

  it('names the process that keeps it too long', async () => {
    await withLock(dir, deps, async () => {
      const impatient = withLock(dir, { ...deps, giveUpMs: 100 }, async () => 'in');
      await expect(impatient).rejects.toThrow(new RegExp(`process ${process.pid} .*LOCAL-BUSY`));
    });
  });

  it('takes a ticket of a process that is no more, or that says nothing, for free', async () => {
    await mkdir(join(dir, 'lock'));
    for (const text of ['held 4194303 another-boot/1', '', 'nonsense']) {
      const [top = '0'] = (await readdir(join(dir, 'lock'))).sort((a, b) => Number(b) - Number(a));
      await writeFile(join(dir, 'lock', String(Number(top) + 1)), text);
      expect(await withLock(join(dir, 'lock'), deps, async () => 'in')).toBe('in');
    }
  });

  it('says so when its folder cannot be used', async () => {
    await writeFile(join(dir, 'file'), '');
    await expect(withLock(join(dir, 'file'), deps, async () => {})).rejects.toThrow('LOCAL-DISK');
  });
});
