import { SortableBits } from './sortable-bits.ts';
import { upTo } from './typed.ts';

const DIGITS = 65_536;
/** So few are sorted faster by comparing them. */
const FEW = 4_096;

/**
 * The positions of the values in ascending order; equal values keep their order. A radix sort over the four 16-bit
 * digits of each double, least significant first.
 * @param values finite numbers; -0 counts as 0
 * @see D. E. Knuth, The Art of Computer Programming 3, section 5.2.5
 */
export function sortOrder(values: Float64Array<ArrayBuffer>): Uint32Array {
  if (values.length < FEW) {
    return upTo(values.length).sort((a, b) => (values[a] as number) - (values[b] as number) || a - b);
  }
  const keys = new Uint16Array(new SortableBits().of(values).buffer);
  let order = upTo(values.length);
  let next = new Uint32Array(values.length);
  const starts = new Uint32Array(DIGITS + 1);
  for (let digit = 0; digit < 4; digit++) {
    starts.fill(0);
    for (let at = digit; at < keys.length; at += 4) count(starts, (keys[at] as number) + 1);
    for (let i = 0; i < DIGITS; i++) starts[i + 1] = (starts[i + 1] as number) + (starts[i] as number);
    for (const index of order) next[count(starts, keys[index * 4 + digit] as number)] = index;
    [order, next] = [next, order];
  }
  return order;
}

/** Adds one to a counter and gives what it was before. */
function count(counters: Uint32Array, at: number): number {
  const before = counters[at] as number;
  counters[at] = before + 1;
  return before;
}
