import { join } from 'node:path';
import { ConfigError } from '../errors.ts';
import type { EngineOptions, EnginePackage } from '../ports/engine.ts';
import { digestOf } from '../release/digest.ts';
import type { JsonObject } from '../release/json.ts';
import { type BridgeMessage, type Message, resultOf } from './bridge.ts';
import { type RuntimeLock, requirementsOf } from './lock/runtime-lock.ts';
import { openPackage, REQUIREMENTS } from './open-package.ts';
import { PACKAGE_FILE_MODE, PACKAGE_LIST, packageList } from './package-digest.ts';
import type { EngineTools } from './tools.ts';

/** The application's wrapper and its start program: part of every package. */
const OURS = ['haute_release_asgi.py', 'haute_release_serve.py'] as const;
const MODE = Number.parseInt(PACKAGE_FILE_MODE, 8);

/**
 * Writes a package into a folder: Haute's application, manifest, artifacts and utility code without what is of this
 * machine; our wrapper and start program; requirements; and the list of it all.
 *
 * Requirements are the same for a commit on every machine. Their versions come from the project's uv.lock, and where
 * it has none from the list that comes with the suite for its version of Haute; never from the Python at hand, which
 * differs from machine to machine. Which packages they are, Haute says from the artifacts.
 *
 * There is no Dockerfile: the base image is the image builder's, and the package is the same on every one.
 */
export async function writePackage(
  { files, pythonDir }: EngineTools,
  { version, lock }: { readonly version: string; readonly lock: RuntimeLock },
  dir: string,
  { progress }: EngineOptions,
  ask: (request: JsonObject) => Promise<readonly BridgeMessage[]>,
): Promise<EnginePackage> {
  if ((await files.list(dir)).length > 0) throw notEmpty(dir);
  try {
    const pins = Object.fromEntries([...lock.packages].map(([name, { version: pinned }]) => [name, pinned]));
    const packaged = resultOf(await ask({ dir, pins: { ...pins, haute: version } }), 'packaged');
    warnOfDifferences(packaged.runtime, lock, progress);
    const requirements = requirementsOf(
      lock,
      packaged.runtime.map(({ name }) => name),
    );
    await files.write(join(dir, REQUIREMENTS), `${requirements.join('\n')}\n`, MODE);
    for (const name of OURS) {
      const content = await files.read(join(pythonDir, name));
      if (content === undefined) throw new Error(`${name} is not in ${pythonDir}`);
      await files.write(join(dir, name), content, MODE);
    }
    return await openPackage(files, dir, await writeList(files, dir));
  } catch (error) {
    await files.remove(dir);
    throw error;
  }
}

async function writeList(files: EngineTools['files'], dir: string) {
  const listed = [];
  for (const path of await files.list(dir)) {
    const content = await files.read(join(dir, path));
    if (content !== undefined) listed.push({ path, mode: PACKAGE_FILE_MODE, digest: digestOf(content) });
  }
  const list = packageList(listed);
  await files.write(join(dir, PACKAGE_LIST), list, MODE);
  return digestOf(list);
}

/** Prices are tested with what is installed, and served with what is pinned. The proof of the package compares the two. */
function warnOfDifferences(
  runtime: Message<'packaged'>['runtime'],
  { source }: RuntimeLock,
  progress: (line: string) => void,
): void {
  const differ = runtime.filter(({ pinned, version, here }) => pinned && version !== here);
  if (differ.length === 0) return;
  const list = differ.map(({ name, here, version }) => `${name} ${here} here, ${version} in the package`).join('; ');
  progress(`the package's versions are those of ${source}: ${list}`);
}

function notEmpty(dir: string): ConfigError {
  return new ConfigError({
    code: 'PACKAGE-FOLDER-NOT-EMPTY',
    what: `a package cannot be written into ${dir}, which is not empty`,
    fix: 'Name an empty folder, or one that is not there yet',
  });
}
