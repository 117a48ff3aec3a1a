import type { PageFile } from '../impact/pages/page-store.ts';

/**
 * A file for what does not fit into memory, for as long as it is open. It is written and read while the caller waits,
 * in pieces of half a megabyte.
 * @throws ProviderError DISK-FULL and the other DISK-… codes, by `append` and `read`
 */
export interface ScratchFile extends PageFile {
  /** For other threads of this process, which may read from the file until it is closed; undefined while it is empty. */
  readonly descriptor: number | undefined;
  /** Removes it. */
  close(): void;
}
