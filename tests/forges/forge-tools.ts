import type { ForgeTools } from '../../shared/forges/forge-tools.ts';
import { fitMarkdown } from '../../shared/hosts/fit-markdown.ts';
import { parseRetryAfter, retry } from '../../shared/io/retry.ts';
import { FakeClock } from '../fakes/fake-clock.ts';

/** The tools that the composition root hands to a forge, with a clock that does not wait. */
export function testTools(
  notes: string[] = [],
  clock = new FakeClock(Date.parse('2026-03-01T15:00:00.000Z')),
): ForgeTools {
  const plan = { attempts: 3, baseMs: 100, capMs: 20_000 };
  return {
    fetch,
    clock,
    retry: (call, { signal, onRetry }) =>
      retry(plan, { clock, random: () => 0.5, signal, ...(onRetry && { onRetry }) }, call),
    retryAfterMs: (header) => parseRetryAfter(header, clock.now()),
    fitMarkdown,
    note: (line) => notes.push(line),
    timeoutMs: 1_000,
  };
}
