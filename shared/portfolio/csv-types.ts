import type { Json } from '../release/json.ts';

/** What all cells of a CSV column are. */
export type CellType = 'number' | 'boolean' | 'text';

/** A JSON number; a leading zero makes it a code, not a number. */
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const BOOLEAN = /^(?:true|false)$/i;
/** What R and pandas write for a missing value; only in columns that are numbers or booleans otherwise. */
const MISSING = /^(?:NA|NaN|null)$/i;

/**
 * Decides the type of each column from all of its cells: numbers if every cell is one, booleans if every cell is true
 * or false, text otherwise. Empty cells are missing in any column. So a postcode, or a code with leading zeros, stays
 * the text that it is, and a column never mixes types.
 */
export class CellTypes {
  readonly #columns: { number: boolean; boolean: boolean; seen: boolean }[];

  constructor(columns: number) {
    this.#columns = Array.from({ length: columns }, () => ({ number: true, boolean: true, seen: false }));
  }

  add(cells: readonly string[]): void {
    for (const [index, cell] of cells.entries()) {
      const column = this.#columns[index];
      if (column === undefined || cell === '' || (!column.number && !column.boolean) || MISSING.test(cell)) continue;
      column.seen = true;
      column.number &&= isExactNumber(cell);
      column.boolean &&= BOOLEAN.test(cell);
    }
  }

  get types(): readonly CellType[] {
    return this.#columns.map(({ number, boolean, seen }) => {
      if (!seen) return 'text';
      if (number) return 'number';
      return boolean ? 'boolean' : 'text';
    });
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
