import type { BitWriter } from './bit-writer.ts';
import { type PrefixCode, prefixCode } from './huffman.ts';
import type { Matches } from './matches.ts';
import { DISTANCE_INDEX, DISTANCE_TABLE, END_OF_BLOCK, LENGTH_INDEX, LENGTH_TABLE } from './symbols.ts';

const LONGEST_CODE = 15;
const LONGEST_LENGTH_CODE = 7;
/** The order in which the lengths of the code for code lengths are written. */
const LENGTH_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15] as const;
const LARGEST_STORED = 0xffff;

/**
 * Writes one block, never the last of the stream: with codes of its own, or as it is where that would be longer.
 * @see https://www.rfc-editor.org/rfc/rfc1951#section-3.2.3
 */
export function writeBlock(out: BitWriter, bytes: Uint8Array, matches: Matches): void {
  matches.literalFrequencies[END_OF_BLOCK] = 1;
  const literals = prefixCode(matches.literalFrequencies, LONGEST_CODE);
  const distances = prefixCode(matches.distanceFrequencies, LONGEST_CODE);
  const header = codeLengths(literals.lengths, distances.lengths);
  if (bitsOf(matches, literals, distances) + header.bits > bytes.length * 8) {
    writeStored(out, bytes);
    return;
  }
  out.bits(0, 1);
  out.bits(2, 2);
  header.write(out);
  writeSymbols(out, matches, literals, distances);
}

/** The last block of the stream: an empty block with the fixed codes. */
export function writeEnd(out: BitWriter): void {
  out.bits(1, 1);
  out.bits(1, 2);
  out.bits(0, 7);
}

function writeStored(out: BitWriter, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; at += LARGEST_STORED) {
    const part = bytes.subarray(at, at + LARGEST_STORED);
    out.bits(0, 1);
    out.bits(0, 2);
    out.align();
    out.bits(part.length, 16);
    out.bits(~part.length & 0xffff, 16);
    out.raw(part);
  }
}

function writeSymbols(out: BitWriter, matches: Matches, literals: PrefixCode, distances: PrefixCode): void {
  const { count, values } = matches;
  for (let index = 0; index < count; index++) {
    const value = values[index] as number;
    const distance = matches.distances[index] as number;
    if (distance === 0) {
      out.bits(literals.codes[value] as number, literals.lengths[value] as number);
      continue;
    }
    const length = LENGTH_INDEX[value] as number;
    out.bits(literals.codes[257 + length] as number, literals.lengths[257 + length] as number);
    out.bits(value - (LENGTH_TABLE.base[length] as number), LENGTH_TABLE.extra[length] as number);
    const symbol = DISTANCE_INDEX[distance] as number;
    out.bits(distances.codes[symbol] as number, distances.lengths[symbol] as number);
    out.bits(distance - (DISTANCE_TABLE.base[symbol] as number), DISTANCE_TABLE.extra[symbol] as number);
  }
  out.bits(literals.codes[END_OF_BLOCK] as number, literals.lengths[END_OF_BLOCK] as number);
}

function bitsOf(matches: Matches, literals: PrefixCode, distances: PrefixCode): number {
  let bits = 0;
  matches.literalFrequencies.forEach((times, symbol) => {
    const extra = symbol > END_OF_BLOCK ? (LENGTH_TABLE.extra[symbol - 257] as number) : 0;
    bits += times * ((literals.lengths[symbol] as number) + extra);
  });
  matches.distanceFrequencies.forEach((times, symbol) => {
    bits += times * ((distances.lengths[symbol] as number) + (DISTANCE_TABLE.extra[symbol] as number));
  });
  return bits;
}

/** The two codes, told by their lengths, in a third code. @see https://www.rfc-editor.org/rfc/rfc1951#section-3.2.7 */
function codeLengths(literals: Uint8Array, distances: Uint8Array) {
  const literalCount = Math.max(257, lastUsed(literals) + 1);
  const distanceCount = Math.max(1, lastUsed(distances) + 1);
  const runs = runsOf([...literals.subarray(0, literalCount), ...distances.subarray(0, distanceCount)]);
  const frequencies = new Uint32Array(19);
  for (const { symbol } of runs) frequencies[symbol] = (frequencies[symbol] as number) + 1;
  const code = prefixCode(frequencies, LONGEST_LENGTH_CODE);
  let shown = LENGTH_ORDER.length;
  while (shown > 4 && code.lengths[LENGTH_ORDER[shown - 1] as number] === 0) shown--;
  const bits = runs.reduce((sum, { symbol, width }) => sum + (code.lengths[symbol] as number) + width, 17 + 3 * shown);
  return {
    bits,
    write(out: BitWriter) {
      out.bits(literalCount - 257, 5);
      out.bits(distanceCount - 1, 5);
      out.bits(shown - 4, 4);
      for (const symbol of LENGTH_ORDER.slice(0, shown)) out.bits(code.lengths[symbol] as number, 3);
      for (const { symbol, extra, width } of runs) {
        out.bits(code.codes[symbol] as number, code.lengths[symbol] as number);
        out.bits(extra, width);
      }
    },
  };
}

interface Run {
  readonly symbol: number;
  readonly extra: number;
  /** Bits of `extra`. */
  readonly width: number;
}

/** Repeated lengths as one symbol: 16 repeats the last one, 17 and 18 are zeros. */
function runsOf(lengths: readonly number[]): readonly Run[] {
  const runs: Run[] = [];
  for (let at = 0; at < lengths.length; ) {
    const length = lengths[at] as number;
    let same = 1;
    while (lengths[at + same] === length) same++;
    at += same;
    if (length !== 0) {
      runs.push({ symbol: length, extra: 0, width: 0 });
      same--;
    }
    while (same >= 3) {
      const run = Math.min(same, length !== 0 ? 6 : 138);
      if (length !== 0) runs.push({ symbol: 16, extra: run - 3, width: 2 });
      else if (run <= 10) runs.push({ symbol: 17, extra: run - 3, width: 3 });
      else runs.push({ symbol: 18, extra: run - 11, width: 7 });
      same -= run;
    }
    for (; same > 0; same--) runs.push({ symbol: length, extra: 0, width: 0 });
  }
  return runs;
}

function lastUsed(lengths: Uint8Array): number {
  let last = lengths.length - 1;
  while (last >= 0 && lengths[last] === 0) last--;
  return last;
}
