import type { BlobSource } from '../../ports/registry.ts';
import type { Digest } from '../../release/digest.ts';
import { nextAddress } from './address.ts';
import { badAnswer, checkNamedDigest } from './refusal.ts';
import type { RegistryTools } from './registry-tools.ts';
import type { Need, Session, SessionRequest } from './session.ts';
import type { WireAnswer, WireBody } from './wire.ts';

/** Milliseconds that giving an upload up may take: the registry forgets it by itself later. */
const CANCEL_MS = 5_000;
/** Milliseconds until a registry has put a large blob in its place. */
const FINISH_MS = 300_000;
const CHUNK_TYPE = { 'content-type': 'application/octet-stream' } as const;

/** What an upload needs of its surroundings. */
export interface UploadKit {
  readonly session: Session;
  readonly tools: RegistryTools;
  readonly need: Need;
  readonly signal: AbortSignal;
}

/** An upload that a registry has opened. Where it is may change with every answer. */
export class UploadSession {
  readonly #kit: UploadKit;
  #location: URL;
  /** Bytes that a chunk must have at least, but for the last one. */
  readonly minChunkBytes: number;

  private constructor(kit: UploadKit, opened: WireAnswer) {
    this.#kit = kit;
    this.#location = nextAddress(opened.header('location'), opened.url, kit.tools.insecure);
    const min = Number(opened.header('oci-chunk-min-length') ?? '0');
    this.minChunkBytes = Number.isSafeInteger(min) && min > 0 ? min : 0;
  }

  /** @throws what {@link Session.ask} throws; the registry's refusal */
  static async open(kit: UploadKit): Promise<UploadSession> {
    const opened = await post(kit, kit.need, {});
    if (opened.status !== 202) throw await kit.session.refusal(kit.need, opened, kit.signal);
    await opened.discard();
    return new UploadSession(kit, opened);
  }

  /** Takes a blob over from another repository of the registry. @returns an upload where that is not to be had */
  static async mount(kit: UploadKit, digest: Digest, from: string): Promise<UploadSession | 'mounted' | undefined> {
    const answer = await post(kit, { ...kit.need, alsoPull: from }, { mount: digest, from });
    await answer.discard();
    if (answer.status === 201) {
      checkNamedDigest(answer, digest);
      return 'mounted';
    }
    return answer.status === 202 ? new UploadSession(kit, answer) : undefined;
  }

  /** Sends bytes that begin at `from`. The answer is read, whatever it is, by the caller. */
  async patch(body: WireBody, from: number): Promise<WireAnswer> {
    const headers = { ...CHUNK_TYPE, 'content-range': `${from}-${from + body.length - 1}` };
    return this.#ask('PATCH', this.#location, { headers, body });
  }

  /** Ends the upload, with all of the bytes or after the last of them. */
  async put(digest: Digest, body?: WireBody): Promise<WireAnswer> {
    const url = new URL(this.#location);
    // As text: what is there may be signed as it is written.
    url.search += `${url.search === '' ? '?' : '&'}digest=${encodeURIComponent(digest)}`;
    const none = { headers: { 'content-length': '0' } };
    return this.#ask('PUT', url, { ...(body ? { headers: CHUNK_TYPE, body } : none), answerMs: FINISH_MS });
  }

  /** How far the upload has come. */
  async status(): Promise<WireAnswer> {
    return this.#ask('GET', this.#location, {});
  }

  /** Follows the registry to where the upload goes on. */
  follow(answer: WireAnswer): void {
    const location = answer.header('location');
    if (location !== undefined) this.#location = nextAddress(location, answer.url, this.#kit.tools.insecure);
  }

  /** Gives the upload up, as well as that can be done; nobody depends on it. */
  async cancel(): Promise<void> {
    const signal = AbortSignal.timeout(CANCEL_MS);
    try {
      const request = { method: 'DELETE', url: this.#location, signal, timed: true } as const;
      const answer = await this.#kit.session.ask(this.#kit.need, request);
      await answer.discard();
    } catch {
      // What fails here is told by what failed before, and the registry ends uploads of itself.
    }
  }

  #ask(
    method: 'PATCH' | 'PUT' | 'GET',
    url: URL,
    request: Pick<SessionRequest, 'headers' | 'body' | 'answerMs'>,
  ): Promise<WireAnswer> {
    const { session, need, signal } = this.#kit;
    return session.ask(need, {
      method,
      url,
      signal,
      timed: request.body === undefined && method === 'GET',
      ...request,
    });
  }
}

/** Bytes that the registry has, from a `Range` of `0-<last>`. `0-0` stands for none as well as for one: none is safe. */
export function receivedBytes(answer: WireAnswer): number {
  const range = answer.header('range');
  if (range === undefined) return 0;
  const [, last] = /^(?:bytes=)?0-(\d+)$/.exec(range.trim()) ?? [];
  if (last === undefined)
    throw badAnswer(answer.url.host, `says that it has the range ${JSON.stringify(range.slice(0, 60))}`);
  return last === '0' ? 0 : Number(last) + 1;
}

function post(kit: UploadKit, need: Need, query: Readonly<Record<string, string>>): Promise<WireAnswer> {
  const url = kit.session.url(need, 'blobs/uploads/');
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  const headers = { 'content-length': '0' };
  return kit.session.ask(need, { method: 'POST', url, headers, signal: kit.signal, timed: true });
}

/** True when the repository has the blob. @throws the registry's refusal */
export async function isStored(kit: UploadKit, { digest }: Pick<BlobSource, 'digest'>): Promise<boolean> {
  const { session, need, signal } = kit;
  const url = session.url(need, `blobs/${digest}`);
  const answer = await session.ask(need, { method: 'HEAD', url, signal, timed: true });
  if (answer.status === 404) return false;
  if (answer.status !== 200) throw await session.refusal(need, answer, signal);
  checkNamedDigest(answer, digest);
  return true;
}

/** Tells of what is tried again. */
export function retryNote({ tools, need }: UploadKit): (error: Error, waitMs: number) => void {
  return (error, waitMs) =>
    tools.note(tools.redact(`${need.name.registry}: ${error.message}. Trying again in ${Math.ceil(waitMs / 1000)} s`));
}
