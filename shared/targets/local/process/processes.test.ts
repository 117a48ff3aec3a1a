import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { NodeExec } from '../../../io/node-exec.ts';
import { Redactor } from '../../../io/redact.ts';
import { SystemClock } from '../../../io/system-clock.ts';
import { endProcess } from './end-process.ts';
import { environmentsFromPs, SystemProcesses, startFromPsLine, startTicks } from './processes.ts';

const exec = new NodeExec(new Redactor());
const clock = new SystemClock();
const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

async function child(
  code: string,
  env: Readonly<Record<string, string>> = {},
): Promise<ChildProcess & { pid: number }> {
  const started = spawn(process.execPath, ['-e', `${code}; console.log('up'); setInterval(() => {}, 1000)`], {
    stdio: ['ignore', 'pipe', 'ignore'],
    detached: true,
    env: { ...process.env, ...env },
  });
  children.push(started);
  await once(started.stdout, 'data');
  if (started.pid === undefined) throw new Error('not started');
  return Object.assign(started, { pid: started.pid });
}

describe.each([
  ['/proc', '/proc'],
  ['ps', '/nonexistent'],
])('the process table through %s', (name, proc) => {
  const processes = new SystemProcesses(exec, proc);
  const usable = name === 'ps' || existsSync('/proc/self/stat');

  it.runIf(usable)('knows a living process by pid and start, and not another one by its pid', async () => {
    const { pid } = await child('');
    const start = (await processes.startOf(pid)) ?? '';
    expect(start).not.toBe('');
    expect(await processes.startOf(pid)).toBe(start);
    expect(await processes.isAlive({ pid, start })).toBe(true);
    expect(await processes.isAlive({ pid, start: `${start}0` })).toBe(false);
  });

  it.runIf(usable)('knows that a process is gone', async () => {
    const { pid } = await child('');
    const start = (await processes.startOf(pid)) ?? '';
    process.kill(pid, 'SIGKILL');
    await once(children[0] ?? process, 'exit');
    expect(await processes.isAlive({ pid, start })).toBe(false);
    expect(await processes.startOf(pid)).toBeUndefined();
  });

  it.runIf(usable)('knows itself', async () => {
    expect(await processes.isAlive(await processes.self())).toBe(true);
  });
});

describe('finding processes by their mark', () => {
  it('finds those that carry it, with what else was asked for, and no others', async () => {
    const processes = new SystemProcesses(exec);
    const mark = randomUUID();
    const ours = await child('', { HAUTE_TEST_MARK: mark, HAUTE_TEST_NAME: 'one' });
    await child('', { HAUTE_TEST_MARK: `${mark}-not` });
    const found = await processes.marked('HAUTE_TEST_MARK', mark, 'HAUTE_TEST_NAME');
    expect(found.map(({ pid, also }) => [pid, also])).toEqual([[ours.pid, 'one']]);
  });
});

describe('ending a process', () => {
  const processes = new SystemProcesses(exec);
  const end = async (pid: number, graceMs: number, start?: string) =>
    endProcess({ pid, start: start ?? (await processes.startOf(pid)) ?? '' }, { processes, clock, graceMs });

  it('lets it end by itself, and takes the workers with it that it left', async () => {
    const worker =
      "require('child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore', env: process.env })";
    const mark = randomUUID();
    const { pid } = await child(`${worker}; process.on('SIGTERM', () => process.exit(0))`, { HAUTE_TEST_MARK: mark });
    expect(await processes.marked('HAUTE_TEST_MARK', mark)).toHaveLength(2);
    expect(await end(pid, 5_000)).toBe(true);
    const giveUpAt = clock.now() + 5_000;
    while ((await processes.marked('HAUTE_TEST_MARK', mark)).length > 0) expect(clock.now()).toBeLessThan(giveUpAt);
  });

  it('kills it when it does not', async () => {
    const { pid } = await child("process.on('SIGTERM', () => {})");
    expect(await end(pid, 200)).toBe(true);
    expect(await processes.startOf(pid)).toBeUndefined();
  });

  it('leaves alone a process that only has the same pid', async () => {
    const { pid } = await child('');
    expect(await end(pid, 0, 'another-boot/1')).toBe(false);
    expect(await processes.startOf(pid)).toBeDefined();
  });
});

describe('reading what the system prints', () => {
  const stat = (state: string, threads = 1) =>
    `4242 (a (strange) name) ${state} 1 4242 4242 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 ${threads} 0 987654 1 2 3`;
  it('finds the start of a process whose name holds brackets and spaces', () => {
    expect(startTicks(stat('S'))).toBe('987654');
  });

  it('takes a zombie for dead', () => {
    expect(startTicks(stat('Z'))).toBeUndefined();
    expect(startTicks(stat('X'))).toBeUndefined();
    expect(startFromPsLine('Z+ Wed Nov 12 09:01:02 2025')).toBeUndefined();
  });

  it('takes one for alive whose threads still finish what they write', () => {
    expect(startTicks(stat('Z', 3))).toBe('987654');
  });

  it('reads the line of ps, however it pads the day', () => {
    expect(startFromPsLine('Ss   Sun Nov  2 09:01:02 2025')).toBe('Sun Nov 2 09:01:02 2025');
    expect(startFromPsLine('')).toBeUndefined();
  });

  it('reads pids and variables from what ps -E prints', () => {
    const lines = '  101 /usr/bin/node x.js HAUTE_LOCAL=abc HAUTE_LOCAL_REPLICA=r1\n  102 vi HAUTE_LOCAL=abcd\n\n';
    const found = environmentsFromPs(lines).map(({ pid, read }) => [
      pid,
      read('HAUTE_LOCAL'),
      read('HAUTE_LOCAL_REPLICA'),
    ]);
    expect(found).toEqual([
      [101, 'abc', 'r1'],
      [102, 'abcd', undefined],
    ]);
  });
});
