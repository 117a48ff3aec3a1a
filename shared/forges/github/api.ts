import type { Octokit } from '@octokit/core';
import type { ZodType, z } from 'zod';
import type { GitHubAccess } from '../../ports/forge-access.ts';
import { askOnce, persist, readAnswer } from '../ask.ts';
import type { ForgeTools } from '../forge-tools.ts';
import { allPages, PAGE_SIZE } from '../pages.ts';
import { type Asked, refusalError } from '../refusal.ts';
import { cachedFetch } from './cached-fetch.ts';
import { FORGE, granting } from './permissions.ts';
import { readRefusal } from './refusals.ts';

/** The version that the answers are read by. @see https://docs.github.com/rest/about-the-rest-api/api-versions */
const VERSION = { 'x-github-api-version': '2022-11-28' };

type Parameters = Readonly<Record<string, unknown>>;

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | number | undefined>>;
  readonly data: unknown;
}

/** One repository of GitHub, asked through octokit, which is loaded when the first question is. */
export class GitHubApi {
  readonly access: GitHubAccess;
  readonly tools: ForgeTools;
  #octokit: Promise<Octokit> | undefined;

  constructor(access: GitHubAccess, tools: ForgeTools) {
    this.access = access;
    this.tools = tools;
  }

  /** @param route as GitHub's documentation writes it: `GET /repos/{owner}/{repo}/pulls/{pull_number}` */
  async get<S extends ZodType>(
    route: string,
    parameters: Parameters,
    asked: Asked,
    schema: S,
    signal: AbortSignal,
  ): Promise<z.output<S>> {
    return persist(this.tools, signal, async () =>
      readAnswer(schema, (await this.#once(route, parameters, asked, signal)).data, FORGE, asked),
    );
  }

  /**
   * Undefined where GitHub answers with one of `absent`: for what may be not there.
   * @param absent 404; 403 too where the token may be of a kind that is never let there
   */
  async find<S extends ZodType>(
    route: string,
    parameters: Parameters,
    asked: Asked,
    schema: S,
    signal: AbortSignal,
    absent: readonly number[] = [404],
  ): Promise<z.output<S> | undefined> {
    return persist(this.tools, signal, async () => {
      const answer = await this.#once(route, parameters, asked, signal, absent);
      return absent.includes(answer.status) ? undefined : readAnswer(schema, answer.data, FORGE, asked);
    });
  }

  /** Every item of every page. @param pick the items of a page, where they are not the page itself */
  async all<P extends ZodType, T>(
    route: string,
    parameters: Parameters,
    asked: Asked,
    page: P,
    pick: (page: z.output<P>) => readonly T[],
    signal: AbortSignal,
  ): Promise<readonly T[]> {
    return allPages(asked, (number) =>
      persist(this.tools, signal, async () => {
        const paged = { ...parameters, per_page: PAGE_SIZE, page: number };
        const { data, headers } = await this.#once(route, paged, asked, signal);
        return {
          items: pick(readAnswer(page, data, FORGE, asked)),
          more: String(headers.link ?? '').includes('rel="next"'),
        };
      }),
    );
  }

  /** One write, asked once. Put it behind a look whether it was done before, and both into `persist`. */
  async write<S extends ZodType>(
    route: string,
    parameters: Parameters,
    asked: Asked,
    schema: S,
    signal: AbortSignal,
  ): Promise<z.output<S>> {
    return readAnswer(schema, (await this.#once(route, parameters, asked, signal)).data, FORGE, asked);
  }

  persist<T>(signal: AbortSignal, act: () => Promise<T>): Promise<T> {
    return persist(this.tools, signal, act);
  }

  async #once(
    route: string,
    parameters: Parameters,
    asked: Asked,
    signal: AbortSignal,
    absent: readonly number[] = [],
  ): Promise<Answer> {
    const octokit = await this.#client();
    const [owner = '', repo = ''] = this.access.repository.split('/');
    const call = async (until: AbortSignal): Promise<Answer> => {
      try {
        return await octokit.request(route, {
          owner,
          repo,
          ...parameters,
          headers: VERSION,
          request: { signal: until },
        });
      } catch (error) {
        const refusal = readRefusal(error, this.tools);
        if (refusal && !refusal.tooOften && absent.includes(refusal.status))
          return { status: refusal.status, headers: {}, data: undefined };
        throw error;
      }
    };
    return askOnce(this.tools, { forge: FORGE, asked, signal }, call, (error) => {
      const refusal = readRefusal(error, this.tools);
      return refusal && refusalError(granting(this.access), asked, refusal);
    });
  }

  #client(): Promise<Octokit> {
    this.#octokit ??= this.#load();
    return this.#octokit;
  }

  async #load(): Promise<Octokit> {
    const { Octokit } = await import('@octokit/core');
    const quiet = (): void => undefined;
    return new Octokit({
      auth: this.access.token,
      baseUrl: this.access.apiUrl,
      userAgent: 'haute-deploy',
      request: { fetch: cachedFetch(this.tools.fetch) },
      log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    });
  }
}
