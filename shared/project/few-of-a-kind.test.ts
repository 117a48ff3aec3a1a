import { describe, expect, it } from 'vitest';
import type { Problem } from '../errors.ts';
import { fewOfAKind } from './few-of-a-kind.ts';

function problem(code: string, file: string, line: number): Problem {
  return { code, what: 'it is wrong', fix: 'Correct it', place: { file, line } };
}

describe('many problems', () => {
  const many = Array.from({ length: 1_000 }, (_, i) => problem('A', 'f', i + 1));
  const others = [problem('B', 'f', 1), problem('A', 'g', 1), { code: 'A', what: 'no place', fix: 'Correct it' }];

  it('are shown as twenty of a kind and a count', () => {
    const few = fewOfAKind([...many, ...others]);
    expect(few).toHaveLength(24);
    expect(few.slice(0, 20)).toEqual(many.slice(0, 20));
    expect(few[20]).toMatchObject({ code: 'A', what: 'and 980 more of this kind', place: { file: 'f' } });
    expect(few.slice(21)).toEqual(others);
  });

  it('are all shown where they are twenty', () => {
    expect(fewOfAKind(many.slice(0, 20))).toEqual(many.slice(0, 20));
  });
});
