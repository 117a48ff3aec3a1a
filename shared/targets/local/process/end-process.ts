import type { Clock } from '../../../ports/clock.ts';
import type { Processes, ProcessRef } from './processes.ts';

const LOOK_EVERY_MS = 25;
const KILL_WAIT_MS = 5_000;
const NEVER = new AbortController().signal;

export interface EndOptions {
  readonly processes: Processes;
  readonly clock: Clock;
  /** Time between SIGTERM and SIGKILL, in milliseconds; 0 kills at once. */
  readonly graceMs: number;
}

/**
 * Ends exactly this process, and the process group it leads, and waits until it is gone. A process that took over the
 * pid is never touched.
 * @returns false when it did not run any more, or could not be ended (it belongs to another user)
 */
export async function endProcess(ref: ProcessRef, options: EndOptions): Promise<boolean> {
  const { processes, clock, graceMs } = options;
  if (!(await processes.isAlive(ref))) return false;
  if (graceMs > 0) {
    signal(ref.pid, 'SIGTERM');
    if (await isGoneWithin(ref, graceMs, processes, clock)) {
      // Workers that the leader left behind: the id of a group is not given away while one of them lives.
      signal(-ref.pid, 'SIGKILL');
      return true;
    }
  }
  if (!signal(-ref.pid, 'SIGKILL')) signal(ref.pid, 'SIGKILL');
  return isGoneWithin(ref, KILL_WAIT_MS, processes, clock);
}

async function isGoneWithin(ref: ProcessRef, ms: number, processes: Processes, clock: Clock): Promise<boolean> {
  for (const until = clock.now() + ms; clock.now() < until; ) {
    if (!(await processes.isAlive(ref))) return true;
    await clock.sleep(LOOK_EVERY_MS, NEVER);
  }
  return !(await processes.isAlive(ref));
}

/** False when there is no such process, or group, that we may signal. */
function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    process.kill(pid, name);
    return true;
  } catch {
    return false;
  }
}
