import { parseCompiledLock } from '../lock/compiled-lock.ts';
import type { RuntimeLock } from '../lock/runtime-lock.ts';
import { HAUTE_0_5_2 } from './haute-0-5-2.ts';
import { HAUTE_0_6_0 } from './haute-0-6-0.ts';

/** Runtime lists that come with the suite, by the version of Haute that they were resolved for; the newest last. */
const LISTS: Readonly<Record<string, string>> = { '0.5.2': HAUTE_0_5_2, '0.6.0': HAUTE_0_6_0 };

export const LISTED_VERSIONS: readonly string[] = Object.keys(LISTS);
/** The Haute of a project that does not say which one it wants. */
export const DEFAULT_HAUTE = '0.6.0';

/**
 * The list for a version of Haute: its own, or that of its series (0.5.x) with this version of Haute in it. Undefined
 * for a series that none was resolved for.
 */
export function shippedLock(haute: string): RuntimeLock | undefined {
  const listed = LISTED_VERSIONS.find((version) => version === haute) ?? LISTED_VERSIONS.findLast(sameSeries(haute));
  if (listed === undefined) return undefined;
  const lock = parseCompiledLock(LISTS[listed] ?? '', `the list for Haute ${listed}`);
  return { ...lock, packages: new Map([...lock.packages, ['haute', { version: haute, needs: [] }]]) };
}

function sameSeries(haute: string): (version: string) => boolean {
  const series = (version: string) => version.split('.').slice(0, 2).join('.');
  return (version) => series(version) === series(haute);
}
