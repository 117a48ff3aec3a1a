import { ConfigError, GateFailure, Interrupted, messageOf, ProviderError } from '../../errors.ts';

/** Errors that say what happened and what to do. */
export function isOurs(error: unknown): boolean {
  return [ConfigError, GateFailure, Interrupted, ProviderError].some((kind) => error instanceof kind);
}

/**
 * Work with a file; what the system refuses becomes a ProviderError that names it. Every other error passes as it is: a
 * thread that ends or an archive that is broken is no full disk. Work that was cancelled is told as that.
 */
export async function onDisk<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Error && error.name === 'AbortError') throw new Interrupted();
    if (isOurs(error) || !(error instanceof Error && 'syscall' in error)) throw error;
    throw new ProviderError(
      {
        code: 'IMAGE-DISK',
        what: `the image cannot be put together at ${path}: ${messageOf(error)}`,
        fix: 'Check that the disk of the folder for temporary files (TMPDIR) has space and may be written to',
      },
      { cause: error },
    );
  }
}
