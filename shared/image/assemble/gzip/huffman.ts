/** A prefix code: for each symbol its length in bits (0: not used) and its bits, reversed as deflate writes them. */
export interface PrefixCode {
  readonly lengths: Uint8Array;
  readonly codes: Uint16Array;
}

/**
 * The code for symbols of these frequencies, none longer than `limit` bits. Equal frequencies give the equal code on
 * every machine: whole numbers only, ties broken by symbol.
 *
 * Lengths are Huffman's; those that are too long are cut to the limit, and others lengthened until the code fits again.
 * @see https://www.rfc-editor.org/rfc/rfc1951#section-3.2.2
 */
export function prefixCode(frequencies: Uint32Array, limit: number): PrefixCode {
  const lengths = new Uint8Array(frequencies.length);
  const used: number[] = [];
  for (let symbol = 0; symbol < frequencies.length; symbol++) if (frequencies[symbol] !== 0) used.push(symbol);
  if (used.length === 1) lengths[used[0] as number] = 1;
  if (used.length > 1) {
    used.sort((a, b) => (frequencies[a] as number) - (frequencies[b] as number) || a - b);
    assignLengths(used, countsOfLengths(used, frequencies, limit), lengths);
  }
  return { lengths, codes: codesOf(lengths) };
}

/** How many symbols get each length. @param sorted symbols, the rarest first */
function countsOfLengths(sorted: readonly number[], frequencies: Uint32Array, limit: number): Uint32Array {
  const leaves = sorted.length;
  const weights = new Float64Array(2 * leaves - 1);
  const parents = new Int32Array(2 * leaves - 1);
  sorted.forEach((symbol, index) => {
    weights[index] = frequencies[symbol] as number;
  });
  let leaf = 0;
  let inner = leaves;
  for (let made = leaves; made < weights.length; made++) {
    for (let child = 0; child < 2; child++) {
      const takeLeaf = leaf < leaves && (inner === made || (weights[leaf] as number) <= (weights[inner] as number));
      const taken = takeLeaf ? leaf++ : inner++;
      weights[made] = (weights[made] as number) + (weights[taken] as number);
      parents[taken] = made;
    }
  }
  const depths = new Int32Array(weights.length);
  const counts = new Uint32Array(limit + 1);
  for (let node = weights.length - 2; node >= 0; node--) {
    depths[node] = (depths[parents[node] as number] as number) + 1;
    if (node < leaves) add(counts, Math.min(depths[node] as number, limit), 1);
  }
  return fitted(counts, limit);
}

/** Cutting long codes short asks for more room than there is: shorter ones give way, the longest of them first. */
function fitted(counts: Uint32Array, limit: number): Uint32Array {
  let room = 0;
  for (let length = 1; length <= limit; length++) room += (counts[length] as number) << (limit - length);
  while (room > 1 << limit) {
    let length = limit - 1;
    while (counts[length] === 0) length--;
    add(counts, length, -1);
    add(counts, length + 1, 2);
    add(counts, limit, -1);
    room--;
  }
  return counts;
}

function assignLengths(sorted: readonly number[], counts: Uint32Array, lengths: Uint8Array): void {
  let index = 0;
  for (let length = counts.length - 1; length > 0; length--) {
    for (let left = counts[length] as number; left > 0; left--) lengths[sorted[index++] as number] = length;
  }
}

/** Canonical codes, by length and then by symbol. */
function codesOf(lengths: Uint8Array): Uint16Array {
  const counts = new Uint16Array(17);
  for (const length of lengths) if (length > 0) add(counts, length, 1);
  const next = new Uint16Array(17);
  for (let length = 1; length < 16; length++)
    next[length + 1] = ((next[length] as number) + (counts[length] as number)) << 1;
  return Uint16Array.from(lengths, (length) => {
    if (length === 0) return 0;
    const code = next[length] as number;
    next[length] = code + 1;
    return reversed(code, length);
  });
}

function reversed(code: number, length: number): number {
  let result = 0;
  for (let bit = 0; bit < length; bit++) result |= ((code >> bit) & 1) << (length - 1 - bit);
  return result;
}

function add(counts: Uint32Array | Uint16Array, index: number, by: number): void {
  counts[index] = (counts[index] as number) + by;
}
