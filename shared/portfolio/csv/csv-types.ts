import type { Json } from '../../release/json.ts';

/** What all cells of a CSV column are. */
export type CellType = 'number' | 'boolean' | 'text';

/** A JSON number; a leading zero makes it a code, not a number. */
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const BOOLEAN = /^(?:true|false)$/i;
/** What R and pandas write for a missing value; only in columns that are numbers or booleans otherwise. */
const MISSING = /^(?:NA|NaN|null)$/i;

/**
 * Decides the type of a column from all of its cells: numbers if every cell is one, booleans if every cell is true or
 * false, text otherwise. Empty cells are missing in any column. So a postcode, or a code with leading zeros, stays the
 * text that it is, and a column never mixes types.
 */
export class ColumnType {
  #number = true;
  #boolean = true;
  #seen = false;

  add(cell: string): void {
    if (cell === '' || (!this.#number && !this.#boolean) || MISSING.test(cell)) return;
    this.#seen = true;
    this.#number &&= isExactNumber(cell);
    this.#boolean &&= BOOLEAN.test(cell);
  }

  /** Nothing that comes can change it any more. */
  get isText(): boolean {
    return !this.#number && !this.#boolean;
  }

  /** There were numbers, and nothing else. */
  get isNumber(): boolean {
    return this.#seen && this.#number;
  }

  get type(): CellType {
    if (!this.#seen) return 'text';
    if (this.#number) return 'number';
    return this.#boolean ? 'boolean' : 'text';
  }
}

/** The value of a cell in a column of a type. */
export function cellValue(cell: string, type: CellType): Json {
  if (cell === '') return null;
  if (type === 'text') return cell;
  if (MISSING.test(cell)) return null;
  return type === 'number' ? Number(cell) : cell.toLowerCase() === 'true';
}

/** Whole numbers beyond 2^53 would change on their way: they are text. */
function isExactNumber(cell: string): boolean {
  if (!NUMBER.test(cell)) return false;
  const value = Number(cell);
  return Number.isFinite(value) && (!/^-?\d+$/.test(cell) || Number.isSafeInteger(value));
}
