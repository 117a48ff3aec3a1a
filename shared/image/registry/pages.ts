import { badAnswer } from './refusal.ts';
import { retryNote, type UploadKit } from './upload-session.ts';
import type { WireAnswer } from './wire.ts';

const MAX_PAGE_BYTES = 16 * 1024 * 1024;
/** A list that is longer than this is one that never ends. */
const MAX_PAGES = 1_000;

export interface Page {
  readonly json: unknown;
  readonly answer: WireAnswer;
}

/**
 * The pages of a list, each named by the `Link` of the one before.
 * @param absent statuses that say that there is no such list
 * @returns undefined where there is none
 * @throws ProviderError REGISTRY-BAD-ANSWER for a list that does not end, or ends in the middle
 * @see https://www.rfc-editor.org/rfc/rfc8288
 */
export async function readPages(
  kit: UploadKit,
  first: URL,
  accept: string,
  absent: ReadonlySet<number>,
): Promise<readonly Page[] | undefined> {
  const pages: Page[] = [];
  const seen = new Set<string>();
  for (let url: URL | undefined = first; url; ) {
    const page: Page | undefined = await readPage(kit, url, accept, absent);
    if (page === undefined && pages.length === 0) return undefined;
    // Half a list would pass for the whole.
    if (page === undefined)
      throw badAnswer(url.host, 'gave the beginning of a list, and then said that there is none', true);
    pages.push(page);
    seen.add(url.href);
    url = nextPage(page.answer, url);
    if (url && (seen.has(url.href) || pages.length === MAX_PAGES))
      throw badAnswer(url.host, 'gave a list that never ends');
  }
  return pages;
}

function readPage(kit: UploadKit, url: URL, accept: string, absent: ReadonlySet<number>): Promise<Page | undefined> {
  const { session, need, signal, tools } = kit;
  return tools.retry(
    async () => {
      const answer = await session.ask(need, { method: 'GET', url, headers: { accept }, signal, timed: true });
      if (absent.has(answer.status)) {
        await answer.discard();
        return undefined;
      }
      if (answer.status !== 200) throw await session.refusal(need, answer, signal);
      return { answer, json: jsonOf(await answer.bytes(MAX_PAGE_BYTES), answer) };
    },
    { signal, onRetry: retryNote(kit) },
  );
}

function nextPage(answer: WireAnswer, url: URL): URL | undefined {
  const link = answer
    .headers('link')
    .flatMap((header) => header.split(/,(?=\s*<)/))
    .find((each) => /;\s*rel="?next"?\s*(?:;|$)/i.test(each));
  const target = /^\s*<([^>]*)>/.exec(link ?? '')?.[1];
  if (target === undefined) return undefined;
  if (!URL.canParse(target, url.href)) throw badAnswer(url.host, 'names a next page that is no address');
  const next = new URL(target, url);
  // Behind a proxy some name themselves by an inner address: path and query are what counts, and the host is ours.
  return new URL(next.pathname + next.search, url);
}

function jsonOf(bytes: Uint8Array, answer: WireAnswer): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    throw badAnswer(answer.url.host, 'gave a list that is cut off or no JSON', true);
  }
}
