import { type Problem, ProviderError } from '../errors.ts';
import type { Files } from '../ports/files.ts';
import { decodeText } from './decode-text.ts';

export type TextFile = { readonly text: string } | { readonly problem: Problem } | undefined;

/**
 * A text file of the user's; undefined when it is not there. What is larger than `maxBytes` is not read.
 *
 * @param name the file as problems name it
 */
export async function readTextFile(files: Files, path: string, name: string, maxBytes: number): Promise<TextFile> {
  const size = await files.size(path);
  if (size === undefined) return undefined;
  if (size > maxBytes) return { problem: tooLarge(name, size, maxBytes) };
  try {
    const bytes = await files.read(path);
    return bytes && decodeText(bytes, name);
  } catch (error) {
    if (!(error instanceof ProviderError) || error.problem.code !== 'DISK-WRONG-KIND') throw error;
    return {
      problem: {
        code: 'FILE-WRONG-KIND',
        what: 'it is a folder, not a file',
        fix: 'Remove the folder or rename it',
        place: { file: name },
      },
    };
  }
}

function tooLarge(file: string, size: number, maxBytes: number): Problem {
  return {
    code: 'FILE-TOO-LARGE',
    what: `the file has ${mebibytes(size)}, more than the ${mebibytes(maxBytes)} that are read`,
    fix: 'Check that it is the right file, or split it',
    place: { file },
  };
}

function mebibytes(bytes: number): string {
  return `${Number((bytes / 2 ** 20).toPrecision(3))} MiB`;
}
