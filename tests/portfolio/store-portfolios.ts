import { tmpdir } from 'node:os';
import { DiskScratch } from '../../shared/io/disk-scratch.ts';
import { retry } from '../../shared/io/retry.ts';
import { SystemClock } from '../../shared/io/system-clock.ts';
import { FilePortfolios } from '../../shared/portfolio/file-portfolios.ts';
import { createObjectPortfolios } from '../../shared/portfolio/stores/index.ts';
import type { StoreEnv, StoreTools } from '../../shared/portfolio/stores/store-tools.ts';

/** Tools with real time and quick retries. */
export function storeTools(env: StoreEnv, change: Partial<StoreTools> = {}): StoreTools {
  const clock = new SystemClock();
  return {
    env,
    fetch: globalThis.fetch,
    clock,
    retry: (call, tools) => retry({ attempts: 4, baseMs: 5, capMs: 50 }, { clock, random: () => 0.5, ...tools }, call),
    retryAfterMs: () => undefined,
    mask: () => undefined,
    readFile: async () => undefined,
    federation: undefined,
    timeoutMs: 60_000,
    ...change,
  };
}

/** As a step has them, with copies in the folder for temporary files. */
export function storePortfolios(env: StoreEnv, change: Partial<StoreTools> = {}): FilePortfolios {
  const stores = createObjectPortfolios(async () => storeTools(env, change));
  return new FilePortfolios(stores, undefined, { scratch: () => new DiskScratch(tmpdir()), say: () => undefined });
}
