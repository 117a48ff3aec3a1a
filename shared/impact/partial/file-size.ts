/** Rows of all shards that the job that merges may have in memory in packed form, and unpacked. */
const PACKED_ROWS = 1 << 19;
const UNPACKED_ROWS = 1 << 16;
/** Enough to pack well, and few enough to be held in memory. */
const MOST_FILE_ROWS = 1 << 16;
const MOST_PAGE_ROWS = 1 << 13;
const LEAST_PAGE_ROWS = 1 << 8;

/**
 * Rows of a file of a partial, and of a page in it. All shards are read at once when they are merged: the more there
 * are, the less of each may be in memory.
 * @param shards of the run
 */
export function fileSize(shards: number): { readonly fileRows: number; readonly pageRows: number } {
  const pageRows = Math.max(LEAST_PAGE_ROWS, Math.min(MOST_PAGE_ROWS, floorToPower(UNPACKED_ROWS / shards)));
  const fileRows = Math.max(pageRows, Math.min(MOST_FILE_ROWS, floorToPower(PACKED_ROWS / shards)));
  return { fileRows, pageRows };
}

function floorToPower(value: number): number {
  return 2 ** Math.floor(Math.log2(value));
}
