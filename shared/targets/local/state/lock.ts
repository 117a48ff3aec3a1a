import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, ProviderError } from '../../../errors.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { Processes } from '../process/processes.ts';

const RETRY_MS = 10;
const JITTER_MS = 15;
const GIVE_UP_MS = 30_000;
const NEVER = new AbortController().signal;
const HELD = 'held';
const FREE = 'free';

export interface LockDeps {
  readonly processes: Processes;
  readonly clock: Clock;
  /** Milliseconds to wait for the one who holds it. */
  readonly giveUpMs?: number;
}

/**
 * A lock between processes that holds however its holder dies. It is a folder of numbered tickets; the highest one
 * says who holds the lock, until its holder marks it free or is no more. Taking it means making the next ticket, which
 * only one can do, and then looking again: whoever acted on an old listing finds a higher ticket and steps back. The
 * highest ticket is never deleted, so numbers never start again under somebody who is about to take one; nothing is
 * ever taken out of another's hands, as breaking a lock file by deleting it would.
 *
 * @throws ProviderError LOCAL-BUSY when somebody else holds it for too long, LOCAL-DISK when the folder cannot be used
 */
export async function withLock<T>(dir: string, deps: LockDeps, body: () => Promise<T>): Promise<T> {
  const ticket = await disk(dir, () => acquire(dir, deps));
  try {
    return await body();
  } finally {
    await disk(dir, () => mark(ticket, FREE));
  }
}

async function acquire(dir: string, { clock, processes, giveUpMs = GIVE_UP_MS }: LockDeps): Promise<string> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const { pid, start } = await processes.self();
  const mine = join(dir, `.${randomUUID()}`);
  await writeFile(mine, `${HELD} ${pid} ${start}`, { flag: 'wx', mode: 0o600 });
  try {
    for (const giveUpAt = clock.now() + giveUpMs; ; ) {
      const top = await highest(dir);
      const holder = top === 0 ? undefined : await holderOf(ticketPath(dir, top), processes);
      if (holder === undefined) {
        const taken = await take(dir, mine, top + 1);
        if (taken !== undefined) return taken;
        continue;
      }
      if (clock.now() >= giveUpAt) throw busy(holder, giveUpMs);
      await clock.sleep(RETRY_MS + Math.random() * JITTER_MS, NEVER);
    }
  } finally {
    await rm(mine, { force: true });
  }
}

/** The ticket's path when it is ours, undefined when somebody was faster. */
async function take(dir: string, mine: string, number: number): Promise<string | undefined> {
  const path = ticketPath(dir, number);
  try {
    // A link appears with its content or not at all, and fails when the name is taken.
    await link(mine, path);
  } catch (error) {
    if (isErrno(error, 'EEXIST')) return undefined;
    throw error;
  }
  const tickets = await numbers(dir);
  if (tickets.some((other) => other > number)) {
    await rm(path, { force: true });
    return undefined;
  }
  const old = tickets.filter((other) => other < number).map((other) => rm(ticketPath(dir, other), { force: true }));
  await Promise.all(old);
  return path;
}

/** Pid of the living holder; undefined when the ticket is free, its holder is gone, or it was cleared away. */
async function holderOf(path: string, processes: Processes): Promise<number | undefined> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (isErrno(error, 'ENOENT')) return undefined;
    throw error;
  });
  const [, pid, start] = new RegExp(`^${HELD} (\\d+) (.+)$`).exec(text ?? '') ?? [];
  if (pid === undefined || start === undefined) return undefined;
  return (await processes.isAlive({ pid: Number(pid), start })) ? Number(pid) : undefined;
}

/** Written in place: the ticket keeps its name, and a word of four letters is written whole. */
async function mark(path: string, word: string): Promise<void> {
  const file = await open(path, 'r+').catch((error: unknown) => {
    // The folder was removed under us: there is nothing left to free.
    if (isErrno(error, 'ENOENT')) return undefined;
    throw error;
  });
  try {
    await file?.write(word, 0);
  } finally {
    await file?.close();
  }
}

async function highest(dir: string): Promise<number> {
  return Math.max(0, ...(await numbers(dir)));
}

async function numbers(dir: string): Promise<readonly number[]> {
  return (await readdir(dir)).filter((name) => /^\d+$/.test(name)).map(Number);
}

function ticketPath(dir: string, number: number): string {
  return join(dir, String(number));
}

async function disk<T>(dir: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!isErrno(error)) throw error;
    throw new ProviderError(
      {
        code: 'LOCAL-DISK',
        what: `the lock of the local target in ${dir} cannot be used: ${messageOf(error)}`,
        fix: 'Check that the disk has space and that this user may write there, then run the step again',
      },
      { cause: error },
    );
  }
}

function isErrno(error: unknown, code?: string): boolean {
  return error instanceof Error && 'code' in error && (code === undefined || error.code === code);
}

function busy(pid: number, ms: number): ProviderError {
  return new ProviderError(
    {
      code: 'LOCAL-BUSY',
      what: `process ${pid} has held the state of the local target for more than ${ms / 1000} s`,
      fix: `Look at what process ${pid} does, end it if it hangs, and run the step again`,
    },
    { retryable: true },
  );
}
