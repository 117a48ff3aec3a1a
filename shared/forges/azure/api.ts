import type { AdoRestClient } from 'azure-devops-node-api/AdoHttpClientBases.js';
import type { ZodType, z } from 'zod';
import type { AzureAccess } from '../../ports/forge-access.ts';
import { askOnce, persist, readAnswer } from '../ask.ts';
import type { ForgeTools } from '../forge-tools.ts';
import { type Asked, refusalError } from '../refusal.ts';
import { identityUrl } from './addresses.ts';
import { FORGE, granting } from './permissions.ts';
import { AzureRefusal, refusalOf } from './refusals.ts';

const VERSION = '7.1';

export type Query = Readonly<Record<string, string | number>>;

export interface Sending {
  readonly method: 'POST' | 'PATCH';
  readonly body: unknown;
}

interface Answer {
  readonly statusCode: number;
  readonly result: unknown;
  readonly headers: unknown;
}

/**
 * One project of Azure DevOps, asked through the REST client of azure-devops-node-api, which is loaded when the first
 * question is. Its typed clients are left alone: they take a 404 and an answer that was cut off for "there is none", and
 * they come all together, with nine times the code.
 */
export class AzureApi {
  readonly access: AzureAccess;
  readonly tools: ForgeTools;
  #client: Promise<AdoRestClient> | undefined;

  constructor(access: AzureAccess, tools: ForgeTools) {
    this.access = access;
    this.tools = tools;
  }

  /** @param path below `<collection>/<project>/_apis/` */
  get<S extends ZodType>(
    path: string,
    query: Query,
    asked: Asked,
    schema: S,
    signal: AbortSignal,
  ): Promise<z.output<S>> {
    return persist(this.tools, signal, () => this.once(path, query, asked, schema, signal));
  }

  /** The `value` of an answer that is a list. */
  async list<S extends ZodType>(
    path: string,
    query: Query,
    asked: Asked,
    item: S,
    signal: AbortSignal,
  ): Promise<readonly z.output<S>[]> {
    return persist(this.tools, signal, async () => (await this.page(path, query, asked, item, signal)).items);
  }

  /** One page of a list, with the token of the next, asked once. */
  async page<S extends ZodType>(
    path: string,
    query: Query,
    asked: Asked,
    item: S,
    signal: AbortSignal,
  ): Promise<{ readonly items: readonly z.output<S>[]; readonly next: string | undefined }> {
    const { result, headers } = await this.#ask(this.#urlOf(path, query), asked, signal);
    const { value } = (result ?? {}) as { readonly value?: unknown };
    const next = (headers as Readonly<Record<string, string | undefined>> | undefined)?.['x-ms-continuationtoken'];
    return { items: readAnswer(item.array(), value, FORGE, asked), next };
  }

  /** One request, asked once. Put a write behind a look whether it was done before, and both into `persist`. */
  async once<S extends ZodType>(
    path: string,
    query: Query,
    asked: Asked,
    schema: S,
    signal: AbortSignal,
    sending?: Sending,
  ): Promise<z.output<S>> {
    return readAnswer(schema, (await this.#ask(this.#urlOf(path, query), asked, signal, sending)).result, FORGE, asked);
  }

  /** Identities of the organization, by id or by name. Null for an id that is nobody’s. */
  identities<S extends ZodType>(
    query: Query,
    asked: Asked,
    item: S,
    signal: AbortSignal,
  ): Promise<readonly z.output<S>[]> {
    const url = `${identityUrl(this.access.collectionUrl)}/_apis/identities?${queryOf(query)}`;
    return persist(this.tools, signal, async () => {
      const { result } = await this.#ask(url, asked, signal);
      return readAnswer(item.array(), (result as { value?: unknown } | null)?.value, FORGE, asked);
    });
  }

  persist<T>(signal: AbortSignal, act: () => Promise<T>): Promise<T> {
    return persist(this.tools, signal, act);
  }

  /** Bytes from wherever an answer says they are. The token goes to Azure DevOps only. */
  async download(url: string, asked: Asked, signal: AbortSignal): Promise<Uint8Array> {
    const headers: Record<string, string> = this.#trusts(url)
      ? { authorization: authorizationOf(this.access.token) }
      : {};
    const call = async (until: AbortSignal): Promise<Uint8Array> => {
      const answer = await this.tools.fetch(url, { headers, signal: until });
      if (!answer.ok) throw new AzureRefusal(answer.status, '', Object.fromEntries(answer.headers));
      return new Uint8Array(await answer.arrayBuffer());
    };
    return askOnce(this.tools, { forge: FORGE, asked, signal }, call, (error) => this.#explain(error, asked));
  }

  async #ask(url: string, asked: Asked, signal: AbortSignal, sending?: Sending): Promise<Answer> {
    const rest = await this.#connect();
    const options = { additionalHeaders: { 'X-TFS-FedAuthRedirect': 'Suppress' } };
    const call = async (): Promise<Answer> => {
      const answer =
        sending === undefined
          ? await rest.get<unknown>(url, options)
          : sending.method === 'POST'
            ? await rest.create<unknown>(url, sending.body, options)
            : await rest.update<unknown>(url, sending.body, options);
      // The client keeps silent about a 404, and about the sign-in page (203) that a wrong token leads to.
      if (answer.statusCode === 404 || answer.statusCode === 203) throw new AzureRefusal(answer.statusCode, '', {});
      return answer;
    };
    return askOnce(this.tools, { forge: FORGE, asked, signal }, call, (error) => this.#explain(error, asked));
  }

  #explain(error: unknown, asked: Asked): Error | undefined {
    const refusal = refusalOf(error, this.tools);
    return refusal && refusalError(granting(this.access), asked, refusal);
  }

  #urlOf(path: string, query: Query): string {
    const { collectionUrl, project } = this.access;
    return `${collectionUrl.replace(/\/$/, '')}/${encodeURIComponent(project)}/_apis/${path}?${queryOf(query)}`;
  }

  #trusts(url: string): boolean {
    const { host, hostname } = new URL(url);
    return (
      host === new URL(this.access.collectionUrl).host ||
      /(?:^|\.)(?:dev\.azure\.com|visualstudio\.com)$/.test(hostname)
    );
  }

  #connect(): Promise<AdoRestClient> {
    this.#client ??= this.#load();
    return this.#client;
  }

  async #load(): Promise<AdoRestClient> {
    const [{ AdoRestClient }, bearer, personal] = await Promise.all([
      import('azure-devops-node-api/AdoHttpClientBases.js'),
      import('azure-devops-node-api/handlers/bearertoken.js'),
      import('azure-devops-node-api/handlers/personalaccesstoken.js'),
    ]);
    const { token } = this.access;
    const handler = isPersonal(token)
      ? new personal.PersonalAccessTokenCredentialHandler(token)
      : new bearer.BearerCredentialHandler(token);
    return new AdoRestClient('haute-deploy', undefined, [handler], {
      // Later than our own limit, which tells what it was that took too long.
      socketTimeout: this.tools.timeoutMs * 2,
      allowRedirects: false,
      allowRetries: false,
    });
  }
}

/** Personal access tokens go with a user name, all others do not; they are known by their length and a mark. */
function isPersonal(token: string): boolean {
  return token.length === 52 || /^.{76}AZDO.{4}$/.test(token);
}

function authorizationOf(token: string): string {
  return isPersonal(token) ? `Basic ${Buffer.from(`PAT:${token}`).toString('base64')}` : `Bearer ${token}`;
}

function queryOf(query: Query): string {
  const all = Object.entries({ ...query, 'api-version': VERSION });
  return all.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&');
}
