/** Deflate's symbols for lengths and distances. @see https://www.rfc-editor.org/rfc/rfc1951#section-3.2.5 */
export const END_OF_BLOCK = 256;
export const LITERALS_AND_LENGTHS = 286;
export const DISTANCES = 30;
export const MIN_MATCH = 4;
export const MAX_MATCH = 258;
export const WINDOW = 32_768;

export interface SymbolTable {
  /** First value that each symbol stands for. */
  readonly base: Uint16Array;
  /** Bits that follow it. */
  readonly extra: Uint8Array;
}

/** Symbol 257 and on. */
export const LENGTH_TABLE: SymbolTable = table(29, 3, (index) => (index < 8 || index === 28 ? 0 : (index >> 2) - 1));
export const DISTANCE_TABLE: SymbolTable = table(30, 1, (index) => (index < 4 ? 0 : (index >> 1) - 1));

/** From a length to the index of its symbol. */
export const LENGTH_INDEX: Uint8Array = indexOf(LENGTH_TABLE, MAX_MATCH);
/** From a distance to the index of its symbol. */
export const DISTANCE_INDEX: Uint8Array = indexOf(DISTANCE_TABLE, WINDOW);

function table(count: number, first: number, extraOf: (index: number) => number): SymbolTable {
  const base = new Uint16Array(count);
  const extra = Uint8Array.from({ length: count }, (_, index) => extraOf(index));
  let value = first;
  for (let index = 0; index < count; index++) {
    base[index] = value;
    value += 1 << (extra[index] as number);
  }
  // The longest match has a symbol of its own, without extra bits.
  if (first === 3) base[count - 1] = MAX_MATCH;
  return { base, extra };
}

function indexOf({ base }: SymbolTable, largest: number): Uint8Array {
  const index = new Uint8Array(largest + 1);
  let symbol = 0;
  for (let value = base[0] as number; value <= largest; value++) {
    while (symbol + 1 < base.length && (base[symbol + 1] as number) <= value) symbol++;
    index[value] = symbol;
  }
  return index;
}
