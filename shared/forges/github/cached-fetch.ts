/** An answer that may be given again when GitHub says that it is still the same. */
interface Kept {
  readonly tag: string;
  readonly body: ArrayBuffer;
  readonly headers: Headers;
  readonly status: number;
}

/**
 * A fetch that asks again with the tag of the last answer. GitHub does not count an answer of "not modified" against
 * the limit of requests in an hour, so a step can wait for approvals for as long as it likes.
 * @see https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api#use-conditional-requests-if-appropriate
 */
export function cachedFetch(fetch: typeof globalThis.fetch): typeof globalThis.fetch {
  const kept = new Map<string, Kept>();
  return async (input, init) => {
    const key = String(input);
    if ((init?.method ?? 'GET') !== 'GET') return fetch(input, init);
    const known = kept.get(key);
    const headers = new Headers(init?.headers);
    if (known) headers.set('if-none-match', known.tag);
    const answer = await fetch(input, { ...init, headers });
    if (answer.status === 304 && known) return new Response(known.body.slice(0), known);
    const tag = answer.headers.get('etag');
    if (answer.status !== 200 || tag === null || !isJson(answer)) return answer;
    const body = await answer.arrayBuffer();
    if (isWhole(body)) kept.set(key, { tag, body, headers: answer.headers, status: answer.status });
    return new Response(body.slice(0), answer);
  };
}

/** An answer that was cut off must not come again. */
function isWhole(body: ArrayBuffer): boolean {
  try {
    JSON.parse(new TextDecoder().decode(body));
    return true;
  } catch {
    return false;
  }
}

function isJson(answer: Response): boolean {
  return answer.headers.get('content-type')?.includes('json') ?? false;
}
