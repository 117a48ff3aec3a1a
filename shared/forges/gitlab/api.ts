import type { ZodType, z } from 'zod';
import { ConfigError } from '../../errors.ts';
import type { GitLabAccess } from '../../ports/forge-access.ts';
import { askOnce, persist, readAnswer } from '../ask.ts';
import type { ForgeTools } from '../forge-tools.ts';
import { allPages, PAGE_SIZE } from '../pages.ts';
import { type Asked, type Refusal, refusalError } from '../refusal.ts';
import { FORGE, granting, SCOPE } from './permissions.ts';
import { GitLabRefusal, type Incoming, send } from './requester.ts';

type Gitbeaker = typeof import('@gitbeaker/rest');
type Utilities = typeof import('@gitbeaker/requester-utils');
/** What every resource of gitbeaker is made with. */
type Options = ConstructorParameters<Gitbeaker['Commits']>[0];

/** The parts of gitbeaker that are used, made for one request. */
export interface Client {
  readonly commits: InstanceType<Gitbeaker['Commits']>;
  readonly mergeRequests: InstanceType<Gitbeaker['MergeRequests']>;
  readonly approvals: InstanceType<Gitbeaker['MergeRequestApprovals']>;
  readonly notes: InstanceType<Gitbeaker['MergeRequestNotes']>;
  readonly deployments: InstanceType<Gitbeaker['Deployments']>;
  readonly projectMembers: InstanceType<Gitbeaker['ProjectMembers']>;
  readonly groupMembers: InstanceType<Gitbeaker['GroupMembers']>;
  readonly namespaces: InstanceType<Gitbeaker['Namespaces']>;
  readonly users: InstanceType<Gitbeaker['Users']>;
}

/** What a list is asked with, a page at a time. */
export interface PageOptions {
  readonly page: number;
  readonly perPage: number;
  readonly showExpanded: true;
}

/** One project of GitLab, asked through gitbeaker, which is loaded when the first question is. */
export class GitLabApi {
  readonly access: GitLabAccess;
  readonly tools: ForgeTools;
  #loaded: Promise<readonly [Gitbeaker, Utilities]> | undefined;

  constructor(access: GitLabAccess, tools: ForgeTools) {
    this.access = access;
    this.tools = tools;
  }

  get project(): string {
    return this.access.project;
  }

  get<S extends ZodType>(
    asked: Asked,
    schema: S,
    signal: AbortSignal,
    call: (client: Client) => Promise<unknown>,
  ): Promise<z.output<S>> {
    return persist(this.tools, signal, () => this.write(asked, schema, signal, call));
  }

  /** Undefined where GitLab answers 404: for what may be not there, asked of what the token is known to see. */
  find<S extends ZodType>(
    asked: Asked,
    schema: S,
    signal: AbortSignal,
    call: (client: Client) => Promise<unknown>,
  ): Promise<z.output<S> | undefined> {
    return persist(this.tools, signal, async () => {
      const answer = await this.#once(asked, signal, (client) => call(client).catch(absentOrThrow));
      return answer === ABSENT ? undefined : readAnswer(schema, answer, FORGE, asked);
    });
  }

