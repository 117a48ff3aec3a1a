/** A column of a file: its name, and its type in Parquet. Every row may be without a value. */
export interface FileColumn {
  readonly name: string;
  readonly type: 'INT32' | 'DOUBLE' | 'STRING' | 'BOOLEAN';
}

/** Values of one column in rows that follow each other, ready to be written. */
export type ColumnData = Numbers | Flags | Texts | Coded;

export interface Numbers {
  readonly kind: 'numbers';
  /** NaN in rows without one. */
  readonly values: Float64Array;
}

export interface Flags {
  readonly kind: 'flags';
  /** 0, 1, or `NO_FLAG`. */
  readonly values: Uint8Array;
}

export interface Texts {
  readonly kind: 'texts';
  readonly values: readonly (string | null)[];
}

/** Values that repeat: each is written once, and rows name it. */
export interface Coded {
  readonly kind: 'coded';
  /** For each row the place of its value, or `NO_CODE`. */
  readonly codes: Uint32Array;
  readonly values: readonly string[] | Float64Array;
}

export const NO_FLAG = 2;
export const NO_CODE = 0xffff_ffff;
