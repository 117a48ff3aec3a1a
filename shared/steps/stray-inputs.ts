import type { Problem } from '../errors.ts';
import { nearest } from '../project/nearest.ts';

/**
 * Which written inputs are misspelt: those that no step has and that are near to one. Others are somebody else's
 * variables, and none of ours to judge.
 * @param strays inputs that no step has: as they were written, and as near to a canonical name as can be told
 * @param known canonical names of all inputs
 * @param spell how the host's users spell an input
 */
export function misspeltInputs(
  strays: readonly { readonly shown: string; readonly name: string }[],
  known: readonly string[],
  spell: (name: string) => string,
): readonly Problem[] {
  return strays.flatMap(({ shown, name }) => {
    const near = nearest(name, known);
    if (near === undefined) return [];
    return [{ code: 'INPUT-UNKNOWN', what: `there is no input ${shown}`, fix: `Did you mean ${spell(near)}?` }];
  });
}
