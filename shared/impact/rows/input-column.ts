import type { SegmentColumn } from '../book/segment-column.ts';
import { NO_CODE } from '../parquet/column-data.ts';
import type { RowColumn } from './row-columns.ts';

/** A column of the portfolio as segments are made of it. */
export function inputColumn({ codes, values, name, isNumeric }: SegmentColumn): RowColumn {
  const type = isNumeric ? 'DOUBLE' : 'STRING';
  return { name: `input_${name}`, type, data };

  /** Only the values that are in these rows are written for them. */
  function data(first: number, length: number): ReturnType<RowColumn['data']> {
    const own = new Uint32Array(length);
    const ownOf = new Uint32Array(values.length).fill(NO_CODE);
    const used: (string | number)[] = [];
    for (let index = 0; index < length; index++) {
      const code = codes.at(first + index);
      if (ownOf[code] === NO_CODE) {
        const value = values[code] ?? null;
        if (value !== null) ownOf[code] = used.push(value) - 1;
      }
      own[index] = ownOf[code] as number;
    }
    const list = isNumeric ? Float64Array.from(used as number[]) : (used as string[]);
    return { kind: 'coded', codes: own, values: list };
  }
}
