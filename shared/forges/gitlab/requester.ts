/** What gitbeaker hands to whoever makes the request. */
interface Outgoing {
  readonly method?: string;
  readonly prefixUrl?: string;
  readonly searchParams?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: NonNullable<RequestInit['body']>;
}

export interface Incoming {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** An answer of GitLab other than a success. */
export class GitLabRefusal extends Error {
  override readonly name = 'GitLabRefusal';
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, headers: Readonly<Record<string, string>>, body: unknown) {
    super(saidIn(body));
    this.status = status;
    this.headers = headers;
  }
}

/**
 * Makes one request. It stands in for gitbeaker's own, which asks up to ten times within a quarter of a second and
 * forgets what the answer was.
 */
export async function send(
  fetch: typeof globalThis.fetch,
  endpoint: string,
  outgoing: Outgoing,
  signal: AbortSignal,
): Promise<Incoming> {
  const { prefixUrl = '', searchParams = '', method = 'GET', headers = {}, body } = outgoing;
  const url = new URL(endpoint, prefixUrl.endsWith('/') ? prefixUrl : `${prefixUrl}/`);
  url.search = searchParams;
  const answer = await fetch(url, { method, headers, signal, ...(body !== undefined && { body }) });
  const seen = Object.fromEntries(answer.headers.entries());
  const content = await contentOf(answer);
  if (!answer.ok) throw new GitLabRefusal(answer.status, seen, content);
  return { status: answer.status, headers: seen, body: content };
}

/** JSON that cannot be read stays text, which is what no answer is. */
async function contentOf(answer: Response): Promise<unknown> {
  const type = answer.headers.get('content-type') ?? '';
  if (!type.includes('json') && !type.startsWith('text/')) return answer.arrayBuffer();
  const text = await answer.text();
  if (!type.includes('json')) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function saidIn(body: unknown): string {
  if (typeof body === 'string') return body;
  if (typeof body !== 'object' || body === null || body instanceof ArrayBuffer) return '';
  const { message, error, error_description: description } = body as Readonly<Record<string, unknown>>;
  const said = message ?? description ?? error ?? '';
  return typeof said === 'string' ? said : JSON.stringify(said);
}
