import type { JsonObject } from '../release/json.ts';

/** Half of what a Haute container takes in one request by default. */
const MAX_BYTES = 4 * 1024 * 1024;

/**
 * The rows in as few requests as fit, each of at least two: a request of a single row is answered in another way, so a
 * lone row is sent twice. No row, no request.
 */
export function batchesOf<T>(rows: readonly T[], input: (row: T) => JsonObject, maxBytes = MAX_BYTES): readonly T[][] {
  const batches: T[][] = [];
  let bytes = maxBytes;
  for (const row of rows) {
    const size = Buffer.byteLength(JSON.stringify(input(row))) + 1;
    const last = batches.at(-1);
    if (last !== undefined && bytes + size <= maxBytes) {
      last.push(row);
      bytes += size;
    } else {
      batches.push([row]);
      bytes = size;
    }
  }
  return batches.map((batch) => (batch.length === 1 ? [...batch, ...batch] : batch));
}
