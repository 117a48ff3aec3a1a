import { join } from 'node:path';
import { ConfigError } from '../../errors.ts';
import type { Files } from '../../ports/files.ts';
import { parseToml } from '../../project/toml/parse-toml.ts';
import { DEFAULT_HAUTE, LISTED_VERSIONS, shippedLock } from '../runtimes/index.ts';
import { compareVersions, inRange } from './pep440.ts';
import type { RuntimeLock } from './runtime-lock.ts';
import { parseUvLock, UV_LOCK } from './uv-lock.ts';

/** The oldest Haute that this suite can drive. */
export const OLDEST_HAUTE = '0.5';

/** What the project's files say about the version of Haute that it wants. */
export interface HautePin {
  /** `==0.5.2`, `>=0.5,<0.7`; empty where the project does not say. */
  readonly range: string;
  /** The file that says so. */
  readonly file: string | undefined;
  /** Versions of everything, where the project has locked them. */
  readonly lock: RuntimeLock | undefined;
}

const HAUTE_LINE = /^\s*haute\s*(?:\[[^\]]*\])?\s*(?<range>[^;#]*)/i;

/**
 * Reads uv.lock, then pyproject.toml, then requirements.txt: the first that names Haute counts.
 * @throws ConfigError LOCK-BROKEN, HAUTE-TOO-OLD
 */
export async function readHautePin(files: Files, root: string): Promise<HautePin> {
  const pin = (await lockedPin(files, root)) ?? (await declaredPin(files, root));
  const exact = exactVersion(pin?.range ?? '');
  if (pin && exact !== undefined && compareVersions(exact, OLDEST_HAUTE) < 0) throw tooOld(exact, pin);
  return pin ?? { range: '', file: undefined, lock: undefined };
}

/**
 * The version of Haute that a package of this project is built with.
 * @param installed the version that resolves the pipeline; undefined where an environment is still to be made
 * @throws ConfigError HAUTE-UNLISTED where nothing says which packages belong to that version
 */
export function chooseHaute(
  pin: HautePin,
  installed?: string,
): { readonly version: string; readonly lock: RuntimeLock } {
  const version = installed ?? exactVersion(pin.range) ?? newestListed(pin.range);
  const lock = pin.lock ?? (version === undefined ? undefined : shippedLock(version));
  if (version === undefined || lock === undefined) throw unlisted(version ?? pin.range);
  return { version, lock };
}

/** `0.5.2` for `==0.5.2`. */
export function exactVersion(range: string): string | undefined {
  return /^===?\s*([^\s,*]+)$/.exec(range.trim())?.[1];
}

function newestListed(range: string): string | undefined {
  if (range === '') return DEFAULT_HAUTE;
  return LISTED_VERSIONS.findLast((version) => inRange(version, range));
}

async function lockedPin(files: Files, root: string): Promise<HautePin | undefined> {
  const text = await textOf(files, join(root, UV_LOCK));
  if (text === undefined) return undefined;
  const lock = parseUvLock(text);
  const haute = lock.packages.get('haute');
  return haute && { range: `==${haute.version}`, file: UV_LOCK, lock };
}

async function declaredPin(files: Files, root: string): Promise<HautePin | undefined> {
  const lists: readonly [string, (text: string) => readonly string[]][] = [
    ['pyproject.toml', pyprojectDependencies],
    ['requirements.txt', (text) => text.split('\n')],
  ];
  for (const [file, read] of lists) {
    const text = await textOf(files, join(root, file));
    const range = text === undefined ? undefined : hauteRange(read(text));
    if (range !== undefined) return { range, file, lock: undefined };
  }
  return undefined;
}

function hauteRange(requirements: readonly string[]): string | undefined {
  const line = requirements.find((each) => /^\s*haute\s*($|[[\s=<>!~;#])/i.test(each));
  return line === undefined ? undefined : HAUTE_LINE.exec(line)?.groups?.range?.trim();
}

/** Every list of requirements below [project] and [dependency-groups]. A pyproject.toml that is no TOML says nothing. */
function pyprojectDependencies(text: string): readonly string[] {
  const parsed = parseToml(text, 'pyproject.toml');
  if ('problem' in parsed) return [];
  const { project, 'dependency-groups': groups } = parsed.document.root;
  return [project, groups].flatMap(stringsIn);
}

function stringsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : [];
}

async function textOf(files: Files, path: string): Promise<string | undefined> {
  const bytes = await files.read(path);
  return bytes && new TextDecoder().decode(bytes);
}

function tooOld(version: string, { file }: HautePin): ConfigError {
  return new ConfigError({
    code: 'HAUTE-TOO-OLD',
    what: `the project wants Haute ${version}; ${OLDEST_HAUTE} or newer is needed`,
    fix: 'Move the project to a newer Haute',
    ...(file !== undefined && { place: { file } }),
  });
}

function unlisted(wanted: string): ConfigError {
  return new ConfigError({
    code: 'HAUTE-UNLISTED',
    what: `which packages belong to Haute ${wanted} is not known here (known: ${LISTED_VERSIONS.join(', ')})`,
    fix: 'Lock the project with `uv lock` and commit uv.lock, so that the same versions run everywhere',
  });
}