  /** Every item of every page. */
  all<S extends ZodType>(
    asked: Asked,
    item: S,
    signal: AbortSignal,
    call: (client: Client, page: PageOptions) => Promise<unknown>,
  ): Promise<readonly z.output<S>[]> {
    return allPages(asked, (page) =>
      persist(this.tools, signal, async () => {
        const options = { page, perPage: PAGE_SIZE, showExpanded: true } as const;
        const answer = (await this.#once(asked, signal, (client) => call(client, options))) as Listed;
        const items = readAnswer(item.array(), answer?.data, FORGE, asked);
        return { items, more: typeof answer.paginationInfo?.next === 'number' };
      }),
    );
  }

  /** One request, asked once. Put a write behind a look whether it was done before, and both into `persist`. */
  async write<S extends ZodType>(
    asked: Asked,
    schema: S,
    signal: AbortSignal,
    call: (client: Client) => Promise<unknown>,
  ): Promise<z.output<S>> {
    return readAnswer(schema, await this.#once(asked, signal, call), FORGE, asked);
  }

  persistently<T>(signal: AbortSignal, act: () => Promise<T>): Promise<T> {
    return persist(this.tools, signal, act);
  }

  /** A file, as it is. @param path below `projects/:id/` */
  async file(
    asked: Asked,
    signal: AbortSignal,
    method: 'GET' | 'PUT',
    path: string,
    bytes?: Uint8Array,
  ): Promise<Incoming | undefined> {
    const [name = '', token = ''] = Object.entries(this.#credentials())[0] ?? [];
    const headers = { [HEADERS[name] ?? '']: token, 'content-type': 'application/octet-stream' };
    const prefixUrl = `${this.access.apiUrl}/projects/${encodeURIComponent(this.project)}`;
    const body = bytes === undefined ? {} : { body: new Uint8Array(bytes) };
    const answer = await this.#ask(asked, signal, (until) =>
      send(this.tools.fetch, path, { method, prefixUrl, headers, ...body }, until).catch(absentOrThrow),
    );
    return answer === ABSENT ? undefined : answer;
  }

  async #once<T>(asked: Asked, signal: AbortSignal, call: (client: Client) => Promise<T>): Promise<T> {
    if (asked.permission !== SCOPE.job && this.access.token === undefined) throw this.#tokenMissing(asked);
    const loaded = await this.#load();
    return this.#ask(asked, signal, (until) => call(this.#client(loaded, until)));
  }

  #ask<T>(asked: Asked, signal: AbortSignal, call: (signal: AbortSignal) => Promise<T>): Promise<T> {
    return askOnce(this.tools, { forge: FORGE, asked, signal }, call, (error) =>
      error instanceof GitLabRefusal ? refusalError(granting(this.access), asked, this.#refusalOf(error)) : undefined,
    );
  }

  #refusalOf({ status, message, headers }: GitLabRefusal): Refusal {
    return {
      status,
      message,
      requestId: headers['x-request-id'],
      retryAfterMs: this.tools.retryAfterMs(headers['retry-after']),
      tooOften: false,
    };
  }

  #tokenMissing(asked: Asked): ConfigError {
    const what = `the job’s own token may not ask GitLab for ${asked.what}`;
    return new ConfigError({ code: 'FORGE-PERMISSION', what, ...granting(this.access).grant(asked.permission) });
  }

  #client([rest, { createRequesterFn }]: readonly [Gitbeaker, Utilities], signal: AbortSignal): Client {
    const options = {
      host: this.access.apiUrl.replace(/\/api\/v4\/?$/, ''),
      queryTimeout: 0,
      rateLimits: {},
      requesterFn: createRequesterFn(
        async (_, outgoing) => outgoing,
        (endpoint, outgoing) => send(this.tools.fetch, endpoint, (outgoing ?? {}) as object, signal) as never,
      ),
      ...this.#credentials(),
    } as unknown as Options;
    return {
      commits: new rest.Commits(options),
      mergeRequests: new rest.MergeRequests(options),
      approvals: new rest.MergeRequestApprovals(options),
      notes: new rest.MergeRequestNotes(options),
      deployments: new rest.Deployments(options),
      projectMembers: new rest.ProjectMembers(options),
      groupMembers: new rest.GroupMembers(options),
      namespaces: new rest.Namespaces(options),
      users: new rest.Users(options),
    };
  }

  #credentials(): { readonly token: string } | { readonly jobToken: string } {
    const { token, jobToken } = this.access;
    return token === undefined ? { jobToken: jobToken ?? '' } : { token };
  }

  #load(): Promise<readonly [Gitbeaker, Utilities]> {
    this.#loaded ??= Promise.all([import('@gitbeaker/rest'), import('@gitbeaker/requester-utils')]);
    return this.#loaded;
  }
}

/** How gitbeaker's names of tokens are spelt in a request. */
const HEADERS: Readonly<Record<string, string>> = { token: 'private-token', jobToken: 'job-token' };

interface Listed {
  readonly data?: unknown;
  readonly paginationInfo?: { readonly next?: unknown };
}

const ABSENT = Symbol('absent');

function absentOrThrow(error: unknown): typeof ABSENT {
  if (error instanceof GitLabRefusal && error.status === 404) return ABSENT;
  throw error;
}
