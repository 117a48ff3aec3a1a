import type { AzureCredentials } from './azure-credentials.ts';
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
import { askStore, PRECONDITION_FAILED, type StoreAnswer, type StoreRequest, textOf } from './store-http.ts';
import type { StoreTools } from './store-tools.ts';
import { elementsOf, textIn } from './xml-text.ts';

const STORE = 'Azure Storage';
/** Bearer tokens, ranges and directories of Data Lake accounts are all known to this one. */
const API_VERSION = '2023-11-03';

/**
 * A container of Azure Blob or Data Lake Storage, over the REST API that both have.
 * @see https://learn.microsoft.com/rest/api/storageservices/blob-service-rest-api
 */
export class AzureStore implements ObjectStore {
  readonly #tools: StoreTools;
  readonly #credentials: AzureCredentials;
  readonly #base: string;
  readonly #words: StoreWords;

  /** @param endpoint of the account's blob service, without a slash at its end */
  constructor(tools: StoreTools, credentials: AzureCredentials, endpoint: string, container: string) {
    this.#tools = tools;
    this.#credentials = credentials;
    this.#base = `${endpoint}/${container}`;
    const role = 'the role Storage Blob Data Reader';
    this.#words = {
      store: STORE,
      bucket: `the container ${container}`,
      permission: {
        list: `${role} on the container ${container}, or the permission l (list) in the signature`,
        read: `${role} on the container ${container}, or the permission r (read) in the signature`,
      },
      credentials:
        'Set AZURE_STORAGE_SAS_TOKEN or AZURE_STORAGE_ACCESS_TOKEN for this step, or AZURE_TENANT_ID and AZURE_CLIENT_ID to log in as the job',
    };
  }

  async list(prefix: string, from: string | undefined, signal: AbortSignal): Promise<ObjectPage> {
    const query = new URLSearchParams({ restype: 'container', comp: 'list', prefix });
    if (from !== undefined) query.set('marker', from);
    const answer = this.#checked(await this.#ask({ query }, signal), 'list');
    if (answer === undefined) throw bucketMissing(this.#words);
    const text = textOf(answer);
    const files = elementsOf(text, 'Blob').filter((blob) => textIn(blob, 'ResourceType') !== 'directory');
    const next = textIn(text, 'NextMarker');
    return { keys: files.flatMap((blob) => textIn(blob, 'Name') ?? []), next: next || undefined };
  }

  async look(key: string, signal: AbortSignal): Promise<ObjectVersion | undefined> {
    const answer = this.#checked(await this.#ask({ key, method: 'HEAD' }, signal), 'read');
    const pin = answer?.headers.get('etag') ?? undefined;
    if (answer === undefined || answer.headers.get('x-ms-resource-type') === 'directory') return undefined;
    const bytes = Number(answer.headers.get('content-length') ?? Number.NaN);
    if (pin === undefined || !Number.isInteger(bytes)) throw notUnderstood(STORE, answer.status);
    const md5 = answer.headers.get('content-md5');
    const name = [`${bytes} bytes`, ...(md5 ? [`md5 ${md5}`] : []), `etag ${pin} of ${this.#base}/${key}`].join(', ');
    return { bytes, pin, sha256: undefined, name };
  }

  async read(
    key: string,
    pin: string,
    start: number,
    end: number,
    signal: AbortSignal,
  ): Promise<Uint8Array | undefined> {
    const headers = { 'if-match': pin, range: `bytes=${start}-${end - 1}` };
    const version = { header: 'etag', wanted: pin };
    const answer = await this.#ask({ key, headers, bytes: end - start, version }, signal);
    if (answer.status === PRECONDITION_FAILED || answer.status === 416) return undefined;
    return this.#checked(answer, 'read')?.body;
  }

  async #ask(
    {
      key,
      query,
      headers,
      ...more
    }: {
      readonly key?: string;
      readonly query?: URLSearchParams;
      readonly headers?: Readonly<Record<string, string>>;
    } & Pick<StoreRequest, 'method' | 'bytes' | 'version'>,
    signal: AbortSignal,
  ): Promise<StoreAnswer> {
    const login = await this.#credentials.login(signal);
    const path = key === undefined ? '' : `/${key.split('/').map(encodeURIComponent).join('/')}`;
    const all = new URLSearchParams([...(query ?? []), ...login.query]);
    const url = `${this.#base}${path}${all.size > 0 ? `?${all}` : ''}`;
    const sent = { 'x-ms-version': API_VERSION, ...headers, ...login.headers };
    return askStore(this.#tools, { store: STORE, url, headers: sent, ...more }, signal);
  }

  /** Undefined where there is no such blob. @throws ConfigError and ProviderError for every other refusal */
  #checked(answer: StoreAnswer, action: StoreAction): StoreAnswer | undefined {
    const { status, headers } = answer;
    if (status >= 200 && status < 300) return answer;
    const code = headers.get('x-ms-error-code') ?? textIn(textOf(answer), 'Code') ?? '';
    if (code === 'ContainerNotFound') throw bucketMissing(this.#words);
    if (status === 404) return undefined;
    const message = (textIn(textOf(answer), 'Message') ?? '').split('\n')[0] ?? '';
    const said = [code, message].filter(Boolean).join(': ');
    // A container that is not public answers those who do not say who they are like this.
    const anonymous = code === 'PublicAccessNotPermitted' || code === 'NoAuthenticationInformation';
    if (status === 401 || anonymous || code === 'AuthenticationFailed') throw noCredentials(this.#words, said);
    if (status === 403) throw denied(this.#words, action, said);
    throw refused(STORE, status, said);
  }
}
