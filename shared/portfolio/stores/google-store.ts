import { z } from 'zod';
import type { GoogleCredentials } from './google-credentials.ts';
import type { ObjectPage, ObjectStore, ObjectVersion } from './object-store.ts';
import {
  bucketMissing,
  denied,
  noCredentials,
  notUnderstood,
  refused,
  type StoreAction,
  type StoreWords,
} from './store-errors.ts';
import { askStore, jsonOf, PRECONDITION_FAILED, type StoreAnswer, type StoreRequest, textOf } from './store-http.ts';
import type { StoreTools } from './store-tools.ts';

const STORE = 'Google Cloud Storage';

const page = z.object({
  items: z.array(z.object({ name: z.string() })).default([]),
  nextPageToken: z.string().optional(),
});
const object = z.object({
  size: z.string().transform(Number),
  generation: z.string(),
  crc32c: z.string().optional(),
  md5Hash: z.string().optional(),
});

/**
 * A bucket of Google Cloud Storage, over its JSON API.
 * @see https://cloud.google.com/storage/docs/json_api/v1
 */
export class GoogleStore implements ObjectStore {
  readonly #tools: StoreTools;
  readonly #credentials: GoogleCredentials;
  readonly #bucket: string;
  readonly #base: string;
  readonly #words: StoreWords;

  /** @param host of the API, without a path */
  constructor(tools: StoreTools, credentials: GoogleCredentials, host: string, bucket: string) {
    this.#tools = tools;
    this.#credentials = credentials;
    this.#bucket = bucket;
    this.#base = `${host}/storage/v1/b/${encodeURIComponent(bucket)}/o`;
    this.#words = {
      store: STORE,
      bucket: `the bucket ${bucket}`,
      permission: {
        list: `storage.objects.list on the bucket ${bucket} (the role Storage Object Viewer has it)`,
        read: `storage.objects.get on the objects of ${bucket} (the role Storage Object Viewer has it)`,
      },
      credentials:
        'Set GOOGLE_OAUTH_ACCESS_TOKEN, GOOGLE_WORKLOAD_IDENTITY_PROVIDER or GOOGLE_APPLICATION_CREDENTIALS for this step',
    };
  }

  async list(prefix: string, from: string | undefined, signal: AbortSignal): Promise<ObjectPage> {
    const query = new URLSearchParams({ prefix, fields: 'items(name),nextPageToken' });
    if (from !== undefined) query.set('pageToken', from);
    const answer = await this.#ask({ url: `${this.#base}?${query}` }, signal);
    if (answer.status === 404) throw bucketMissing(this.#words);
    const { items, nextPageToken } = this.#read(page, this.#checked(answer, 'list'));
    return { keys: items.map(({ name }) => name), next: nextPageToken };
  }

  async look(key: string, signal: AbortSignal): Promise<ObjectVersion | undefined> {
    const answer = await this.#ask({ url: this.#url(key, {}) }, signal);
    // Also the answer for a bucket that is not there, which listing then tells.
    if (answer.status === 404) return undefined;
    const { size, generation, crc32c, md5Hash } = this.#read(object, this.#checked(answer, 'read'));
    const sums = [crc32c && `crc32c ${crc32c}`, md5Hash && `md5 ${md5Hash}`].filter(Boolean);
    const name = [`${size} bytes`, ...sums, `generation ${generation} of gs://${this.#bucket}/${key}`].join(', ');
    return { bytes: size, pin: generation, sha256: undefined, name };
  }

  async read(
    key: string,
    pin: string,
    start: number,
    end: number,
    signal: AbortSignal,
  ): Promise<Uint8Array | undefined> {
    const url = this.#url(key, { alt: 'media', ifGenerationMatch: pin });
    const headers = { range: `bytes=${start}-${end - 1}` };
    const version = { header: 'x-goog-generation', wanted: pin };
    const answer = await this.#ask({ url, headers, bytes: end - start, version }, signal);
    if (answer.status === PRECONDITION_FAILED || answer.status === 404 || answer.status === 416) return undefined;
    return this.#checked(answer, 'read').body;
  }

  #url(key: string, query: Readonly<Record<string, string>>): string {
    return `${this.#base}/${encodeURIComponent(key)}?${new URLSearchParams(query)}`;
  }

  async #ask({ headers, ...request }: Omit<StoreRequest, 'store'>, signal: AbortSignal): Promise<StoreAnswer> {
    const token = await this.#credentials.token(signal);
    const login = token === undefined ? {} : { authorization: `Bearer ${token}` };
    return askStore(this.#tools, { store: STORE, ...request, headers: { ...headers, ...login } }, signal);
  }

  #read<T>(schema: z.ZodType<T>, answer: StoreAnswer): T {
    const parsed = schema.safeParse(jsonOf(answer));
    if (parsed.success) return parsed.data;
    throw notUnderstood(STORE, answer.status);
  }

  #checked(answer: StoreAnswer, action: StoreAction): StoreAnswer {
    if (answer.status >= 200 && answer.status < 300) return answer;
    const said = saidIn(answer);
    if (answer.status === 401) throw noCredentials(this.#words, said);
    if (answer.status === 403) throw denied(this.#words, action, said);
    throw refused(STORE, answer.status, said);
  }
}

function saidIn(answer: StoreAnswer): string {
  const said = z.object({ error: z.object({ message: z.string() }) }).safeParse(jsonOf(answer));
  return said.success ? said.data.error.message : textOf(answer).slice(0, 200);
}
