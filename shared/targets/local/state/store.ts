import { join } from 'node:path';
import { ConfigError, messageOf } from '../../../errors.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { Files } from '../../../ports/files.ts';
import type { Processes } from '../process/processes.ts';
import { withLock } from './lock.ts';
import { EMPTY_STATE, type LocalState, stateSchema } from './schema.ts';

export interface StoreDeps {
  readonly stateDir: string;
  readonly files: Files;
  readonly processes: Processes;
  readonly clock: Clock;
}

/** What a change makes of the state; undefined leaves it as it is. */
export type Change = (state: LocalState) => LocalState | undefined | Promise<LocalState | undefined>;

/** The one state file: read whole and checked, changed whole and under a lock. */
export class StateStore {
  readonly path: string;
  readonly #deps: StoreDeps;

  constructor(deps: StoreDeps) {
    this.#deps = deps;
    this.path = statePath(deps.stateDir);
  }

  /** Undefined before anything was deployed. @throws ConfigError LOCAL-STATE-BROKEN */
  async read(): Promise<LocalState | undefined> {
    const bytes = await this.#deps.files.read(this.path);
    return bytes && parseState(bytes, this.path);
  }

  /** Reads, changes and writes in one step that no other process can get between. Returns the state as it then is. */
  async update(change: Change): Promise<LocalState> {
    return withLock(join(this.#deps.stateDir, 'lock'), this.#deps, async () => {
      const before = (await this.read()) ?? EMPTY_STATE;
      const after = await change(before);
      if (after === undefined || after === before) return before;
      const next = { ...after, generation: before.generation + 1 };
      // It names processes and carries the gateway's token: nobody else's to read.
      await this.#deps.files.write(this.path, `${JSON.stringify(next, undefined, 1)}\n`, 0o600);
      return next;
    });
  }
}

export function statePath(stateDir: string): string {
  return join(stateDir, 'state.json');
}

/** @throws ConfigError LOCAL-STATE-BROKEN saying where the state is wrong */
export function parseState(bytes: Uint8Array, path: string): LocalState {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw broken(path, messageOf(error));
  }
  const result = stateSchema.safeParse(json);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw broken(path, `${issue?.path.join('.') || 'the file'}: ${issue?.message ?? 'is not a state of this version'}`);
}

function broken(path: string, why: string): ConfigError {
  return new ConfigError({
    code: 'LOCAL-STATE-BROKEN',
    what: `the state of the local target cannot be read: ${why}`,
    fix: 'Put the file back as it was; or run `haute-ci local stop --purge`, which ends what still runs and forgets every local deployment, and deploy again',
    place: { file: path },
  });
}
