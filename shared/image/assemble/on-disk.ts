import { ConfigError, GateFailure, Interrupted, messageOf, ProviderError } from '../../errors.ts';

/** Work with a file; what the disk refuses becomes a ProviderError that names it. Our own errors pass as they are. */
export async function onDisk<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const ours = [ConfigError, GateFailure, Interrupted, ProviderError].some((kind) => error instanceof kind);
    if (ours) throw error;
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
