import {
  DISTANCE_INDEX,
  DISTANCES,
  LENGTH_INDEX,
  LITERALS_AND_LENGTHS,
  MAX_MATCH,
  MIN_MATCH,
  WINDOW,
} from './symbols.ts';

const HASH_BITS = 15;
const HASH_SHIFT = 32 - HASH_BITS;
const MASK = WINDOW - 1;
/** Earlier places that are compared for the longest match. */
const TRIES = 8;
/** A match this long is taken without looking for a better one. */
const GOOD_MATCH = 32;
/** Of a match longer than this, only the start can be found again: what repeats it is found by that. */
const LONG_MATCH = 16;
/** After so many bytes without a match (as a power of two), more are taken at once: what does not compress goes fast. */
const PATIENCE = 6;

/** Literals and matches of one block, with how often each symbol occurs. */
export interface Matches {
  count: number;
  /** A literal byte, or the length of a match. */
  readonly values: Uint16Array;
  /** The distance of a match; 0 for a literal. */
  readonly distances: Uint16Array;
  readonly literalFrequencies: Uint32Array;
  readonly distanceFrequencies: Uint32Array;
}

/** Where four bytes occurred: the newest place by their hash, and for each place of the window the one before it. */
export interface Places {
  readonly newest: Int32Array;
  readonly older: Int32Array;
}

export function noPlaces(): Places {
  return { newest: new Int32Array(1 << HASH_BITS).fill(-1), older: new Int32Array(WINDOW).fill(-1) };
}

/** @param largest bytes of the largest block */
export function noMatches(largest: number): Matches {
  return {
    count: 0,
    values: new Uint16Array(largest),
    distances: new Uint16Array(largest),
    literalFrequencies: new Uint32Array(LITERALS_AND_LENGTHS),
    distanceFrequencies: new Uint32Array(DISTANCES),
  };
}

/** The places once the buffer was moved down by so many bytes, which are whole windows. */
export function movePlaces({ newest, older }: Places, by: number): void {
  for (const places of [newest, older]) {
    for (let index = 0; index < places.length; index++) {
      const place = (places[index] as number) - by;
      places[index] = place < 0 ? -1 : place;
    }
  }
}

/**
 * Finds in `bytes[from, to)` what repeats within the last 32 KiB, which may lie before `from`. It computes with whole
 * numbers alone, so equal bytes give equal matches on every machine and version of Node; zlib promises that for no two
 * of its builds.
 *
 * One loop without calls: this is where compressing spends its time.
 */
export function findMatches(bytes: Uint8Array, from: number, to: number, places: Places, found: Matches): void {
  const { newest, older } = places;
  const { values, distances, literalFrequencies, distanceFrequencies } = found;
  literalFrequencies.fill(0);
  distanceFrequencies.fill(0);
  const last = to - MIN_MATCH;
  let count = 0;
  let at = from;
  let misses = 0;
  while (at < to) {
    let length = 0;
    let distance = 0;
    if (at <= last) {
      const four =
        (bytes[at] as number) |
        ((bytes[at + 1] as number) << 8) |
        ((bytes[at + 2] as number) << 16) |
        ((bytes[at + 3] as number) << 24);
      const hash = Math.imul(four, 0x9e3779b1) >>> HASH_SHIFT;
      let place = newest[hash] as number;
      newest[hash] = at;
      older[at & MASK] = place;
      const most = to - at < MAX_MATCH ? to - at : MAX_MATCH;
      length = MIN_MATCH - 1;
      for (let tries = TRIES; place >= 0 && at - place <= WINDOW && tries > 0; tries--) {
        if (bytes[place + length] === bytes[at + length] && bytes[place] === bytes[at]) {
          let same = 1;
          while (same < most && bytes[place + same] === bytes[at + same]) same++;
          if (same > length) {
            length = same;
            distance = at - place;
            if (same >= GOOD_MATCH || same === most) break;
          }
        }
        const next = older[place & MASK] as number;
        if (next >= place) break; // It was written over: its place is a window away.
        place = next;
      }
    }
    if (distance === 0) {
      const end = at <= last ? Math.min(to, at + 1 + (misses >> PATIENCE)) : to;
      misses += end - at;
      for (; at < end; at++) {
        const byte = bytes[at] as number;
        values[count] = byte;
        distances[count++] = 0;
        (literalFrequencies[byte] as number)++;
      }
      continue;
    }
    misses = 0;
    values[count] = length;
    distances[count++] = distance;
    (literalFrequencies[257 + (LENGTH_INDEX[length] as number)] as number)++;
    (distanceFrequencies[DISTANCE_INDEX[distance] as number] as number)++;
    const end = at + length;
    const remembered = Math.min(length <= LONG_MATCH ? end : at + 3, last + 1);
    for (at++; at < remembered; at++) {
      const four =
        (bytes[at] as number) |
        ((bytes[at + 1] as number) << 8) |
        ((bytes[at + 2] as number) << 16) |
        ((bytes[at + 3] as number) << 24);
      const hash = Math.imul(four, 0x9e3779b1) >>> HASH_SHIFT;
      older[at & MASK] = newest[hash] as number;
      newest[hash] = at;
    }
    at = end;
  }
  found.count = count;
}
