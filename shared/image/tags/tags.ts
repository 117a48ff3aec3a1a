import { type Problem, throwIfAny } from '../../errors.ts';
import type { BuiltFrom } from '../../ports/artifact-store.ts';
import { isTag } from '../registry/name.ts';

/** Digits of a commit in a tag. */
const COMMIT_DIGITS = 12;
/** Moved by the steps that deploy and promote, and by nothing else. */
const OF_ENVIRONMENTS = ['staging', 'production'];
/** The tag of an environment's record is that of the environment with this behind it. */
export const RECORD_SUFFIX = '.haute';

/** The names of an image. */
export interface ImageTags {
  /** Of the commit and of the version: once given they name this content for good. */
  readonly fixed: readonly string[];
  /** Whatever else was asked for: they are moved. */
  readonly moving: readonly string[];
}

/**
 * The tags of what was built from a commit: the commit, short; the version, where a version tag points to it; and those
 * that were asked for. Files that differ from the commit are not named after it.
 * @throws ConfigError IMAGE-TAG for each that was asked for and cannot be given
 */
export function tagsFor(source: BuiltFrom, wished: readonly string[]): ImageTags {
  throwIfAny(wished.flatMap((tag) => problemOf(tag) ?? []));
  const { version } = source;
  const own = [commitTag(source), ...(version !== undefined && !source.dirty ? [version] : [])];
  const fixed = own.filter((tag) => tag !== undefined);
  return { fixed, moving: [...new Set(wished)].filter((tag) => !fixed.includes(tag)) };
}

/** Undefined where nothing may be named after a commit. */
export function commitTag({ commit, dirty }: Pick<BuiltFrom, 'commit' | 'dirty'>): string | undefined {
  return commit === null || dirty ? undefined : commit.slice(0, COMMIT_DIGITS);
}

function problemOf(tag: string): Problem | undefined {
  const shown = JSON.stringify(tag.slice(0, 130));
  if (!isTag(tag))
    return problem(`${shown} is no tag`, 'Write up to 128 of letters, digits, _ . and -, not beginning with . or -');
  if (OF_ENVIRONMENTS.includes(tag) || tag.endsWith(RECORD_SUFFIX))
    return problem(`${shown} is a tag of an environment`, 'Leave it out: deploy-staging and approve-promote move it');
  return undefined;
}

function problem(what: string, fix: string): Problem {
  return { code: 'IMAGE-TAG', what: `the tags input: ${what}`, fix };
}
