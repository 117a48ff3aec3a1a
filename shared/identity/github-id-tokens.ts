import { z } from 'zod';
import { ConfigError } from '../errors.ts';
import type { GitHubIdentity, IdTokens } from '../ports/identity.ts';
import { jsonOf, readBody } from './answers.ts';
import { call } from './call.ts';
import type { IdentityTools } from './identity-tools.ts';

const WHOM = 'GitHub’s token service';
const answer = z.object({ value: z.string().min(1) });

/** @see https://docs.github.com/actions/reference/security/oidc */
export class GitHubIdTokens implements IdTokens {
  readonly fixedAudience = undefined;
  readonly renews = true;
  readonly #access: GitHubIdentity;
  readonly #tools: IdentityTools;

  constructor(access: GitHubIdentity, tools: IdentityTools) {
    this.#access = access;
    this.#tools = tools;
    tools.mask(access.requestToken);
  }

  async getIdToken(audience: string, signal: AbortSignal): Promise<string> {
    const { requestUrl, requestToken } = this.#access;
    const url = new URL(requestUrl);
    url.searchParams.set('audience', audience);
    const headers = { authorization: `Bearer ${requestToken}` };
    const { status, text } = await call(this.#tools, { whom: WHOM, url: url.href, method: 'GET', headers }, signal);
    if (status !== 200) throw refused(status);
    const { value } = readBody(answer, jsonOf(text), WHOM);
    this.#tools.mask(value);
    return value;
  }
}

function refused(status: number): ConfigError {
  return new ConfigError({
    code: 'ID-TOKEN-UNAVAILABLE',
    what: `${WHOM} answered ${status} when asked for a token of this job`,
    fix: 'Add "id-token: write" to the permissions of the job; a fork’s pull request has no such token',
  });
}
