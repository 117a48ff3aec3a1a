import { join, relative } from 'node:path';
import type { Files } from '../../../ports/files.ts';
import { runsDir } from '../paths.ts';

export interface RunFoldersDeps {
  readonly stateDir: string;
  readonly files: Files;
}

/**
 * Where servers run: each in a copy of its package. Haute writes caches into the folder it runs in, and the package
 * itself must stay what was approved.
 */
export class RunFolders {
  readonly #deps: RunFoldersDeps;

  constructor(deps: RunFoldersDeps) {
    this.#deps = deps;
  }

  /**
   * Copies a package for one server.
   * @param cwd folder that the serve plan names; inside the package it becomes the same one inside the copy
   * @returns the folder to start the server in
   */
  async make(replicaId: string, packageDir: string, cwd: string): Promise<string> {
    const folder = this.#of(replicaId);
    await this.#deps.files.copyTree(packageDir, folder);
    const inside = relative(packageDir, cwd);
    return inside.startsWith('..') ? cwd : join(folder, inside);
  }

  drop(replicaId: string): Promise<void> {
    return this.#deps.files.remove(this.#of(replicaId));
  }

  /** Removes what servers left that ended while no gateway looked. */
  async dropAllBut(replicaIds: ReadonlySet<string>): Promise<void> {
    const { files, stateDir } = this.#deps;
    const found = new Set((await files.list(runsDir(stateDir))).map((path) => path.split('/')[0] ?? ''));
    await Promise.all([...found].filter((id) => id !== '' && !replicaIds.has(id)).map((id) => this.drop(id)));
  }

  #of(replicaId: string): string {
    return join(runsDir(this.#deps.stateDir), replicaId);
  }
}
