import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemoryPages } from '../pages/page-store.ts';
import { KeyColumn } from './key-column.ts';

function columnOf(keys: readonly (string | undefined)[]): KeyColumn {
  const column = new KeyColumn(new MemoryPages());
  for (const key of keys) column.push(key);
  return column;
}

function repeatedIn(keys: readonly (string | undefined)[]): readonly number[] {
  const counts = new Map<string | undefined, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return keys.flatMap((key, row) => (key !== undefined && (counts.get(key) ?? 0) > 1 ? [row] : []));
}

describe('keys that several rows have', () => {
  const key = fc.option(fc.oneof(fc.string({ maxLength: 3 }), fc.nat(60).map(String)), { nil: undefined });

  it('are found whatever they are, and no others', () => {
    fc.assert(
      fc.property(
        fc.array(
          key.map((text) => (text === '' ? undefined : text)),
          { maxLength: 200 },
        ),
        (keys) => {
          const repeated = columnOf(keys).repeated();
          expect(keys.flatMap((_, row) => (repeated.has(row) ? [row] : []))).toEqual(repeatedIn(keys));
          expect(repeated.size).toBe(repeatedIn(keys).length);
        },
      ),
    );
  });

  it('are found among many that share a slot by chance', () => {
    const keys = Array.from({ length: 50_000 }, (_, row) => (row % 9_973 === 5 ? 'the same' : `Q${row}`));
    const repeated = columnOf(keys).repeated();
    expect(repeatedIn(keys).every((row) => repeated.has(row))).toBe(true);
    expect(repeated.size).toBe(6);
  });
});
