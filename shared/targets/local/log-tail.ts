import { open } from 'node:fs/promises';

const READ_BYTES = 256 * 1024;

/** The last lines of a log, oldest first; of a log that was just emptied, also of the one before. Empty when there is none. */
export async function logTail(path: string, lines: number): Promise<readonly string[]> {
  const newest = await lastLines(path);
  const all = newest.length < lines ? [...(await lastLines(`${path}.1`)), ...newest] : newest;
  return lines === 0 ? [] : all.slice(-lines);
}

async function lastLines(path: string): Promise<readonly string[]> {
  const file = await open(path, 'r').catch(() => undefined);
  if (file === undefined) return [];
  try {
    const { size } = await file.stat();
    const from = Math.max(0, size - READ_BYTES);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size - from), 0, size - from, from);
    const lines = buffer.toString('utf8', 0, bytesRead).split('\n');
    // The first line of a part is seldom whole.
    return lines.slice(from > 0 ? 1 : 0).filter((line) => line.trim() !== '');
  } finally {
    await file.close();
  }
}
