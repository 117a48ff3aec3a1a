import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editDistance, nearest } from './nearest.ts';

const KEYS = ['model_name', 'endpoint_name', 'target', 'output_fields', 'port', 'min', 'dir'];

describe('the nearest known word', () => {
  it.each([
    ['modelname', 'model_name'],
    ['model-name', 'model_name'],
    ['Model_Name', 'model_name'],
    ['modle_name', 'model_name'],
    ['targt', 'target'],
    ['tarrget', 'target'],
    ['prot', 'port'],
    ['output_field', 'output_fields'],
    ['mn', 'min'],
  ])('%s is %s', (word, meant) => {
    expect(nearest(word, KEYS)).toBe(meant);
  });

  it.each(['replicas', 'x', '', 'name', 'minimum', 'z'.repeat(1_000)])('%.20j is near none', (word) => {
    expect(nearest(word, KEYS)).toBeUndefined();
  });

  it('is the word itself where it is known, and always a known one', () => {
    fc.assert(
      fc.property(fc.constantFrom(...KEYS), fc.string(), (known, any) => {
        expect(nearest(known, KEYS)).toBe(known);
        expect([...KEYS, undefined]).toContain(nearest(any, KEYS));
      }),
    );
  });

  it('is found after any one edit of a word of three letters or more', () => {
    const edits = fc.record({ at: fc.nat(20), kind: fc.constantFrom('insert', 'delete', 'substitute', 'swap') });
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z_]{3,20}$/), edits, (word, { at, kind }) => {
        const i = at % word.length;
        const [before, char, next, rest] = [word.slice(0, i), word[i] ?? '', word[i + 1] ?? '', word.slice(i + 2)];
        const edited = {
          insert: `${before}q${char}${next}${rest}`,
          delete: `${before}${next}${rest}`,
          substitute: `${before}q${next}${rest}`,
          swap: `${before}${next}${char}${rest}`,
        }[kind];
        expect(nearest(edited, [word])).toBe(word);
      }),
    );
  });
});

describe('the edit distance', () => {
  it('is a count of edits: none for equal words, the same both ways, at most the longer word', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 8 });
    fc.assert(
      fc.property(word, word, (a, b) => {
        const edits = editDistance(a, b);
        expect(edits === 0).toBe(a === b);
        expect(edits).toBe(editDistance(b, a));
        expect(edits).toBeLessThanOrEqual(Math.max(a.length, b.length));
        expect(edits).toBeGreaterThanOrEqual(Math.abs(a.length - b.length));
      }),
    );
  });
});
