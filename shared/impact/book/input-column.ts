import type { PageStore } from '../pages/page-store.ts';
import { PAGE_VALUES, Paged, type PagedSnapshot } from '../pages/paged.ts';

export type SegmentValue = string | number | null;

type Codes = Uint16Array<ArrayBuffer>;

/** What is known of a column beside the codes of its rows. */
interface About {
  readonly name: string;
  /** The value of each code; code 0 is null, for rows without a value. */
  readonly values: readonly SegmentValue[];
  readonly isNumeric: boolean;
  /** Why the column is of no use for segments; undefined where it is. */
  readonly dropped: 'many-values' | 'nested' | undefined;
  /** The code that each written one stands for. */
  readonly meaning: Codes;
}

/** A column as another thread can be sent it. */
export interface InputSnapshot extends About {
  readonly written: PagedSnapshot<Codes>;
}

/** One column of the portfolio, for reading: the code of each row, and what each code stands for. */
export class InputColumn {
  readonly name: string;
  /** The value of each code; code 0 is null, for rows without a value. */
  readonly values: readonly SegmentValue[];
  readonly isNumeric: boolean;
  /** Why the column is of no use for segments; undefined where it is. */
  readonly dropped: 'many-values' | 'nested' | undefined;
  readonly #meaning: Codes;
  readonly #written: Paged<Codes>;

  /** @param written what stands for the code of each row */
  constructor({ name, values, isNumeric, dropped, meaning }: About, written: Paged<Codes>) {
    this.name = name;
    this.values = values;
    this.isNumeric = isNumeric;
    this.dropped = dropped;
    this.#meaning = meaning;
    this.#written = written;
  }

  /** A column that was made in another thread. @param store where its pages are */
  static restored(snapshot: InputSnapshot, store: PageStore): InputColumn {
    return new InputColumn(snapshot, Paged.restored(Uint16Array, store, snapshot.written));
  }

  get snapshot(): InputSnapshot {
    const { name, values, isNumeric, dropped } = this;
    return { name, values, isNumeric, dropped, meaning: this.#meaning, written: this.#written.snapshot };
  }

  /** The value of a row. */
  at(row: number): SegmentValue {
    return this.values[this.#meaning[this.#written.at(row)] as number] ?? null;
  }

  /**
   * Reads for some rows at a time what is known of their codes.
   * @param byCode of each code
   * @returns fills `into` for rows, ascending
   */
  reader(byCode: ArrayLike<number>): (rows: Uint32Array, into: Codes) => void {
    const byWritten = this.#meaning.map((code) => byCode[code] as number);
    return (rows, into) => {
      this.#written.gather(rows, into);
      for (let index = 0; index < rows.length; index++) into[index] = byWritten[into[index] as number] as number;
    };
  }

  /** Of each code the rows that have it. */
  rowsByCode(): Uint32Array {
    const byWritten = new Uint32Array(this.#meaning.length);
    const page = new Uint16Array(PAGE_VALUES);
    for (let from = 0; from < this.#written.length; from += PAGE_VALUES) {
      const some = page.subarray(0, Math.min(PAGE_VALUES, this.#written.length - from));
      this.#written.read(from, some);
      for (let index = 0; index < some.length; index++) (byWritten[some[index] as number] as number) += 1;
    }
    const byCode = new Uint32Array(this.values.length);
    this.#meaning.forEach((code, written) => {
      (byCode[code] as number) += byWritten[written] as number;
    });
    return byCode;
  }
}
