import type { InputColumn } from '../book/input-column.ts';
import { NO_CODE } from '../parquet/column-data.ts';
import type { RowColumn } from './row-columns.ts';

/** A column of the portfolio as segments are made of it. */
export function inputColumn(column: InputColumn): RowColumn {
  const { values, name, isNumeric } = column;
  const type = isNumeric ? 'DOUBLE' : 'STRING';
  const readCodes = column.reader(Uint16Array.from(values.keys()));
  return { name: `input_${name}`, type, data };

  /** Only the values that are in these rows are written for them. */
  function data(first: number, length: number): ReturnType<RowColumn['data']> {
    const codes = new Uint16Array(length);
    readCodes(
      Uint32Array.from({ length }, (_, index) => first + index),
      codes,
    );
    const own = new Uint32Array(length);
    const ownOf = new Uint32Array(values.length).fill(NO_CODE);
    const used: (string | number)[] = [];
    for (let index = 0; index < length; index++) {
      const code = codes[index] as number;
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
