import type { Json } from '../release/json.ts';
import type { QuoteColumn, RowPart } from '../release/quote-rows.ts';
import { JsonWriter } from './json-writer.ts';

/** Each value of a list as it stands in a row, with the name of its column: all of them in one piece of memory. */
interface Fragments {
  readonly bytes: Uint8Array;
  /** Where each one ends. */
  readonly ends: Uint32Array;
  readonly start: string;
}

/**
 * Writes rows in columns as JSON, byte for byte what `JSON.stringify` makes of the row objects. A value that many rows
 * have is put into words only once.
 */
export class ColumnEncoder {
  readonly #fragments = new WeakMap<readonly Json[], Fragments>();
  #bytesPerRow = 256;

  /** @returns the rows as a JSON array, between `before` and `after`, in UTF-8 */
  encode(parts: readonly RowPart[], before: string, after: string): Buffer {
    const rows = parts.reduce((sum, { length }) => sum + length, 0);
    const writer = new JsonWriter(Math.ceil(rows * this.#bytesPerRow * 1.1) + 64);
    writer.ascii(`${before}[`);
    parts.forEach((part, index) => {
      if (index > 0) writer.ascii(',');
      this.#writePart(writer, part);
    });
    writer.ascii(`]${after}`);
    const body = writer.finish();
    this.#bytesPerRow = body.length / Math.max(1, rows);
    return body;
  }

  #writePart(writer: JsonWriter, { length, columns }: RowPart): void {
    const writers = columns.map((column, index) => this.#cellWriter(writer, column, index === 0 ? '{' : ','));
    for (let row = 0; row < length; row++) {
      if (row > 0) writer.ascii(',');
      if (writers.length === 0) writer.ascii('{');
      for (const write of writers) write(row);
      writer.ascii('}');
    }
  }

  #cellWriter(writer: JsonWriter, { name, values, places }: QuoteColumn, open: string): (row: number) => void {
    const start = `${open}${JSON.stringify(name)}:`;
    if (places === undefined) {
      const bytes = Buffer.from(start);
      return (row) => {
        writer.bytes(bytes, 0, bytes.length);
        writer.value(values[row] as Json);
      };
    }
    const { bytes, ends } = this.#fragmentsOf(values, start);
    return (row) => {
      const place = places[row] as number;
      writer.bytes(bytes, place === 0 ? 0 : (ends[place - 1] as number), ends[place] as number);
    };
  }

  #fragmentsOf(values: readonly Json[], start: string): Fragments {
    const known = this.#fragments.get(values);
    if (known?.start === start) return known;
    const writer = new JsonWriter(values.length * (start.length + 12));
    const ends = new Uint32Array(values.length);
    const opening = Buffer.from(start);
    values.forEach((value, index) => {
      writer.bytes(opening, 0, opening.length);
      writer.value(value);
      ends[index] = writer.length;
    });
    const fragments = { bytes: writer.finish(), ends, start };
    this.#fragments.set(values, fragments);
    return fragments;
  }
}
