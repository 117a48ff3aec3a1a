import type { Problem } from '../errors.ts';

const SHOWN = 20;

/** The problems, of each kind in each file the first twenty: the ten-thousandth line of a binary file tells nothing new. */
export function fewOfAKind(problems: readonly Problem[]): readonly Problem[] {
  const kindOf = ({ code, place }: Problem) => JSON.stringify([code, place?.file]);
  const counts = new Map<string, number>();
  for (const problem of problems) counts.set(kindOf(problem), (counts.get(kindOf(problem)) ?? 0) + 1);
  const seen = new Map<string, number>();
  return problems.flatMap((problem) => {
    const kind = kindOf(problem);
    const position = seen.get(kind) ?? 0;
    seen.set(kind, position + 1);
    if (position < SHOWN) return [problem];
    return position === SHOWN ? [more(problem, (counts.get(kind) ?? 0) - SHOWN)] : [];
  });
}

function more({ code, place }: Problem, count: number): Problem {
  const what = `and ${count} more of this kind`;
  return {
    code,
    what,
    fix: 'Correct these first, then run the step again',
    ...(place && { place: { file: place.file } }),
  };
}
