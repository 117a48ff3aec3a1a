import type { Problem } from '../errors.ts';

const BYTE_ORDER_MARK = '\ufeff';

/**
 * Text from the bytes of a user's file. A byte order mark, as Windows editors write it, is dropped: Haute drops it too.
 * Bytes that are not UTF-8 are a problem, with the line of the first: Haute would replace them, and a name or a factor
 * would quietly be another one.
 */
export function decodeText(bytes: Uint8Array, file: string): { readonly text: string } | { readonly problem: Problem } {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return { text: text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text };
  } catch {
    return { problem: notUtf8(bytes, file) };
  }
}

function notUtf8(bytes: Uint8Array, file: string): Problem {
  const good = validPrefix(bytes);
  const line = bytes.subarray(0, good).reduce((lines, byte) => lines + (byte === 0x0a ? 1 : 0), 1);
  const byte = bytes[good]?.toString(16).padStart(2, '0').toUpperCase();
  const utf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  const seen = utf16 ? 'it looks like UTF-16' : `byte 0x${byte} at position ${good + 1} begins no character`;
  return {
    code: 'FILE-NOT-UTF8',
    what: `the file is not UTF-8 text: ${seen}`,
    fix: 'Save the file as UTF-8',
    place: { file, line },
  };
}

/** Number of bytes before the first that is not UTF-8, found by halving. */
function validPrefix(bytes: Uint8Array): number {
  let good = 0;
  let bad = bytes.length + 1;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (decodes(bytes.subarray(0, middle), true)) good = middle;
    else bad = middle;
  }
  // The last character may be cut off, or go on wrongly: then it is its first byte that is wrong.
  while (!decodes(bytes.subarray(0, good), false)) good--;
  return good;
}

function decodes(bytes: Uint8Array, goesOn: boolean): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: goesOn });
    return true;
  } catch {
    return false;
  }
}
