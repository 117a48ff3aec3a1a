import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Exec } from '../../../ports/exec.ts';

/** A process for life: the pid alone is given to another process after it ends, the start time is not. */
export interface ProcessRef {
  readonly pid: number;
  /** Opaque; equal only for the same process on the same boot of the machine. */
  readonly start: string;
}

export interface MarkedProcess extends ProcessRef {
  readonly also: string | undefined;
}

/** What this machine's process table says. */
export interface Processes {
  /** This process. */
  self(): Promise<ProcessRef>;
  /** When the process with this pid was started; undefined when there is none, or only a zombie. */
  startOf(pid: number): Promise<string | undefined>;
  /** True while exactly this process runs. */
  isAlive(ref: ProcessRef): Promise<boolean>;
  /**
   * Processes, other than this one, that were started with this variable in their environment, and what `also` is
   * there: how a process of ours is found again that nothing else remembers.
   */
  marked(name: string, value: string, also?: string): Promise<readonly MarkedProcess[]>;
}

interface Environment {
  readonly pid: number;
  readonly read: (name: string) => string | undefined;
}

const PS_TIMEOUT_MS = 10_000;
/** `lstart` is written in the local time zone and language: both are fixed, so that it is one text for life. */
const PS_ENV = { PATH: '/usr/bin:/bin:/usr/sbin:/sbin', LC_ALL: 'C', TZ: 'UTC' };

/**
 * The process table as Linux shows it under /proc (https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html), and
 * through `ps` where there is no /proc (macOS).
 */
export class SystemProcesses implements Processes {
  readonly #exec: Exec;
  readonly #proc: string;
  #boot: Promise<string | undefined> | undefined;
  #self: Promise<ProcessRef> | undefined;

  constructor(exec: Exec, proc = '/proc') {
    this.#exec = exec;
    this.#proc = proc;
  }

  self(): Promise<ProcessRef> {
    this.#self ??= this.startOf(process.pid).then((start) => {
      if (start === undefined) throw new Error(`the process table does not show this process (${process.pid})`);
      return { pid: process.pid, start };
    });
    return this.#self;
  }

  async startOf(pid: number): Promise<string | undefined> {
    const boot = await this.#bootId();
    if (boot === undefined) return this.#startFromPs(pid);
    const stat = await readText(join(this.#proc, String(pid), 'stat'));
    const ticks = stat === undefined ? undefined : startTicks(stat);
    return ticks && `${boot}/${ticks}`;
  }

  async isAlive(ref: ProcessRef): Promise<boolean> {
    const start = await this.startOf(ref.pid);
    // A process of another user may be hidden: that it is there, and is not ours to look at, must not read as its death.
    return start === undefined ? isHidden(ref.pid) && (await this.startOf(ref.pid)) === undefined : start === ref.start;
  }

  async marked(name: string, value: string, also = ''): Promise<readonly MarkedProcess[]> {
    const hasProc = (await this.#bootId()) !== undefined;
    const found = hasProc ? await this.#environments() : environmentsFromPs(await this.#psWithEnvironments());
    const ours = found.filter(({ pid, read }) => pid !== process.pid && read(name) === value);
    const refs = ours.map(async ({ pid, read }) => ({ pid, start: await this.startOf(pid), also: read(also) }));
    return (await Promise.all(refs)).filter((ref): ref is typeof ref & MarkedProcess => ref.start !== undefined);
  }

  /** Ticks since boot say nothing after a reboot, so the boot is part of the identity. Undefined without /proc. */
  #bootId(): Promise<string | undefined> {
    this.#boot ??= readText(join(this.#proc, 'sys/kernel/random/boot_id')).then((text) => text?.trim() || undefined);
    return this.#boot;
  }

  async #environments(): Promise<readonly Environment[]> {
    const pids = (await readdir(this.#proc)).filter((entry) => /^\d+$/.test(entry));
    return Promise.all(
      pids.map(async (pid) => {
        const variables = (await readText(join(this.#proc, pid, 'environ')))?.split('\0') ?? [];
        const read = (name: string) => variables.find((each) => each.startsWith(`${name}=`))?.slice(name.length + 1);
        return { pid: Number(pid), read };
      }),
    );
  }

  async #startFromPs(pid: number): Promise<string | undefined> {
    const line = (await this.#ps('-o', 'stat=,lstart=', '-p', String(pid))).trim();
    return startFromPsLine(line);
  }

  #psWithEnvironments(): Promise<string> {
    return this.#ps('-A', '-E', '-ww', '-o', 'pid=,command=');
  }

  async #ps(...args: readonly string[]): Promise<string> {
    const signal = AbortSignal.timeout(PS_TIMEOUT_MS);
    const result = await this.#exec.run({
      argv: ['ps', ...args],
      cwd: '/',
      env: PS_ENV,
      timeoutMs: PS_TIMEOUT_MS,
      signal,
    });
    return result.stdout;
  }
}

/**
 * Field 22 of /proc/<pid>/stat; undefined for a process that has ended and only waits to be noticed. One whose first
 * thread has ended while others still finish a call to the system counts as alive: that call may be a write. The name
 * in field 2 may hold spaces and brackets.
 */
export function startTicks(stat: string): string | undefined {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, threads, start] = [fields[0], Number(fields[17]), fields[19]];
  return state === 'X' || (state === 'Z' && !(threads > 1)) ? undefined : start;
}

/** `Ss Wed Nov 12 09:01:02 2025` gives the date; undefined for no line and for a zombie. */
export function startFromPsLine(line: string): string | undefined {
  const [, state, start] = /^(\S+)\s+(.+)$/.exec(line) ?? [];
  return state?.startsWith('Z') ? undefined : start?.replaceAll(/\s+/g, ' ');
}

/** The lines of `ps -E`: pid, command, and then the variables, each a word. A value that holds a space is cut there. */
export function environmentsFromPs(lines: string): readonly Environment[] {
  return lines.split('\n').flatMap((line) => {
    const [pid = '', ...words] = line.trim().split(' ');
    const read = (name: string) => words.findLast((word) => word.startsWith(`${name}=`))?.slice(name.length + 1);
    return /^\d+$/.test(pid) ? [{ pid: Number(pid), read }] : [];
  });
}

/** True when a process has this pid and belongs to somebody whose processes we may not signal. */
function isHidden(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Undefined when the file is gone or not ours to read: a process may end, or change its user, at any moment. */
function readText(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined);
}
