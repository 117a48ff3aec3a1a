import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readRuns } from './read-runs.ts';

function varint(value: number): readonly number[] {
  return value < 0x80 ? [value] : [(value % 0x80) + 0x80, ...varint(Math.floor(value / 0x80))];
}

/** Some values as one run, as the format describes it: all the same, or packed from the lowest bit in groups of eight. */
function encode(values: readonly number[], width: number, isRun: boolean): readonly number[] {
  if (isRun) {
    const bytes = Array.from(
      { length: Math.ceil(width / 8) },
      (_, at) => Math.floor((values[0] as number) / 256 ** at) % 256,
    );
    return [...varint(values.length * 2), ...bytes];
  }
  const groups = Math.ceil(values.length / 8);
  const bits = Array.from({ length: groups * 8 }, (_, at) => BigInt(values[at] ?? 0)).reduce(
    (sum, value, at) => sum | (value << BigInt(at * width)),
    0n,
  );
  const bytes = Array.from({ length: groups * width }, (_, at) => Number((bits >> BigInt(at * 8)) & 0xffn));
  return [...varint(groups * 2 + 1), ...bytes];
}

const runs = fc.integer({ min: 1, max: 32 }).chain((width) => {
  const value = fc.integer({ min: 0, max: 2 ** width - 1 });
  const run = fc
    .tuple(value, fc.integer({ min: 1, max: 200 }))
    .map(([same, count]) => new Array<number>(count).fill(same));
  // Only the last packed run may be no whole number of groups.
  const packed = fc.integer({ min: 1, max: 5 }).chain((groups) => {
    return fc.array(value, { minLength: groups * 8, maxLength: groups * 8 });
  });
  const part = fc.oneof(
    run.map((values) => ({ values, isRun: true })),
    packed.map((values) => ({ values, isRun: false })),
  );
  return fc.record({ width: fc.constant(width), parts: fc.array(part, { minLength: 1, maxLength: 6 }) });
});

describe('runs and packed bits of a page', () => {
  it('give back the values that were written, of any width, and no more of them than are asked for', () => {
    fc.assert(
      fc.property(runs, fc.nat(7), fc.nat(3), ({ width, parts }, cut, start) => {
        const values = parts.flatMap((part) => part.values);
        const asked = values.slice(0, Math.max(1, values.length - cut));
        const encoded = parts.flatMap((part) => encode(part.values, width, part.isRun));
        const into = new Uint32Array(asked.length);
        readRuns(Uint8Array.from([...new Array<number>(start).fill(0xff), ...encoded]), start, width, into);
        expect([...into]).toEqual(asked);
      }),
      { numRuns: 1_000 },
    );
  });

  it.each([
    ['nothing at all', []],
    ['a run without its value', [16]],
    ['packed bits that are cut', [3, 1]],
    ['a run of no values', [0, 1]],
    ['a number of values without an end', [0x80, 0x80, 0x80, 0x80, 0x80, 0x80]],
  ])('are refused: %s', (_, bytes) => {
    expect(() => readRuns(Uint8Array.from(bytes), 0, 8, new Uint32Array(8))).toThrow();
  });
});
