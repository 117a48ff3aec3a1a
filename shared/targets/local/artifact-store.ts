import { randomUUID } from 'node:crypto';
import { chmod, readdir, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { GateFailure, Interrupted, messageOf, ProviderError } from '../../errors.ts';
import type { ArtifactStore, PushOptions, StoredArtifact, WantedPackage } from '../../ports/artifact-store.ts';
import type { Clock } from '../../ports/clock.ts';
import type { EnginePackage } from '../../ports/engine.ts';
import type { ReleaseCore } from '../../release/release.ts';
import { artifactChanged, wrongArtifact } from './errors.ts';
import { packageDir, packagesDir } from './paths.ts';
import { openStored, type StoredPackageDeps } from './stored-package.ts';

const INCOMING = '.incoming-';
/** A copy that nobody works on any more: its push was ended in the middle. */
const ABANDONED_MS = 3_600_000;

export interface ArtifactStoreDeps extends StoredPackageDeps {
  readonly clock: Clock;
}

/** Packages by their digest, in folders whose files nobody means to write to. */
export class LocalArtifactStore implements ArtifactStore {
  readonly images = { can: false, why: 'it runs packages as they are, on this machine' } as const;
  readonly #deps: ArtifactStoreDeps;

  constructor(deps: ArtifactStoreDeps) {
    this.#deps = deps;
  }

  async plan(): Promise<readonly string[]> {
    return [`the package is stored below ${packagesDir(this.#deps.stateDir)}`];
  }

  async push(pkg: EnginePackage, { signal }: Pick<PushOptions, 'signal'>): Promise<StoredArtifact> {
    const bytes = pkg.files.reduce((sum, file) => sum + file.bytes, 0);
    const dir = packageDir(this.#deps.stateDir, pkg.digest);
    const isThere = await this.#isGood(pkg);
    if (!isThere) await this.#store(pkg, dir, signal);
    return {
      artifact: { kind: 'package', digest: pkg.digest },
      reference: dir,
      uploadedBytes: isThere ? 0 : bytes,
      reusedBytes: isThere ? bytes : 0,
      facts: {},
    };
  }

  /** A package has no name but its digest, and the release file beside it names that. */
  async publish(): Promise<readonly string[]> {
    return [];
  }

  async verify(core: ReleaseCore): Promise<void> {
    const { artifact, packageDigest, manifestDigest } = core;
    if (artifact.kind !== 'package') throw wrongArtifact(artifact.kind);
    if (artifact.digest !== packageDigest) throw artifactChanged('the release names two different packages');
    const pkg = await openStored(this.#deps, packageDigest);
    if (pkg.manifestDigest !== manifestDigest)
      throw artifactChanged('deploy_manifest.json is not the one of this release');
  }

  open({ packageDigest }: Pick<WantedPackage, 'packageDigest'>): Promise<EnginePackage> {
    return openStored(this.#deps, packageDigest);
  }

  /** A stored copy that was changed counts as none: what is pushed takes its place. */
  async #isGood(pkg: EnginePackage): Promise<boolean> {
    try {
      await openStored(this.#deps, pkg.digest);
      return true;
    } catch (error) {
      if (error instanceof GateFailure || (error instanceof ProviderError && error.problem.code === 'ARTIFACT-MISSING'))
        return false;
      throw error;
    }
  }

  /** Copied beside, read back there, and only then given its name: what has the name is whole and right. */
  async #store(pkg: EnginePackage, dir: string, signal: AbortSignal): Promise<void> {
    const { files, openPackage, stateDir } = this.#deps;
    await this.#clearAbandoned();
    const incoming = join(packagesDir(stateDir), `${INCOMING}${randomUUID()}`);
    try {
      await files.copyTree(pkg.dir, incoming);
      await withoutWriting(incoming, await files.list(incoming));
      if (signal.aborted) throw new Interrupted();
      await openPackage(incoming, pkg.digest);
      await files.remove(dir);
      await onDisk(dir, () => rename(incoming, dir));
    } finally {
      await files.remove(incoming);
    }
  }

  async #clearAbandoned(): Promise<void> {
    const parent = packagesDir(this.#deps.stateDir);
    const names = await readdir(parent).catch(() => []);
    for (const name of names.filter((each) => each.startsWith(INCOMING))) {
      const path = join(parent, name);
      const found = await stat(path).catch(() => undefined);
      if (found && this.#deps.clock.now() - found.mtimeMs > ABANDONED_MS) await this.#deps.files.remove(path);
    }
  }
}

/** Files only: a folder without write permission could not be removed by the one who owns it. */
async function withoutWriting(dir: string, paths: readonly string[]): Promise<void> {
  await onDisk(dir, async () => {
    for (const path of paths) {
      const file = join(dir, path);
      const { mode } = await stat(file);
      await chmod(file, mode & 0o111 ? 0o555 : 0o444);
    }
  });
}

async function onDisk<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new ProviderError(
      {
        code: 'LOCAL-DISK',
        what: `the package cannot be stored at ${path}: ${messageOf(error)}`,
        fix: 'Check that the disk has space and that this user may write there, then run the step again',
      },
      { cause: error },
    );
  }
}
