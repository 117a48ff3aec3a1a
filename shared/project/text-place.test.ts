import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placesIn } from './text-place.ts';

describe('the place of a position in a text', () => {
  it('is the line and column that lead back to it', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '\n', '\r\n', '😀') });
    fc.assert(
      fc.property(text, fc.nat(), (content, any) => {
        const offset = any % (content.length + 1);
        const { line, column } = placesIn('f', content)(offset);
        const before = content.split('\n').slice(0, line - 1);
        expect(before.reduce((sum, each) => sum + each.length + 1, 0) + column - 1).toBe(offset);
        expect(column - 1).toBeLessThanOrEqual(content.split('\n')[line - 1]?.length ?? -1);
      }),
    );
  });
});
