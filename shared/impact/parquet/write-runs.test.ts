import fc from 'fast-check';
import { readRleBitPackedHybrid } from 'hyparquet/src/encoding.js';
import { describe, expect, it } from 'vitest';
import { writeRuns } from './write-runs.ts';

/** Values of so many bits: some stand alone, some many times in a row. */
const written = fc.integer({ min: 1, max: 24 }).chain((width) => {
  const value = fc.integer({ min: 0, max: 2 ** width - 1 });
  const run = fc
    .tuple(value, fc.integer({ min: 1, max: 60 }))
    .map(([same, count]) => new Array<number>(count).fill(same));
  const parts = fc.array(fc.oneof(run, fc.array(value, { maxLength: 40 })), { maxLength: 8 });
  return parts.map((values) => ({ width, values: values.flat() }));
});

describe('runs and packed bits', () => {
  it('are read by the decoder of the library as what was written', () => {
    fc.assert(
      fc.property(written, ({ width, values }) => {
        const bytes = writeRuns(Uint32Array.from(values), width);
        const reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset: 0 };
        const read = new Array<number>(values.length);
        readRleBitPackedHybrid(reader, width, read, bytes.length);
        expect([...read]).toEqual(values);
        expect(reader.offset).toBe(bytes.length);
      }),
      { numRuns: 1_000 },
    );
  });

  it('are next to nothing for one value however often it is there', () => {
    expect(writeRuns(new Uint32Array(60_000).fill(3), 8).length).toBe(4);
  });
});
