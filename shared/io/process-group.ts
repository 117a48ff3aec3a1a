import type { ChildProcess } from 'node:child_process';

/** How long a command that has exited may keep its output open through a process it left behind, in milliseconds. */
const DRAIN_MS = 1_000;

/**
 * A child that leads a process group of its own. Whatever it started goes with it when it is ended, and when it leaves
 * processes behind that hold its output.
 */
export class ProcessGroup {
  /** Exit code, null after a signal, once the child is gone and its output is read. Rejects when it did not start. */
  readonly ended: Promise<number | null>;
  readonly #child: ChildProcess;
  readonly #graceMs: number;
  readonly #timers = new Set<NodeJS.Timeout>();
  #ending = false;
  #giveUp: () => void = () => {};

  constructor(child: ChildProcess, graceMs: number) {
    this.#child = child;
    this.#graceMs = graceMs;
    this.ended = new Promise<number | null>((resolve, reject) => {
      this.#giveUp = () => resolve(child.exitCode);
      child.on('error', reject);
      child.once('exit', () => {
        if (!this.#ending) this.#after(DRAIN_MS, () => this.#sweep());
      });
      child.once('close', (code) => resolve(code));
    }).finally(() => {
      for (const timer of this.#timers) clearTimeout(timer);
      if (this.#ending) this.kill();
    });
  }

  /** SIGTERM, then SIGKILL after the grace period; a process that even that cannot end is given up. */
  end(): void {
    if (this.#ending) return;
    this.#ending = true;
    this.#signal('SIGTERM');
    this.#after(this.#graceMs, () => this.#sweep());
  }

  /** SIGKILL to all of it, at once. */
  kill(): void {
    this.#signal('SIGKILL');
  }

  #sweep(): void {
    this.kill();
    this.#after(this.#graceMs, () => {
      this.#child.stdout?.destroy();
      this.#child.stderr?.destroy();
      this.#giveUp();
    });
  }

  #after(ms: number, act: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      act();
    }, ms);
    this.#timers.add(timer);
  }

  #signal(signal: NodeJS.Signals): void {
    if (this.#child.pid === undefined) return;
    try {
      process.kill(-this.#child.pid, signal);
    } catch {
      // The group is gone already.
    }
  }
}
