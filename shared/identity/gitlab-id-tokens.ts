import { ConfigError } from '../errors.ts';
import type { GitLabIdentity, IdTokens } from '../ports/identity.ts';
import { readClaims } from './claims.ts';
import type { IdentityTools } from './identity-tools.ts';

const PLACE = { file: '.gitlab-ci.yml' };

/** @see https://docs.gitlab.com/ci/secrets/id_token_authentication/ */
export class GitLabIdTokens implements IdTokens {
  readonly fixedAudience = undefined;
  readonly renews = false;
  readonly #access: GitLabIdentity;
  readonly #tools: IdentityTools;

  constructor(access: GitLabIdentity, tools: IdentityTools) {
    this.#access = access;
    this.#tools = tools;
    for (const token of Object.values(access.tokens)) tools.mask(token);
  }

  async getIdToken(audience: string): Promise<string> {
    const known = Object.entries(this.#access.tokens).map(([name, token]) => ({
      name,
      token,
      claims: readClaims(token),
    }));
    const found = known.find(({ claims }) => claims?.aud.includes(audience));
    if (!found) {
      const there = known.map(({ name, claims }) => `${name} for ${claims?.aud.join(', ') ?? 'nobody'}`);
      throw unavailable(audience, there);
    }
    if ((found.claims?.exp ?? 0) * 1000 <= this.#tools.clock.now()) throw expired(found.name);
    return found.token;
  }
}

function unavailable(audience: string, there: readonly string[]): ConfigError {
  return new ConfigError({
    code: there.length === 0 ? 'ID-TOKEN-UNAVAILABLE' : 'ID-TOKEN-AUDIENCE',
    what: `the job has no token for the audience ${audience}${there.length > 0 ? `; it has ${there.join('; ')}` : ''}`,
    fix: `Set the audience input of the component to ${audience}, or add "id_tokens: { HAUTE_ID_TOKEN: { aud: ${audience} } }" to the job`,
    place: PLACE,
  });
}

function expired(name: string): ConfigError {
  return new ConfigError({
    code: 'ID-TOKEN-EXPIRED',
    what: `the token in ${name} has expired: GitLab makes it before the job starts, for as long as the job may take`,
    fix: 'Give the job a longer timeout, or wait for approvals in a job of its own',
    place: PLACE,
  });
}
