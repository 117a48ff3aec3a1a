import { copyFile, readdir, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { logsDir } from '../paths.ts';

export const LOG_CAP_BYTES = 10 * 1024 * 1024;

/**
 * Keeps each log below the cap: what is over becomes `<log>.1`, in place of the one before. The servers go on writing
 * to the file they have open, so it is copied and emptied rather than renamed; a line written in between is lost.
 */
export async function capLogs(stateDir: string, capBytes = LOG_CAP_BYTES): Promise<void> {
  const dir = logsDir(stateDir);
  const names = await readdir(dir).catch(() => []);
  for (const name of names.filter((each) => each.endsWith('.log'))) {
    const path = join(dir, name);
    const { size } = await stat(path);
    if (size < capBytes) continue;
    await copyFile(path, `${path}.1`);
    await truncate(path);
  }
}
