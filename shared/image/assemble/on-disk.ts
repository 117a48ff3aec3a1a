import { ConfigError, GateFailure, Interrupted, messageOf, ProviderError } from '../../errors.ts';

/**
 * Work with a file; what the disk refuses becomes a ProviderError that names it. Our own errors pass as they are, and
 * work that was cancelled is told as that.
 */
export async function onDisk<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const ours = [ConfigError, GateFailure, Interrupted, ProviderError].some((kind) => error instanceof kind);
    if (ours) throw error;
    if (error instanceof Error && error.name === 'AbortError') throw new Interrupted();
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
