import { readFileSync } from 'node:fs';

/** The most memory this process has had, in MB of 1,000,000 bytes. Linux only. */
export function peakMb(): number {
  const kib = /VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0';
  return Math.round((Number(kib) * 1024) / 1e6);
}
