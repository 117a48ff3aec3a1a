import { GateFailure } from '../../errors.ts';
import type { Engine, EnginePackage } from '../../ports/engine.ts';
import type { Files } from '../../ports/files.ts';
import type { Digest } from '../../release/digest.ts';
import { artifactChanged, artifactMissing } from './errors.ts';
import { packageDir } from './paths.ts';

export interface StoredPackageDeps {
  readonly stateDir: string;
  readonly files: Files;
  readonly openPackage: Engine['open'];
}

/**
 * A package of the store, read whole and compared with its digest.
 * @throws ProviderError ARTIFACT-MISSING, GateFailure ARTIFACT-CHANGED naming the file
 */
export async function openStored(
  { stateDir, files, openPackage }: StoredPackageDeps,
  digest: Digest,
): Promise<EnginePackage> {
  const dir = packageDir(stateDir, digest);
  if ((await files.realPath(dir)) === undefined) throw artifactMissing(digest, dir);
  try {
    return await openPackage(dir, digest);
  } catch (error) {
    if (error instanceof GateFailure) throw artifactChanged(error.problem.what);
    throw error;
  }
}
