import { ProviderError } from '../errors.ts';
import type { Asked } from './refusal.ts';

/** Items of a page; the most that the forges give. */
export const PAGE_SIZE = 100;
/** 100,000 items: no change request has as many. A forge that goes on is not telling the truth. */
const MAX_PAGES = 1000;

export interface Page<T> {
  readonly items: readonly T[];
  /** True where the forge says that there is another one. */
  readonly more: boolean;
}

/**
 * All items of all pages. Another page is asked for when the forge says there is one, and also when a page is full: a
 * link that was lost on the way must not hide the rejection behind it.
 * @param ask gives page `page`, counted from 1
 * @throws ProviderError FORGE-BAD-ANSWER when there is no end to the pages
 */
export async function allPages<T>(asked: Asked, ask: (page: number) => Promise<Page<T>>): Promise<readonly T[]> {
  const all: T[] = [];
  for (let page = 1; page <= MAX_PAGES; page++) {
    const { items, more } = await ask(page);
    all.push(...items);
    if (!more && items.length < PAGE_SIZE) return all;
  }
  throw new ProviderError({
    code: 'FORGE-BAD-ANSWER',
    what: `there is no end to the pages of ${asked.what}: gave up after ${MAX_PAGES}`,
    fix: 'Look at the forge; no change request is as long as this',
  });
}
