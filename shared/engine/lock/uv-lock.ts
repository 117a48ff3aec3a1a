import { z } from 'zod';
import { ConfigError, messageOf } from '../../errors.ts';
import { parseToml } from '../../project/toml/parse-toml.ts';
import { type MarkerEnvironment, markerHolds, servingEnvironment } from './marker.ts';
import { compareVersions } from './pep440.ts';
import type { LockedPackage, RuntimeLock } from './runtime-lock.ts';

const dependency = z.object({ name: z.string(), marker: z.string().optional() });
const entry = z.object({
  name: z.string(),
  version: z.string().optional(),
  source: z.record(z.string(), z.unknown()).optional(),
  'resolution-markers': z.array(z.string()).optional(),
  dependencies: z.array(dependency).optional(),
  'optional-dependencies': z.record(z.string(), z.array(dependency)).optional(),
});
const uvLock = z.object({ 'requires-python': z.string().optional(), package: z.array(entry) });

type Entry = z.infer<typeof entry>;

export const UV_LOCK = 'uv.lock';
/** The oldest Python that Haute runs on. */
const OLDEST_PYTHON = '3.11';

/**
 * Reads a project's uv.lock, as it applies where services run: Linux, and the oldest Python that the project allows.
 * Extras that the lock holds are taken as wanted: it holds those that something asks for.
 * @throws ConfigError LOCK-BROKEN when it is not a lock file
 */
export function parseUvLock(text: string): RuntimeLock {
  const parsed = parseToml(text, UV_LOCK);
  if ('problem' in parsed) throw new ConfigError({ ...parsed.problem, code: 'LOCK-BROKEN', fix: FIX });
  const result = uvLock.safeParse(parsed.document.root);
  if (!result.success) throw broken(result.error.issues[0]?.message ?? 'it is no lock file');
  const environment = servingEnvironment(oldestPython(result.data['requires-python'] ?? ''));
  try {
    const here = result.data.package.filter((each) => applies(each, environment));
    return { source: UV_LOCK, packages: new Map(here.flatMap((each) => locked(each, environment))) };
  } catch (error) {
    if (error instanceof SyntaxError) throw broken(messageOf(error));
    throw error;
  }
}

/** A name may be locked several times, for different systems and Pythons. */
function applies(each: Entry, environment: MarkerEnvironment): boolean {
  const markers = each['resolution-markers'] ?? [];
  return markers.length === 0 || markers.some((marker) => markerHolds(marker, environment));
}

/** Only what an index has can be had again by name and version: a folder, a file or a git commit cannot. */
function locked(each: Entry, environment: MarkerEnvironment): readonly [string, LockedPackage][] {
  if (each.version === undefined || !each.source || !('registry' in each.source)) return [];
  const all = [...(each.dependencies ?? []), ...Object.values(each['optional-dependencies'] ?? {}).flat()];
  const needs = all.filter(({ marker }) => marker === undefined || markerHolds(marker, environment));
  return [[each.name, { version: each.version, needs: [...new Set(needs.map(({ name }) => name))] }]];
}

function oldestPython(range: string): string {
  const [, least = OLDEST_PYTHON] = />=\s*([\d.]+)/.exec(range) ?? [];
  const oldest = compareVersions(least, OLDEST_PYTHON) < 0 ? OLDEST_PYTHON : least;
  return oldest.split('.').length > 2 ? oldest : `${oldest}.0`;
}

const FIX = 'Write it again with `uv lock`';

function broken(what: string): ConfigError {
  return new ConfigError({
    code: 'LOCK-BROKEN',
    what: `it cannot be read: ${what}`,
    fix: FIX,
    place: { file: UV_LOCK },
  });
}
