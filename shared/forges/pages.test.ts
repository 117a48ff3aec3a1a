import { describe, expect, it } from 'vitest';
import { allPages, PAGE_SIZE } from './pages.ts';

const asked = { what: 'the reviews', permission: 'read' };
const items = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

/** Pages of a list as a forge gives them; `linked` says whether its links arrive. */
function pagesOf(count: number, linked: boolean, size = PAGE_SIZE) {
  const all = items(count);
  return async (page: number) => ({
    items: all.slice((page - 1) * size, page * size),
    more: linked && page * size < count,
  });
}

describe('all pages of a list', () => {
  it.each([0, 1, 99, 100, 101, 10_000])('are read: %i items', async (count) => {
    expect(await allPages(asked, pagesOf(count, true))).toHaveLength(count);
  });

  it.each([100, 101, 250, 10_000])('are read where the link to the next one was lost: %i items', async (count) => {
    expect(await allPages(asked, pagesOf(count, false))).toHaveLength(count);
  });

  it('are read where the forge gives fewer at a time than it was asked for', async () => {
    expect(await allPages(asked, pagesOf(250, true, 20))).toHaveLength(250);
  });

  it('that do not end are an error', async () => {
    const endless = async () => ({ items: items(PAGE_SIZE), more: true });
    await expect(allPages(asked, endless)).rejects.toThrow('FORGE-BAD-ANSWER');
  });
});
