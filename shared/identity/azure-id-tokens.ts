import { z } from 'zod';
import { ConfigError } from '../errors.ts';
import type { AzureIdentity, IdTokens } from '../ports/identity.ts';
import { jsonOf, readBody } from './answers.ts';
import { call } from './call.ts';
import { readClaims } from './claims.ts';
import type { IdentityTools } from './identity-tools.ts';

const WHOM = 'Azure DevOps’ token service';
const answer = z.object({ oidcToken: z.string().min(1) });

/** @see https://learn.microsoft.com/rest/api/azure/devops/distributedtask/oidctoken/create */
export class AzureIdTokens implements IdTokens {
  readonly fixedAudience = 'api://AzureADTokenExchange';
  readonly renews = true;
  readonly #access: AzureIdentity;
  readonly #tools: IdentityTools;

  constructor(access: AzureIdentity, tools: IdentityTools) {
    this.#access = access;
    this.#tools = tools;
    tools.mask(access.accessToken);
  }

  async getIdToken(audience: string, signal: AbortSignal): Promise<string> {
    const { oidcUri, accessToken, serviceConnectionId } = this.#access;
    const url = new URL(oidcUri);
    url.searchParams.set('api-version', '7.1');
    url.searchParams.set('serviceConnectionId', serviceConnectionId);
    const headers = { authorization: `Bearer ${accessToken}`, 'x-tfs-fedauthredirect': 'Suppress' };
    const { status, text } = await call(this.#tools, { whom: WHOM, url: url.href, headers, json: {} }, signal);
    if (status !== 200) throw refused(status);
    const { oidcToken } = readBody(answer, jsonOf(text), WHOM);
    this.#tools.mask(oidcToken);
    const { aud = [] } = readClaims(oidcToken) ?? {};
    if (!aud.includes(audience)) throw otherAudience(audience, aud);
    return oidcToken;
  }
}

function refused(status: number): ConfigError {
  return new ConfigError({
    code: 'ID-TOKEN-UNAVAILABLE',
    what: `${WHOM} answered ${status} when asked for a token of this job`,
    fix: 'Name a service connection with workload identity federation, authorize the pipeline for it, and hand the step System.AccessToken',
    place: { file: 'azure-pipelines.yml' },
  });
}

function otherAudience(audience: string, there: readonly string[]): ConfigError {
  return new ConfigError({
    code: 'ID-TOKEN-AUDIENCE',
    what: `Azure DevOps gives tokens for the audience ${there.join(', ') || 'of nobody'} alone, not for ${audience}`,
    fix: `Let whoever is logged in to trust the audience ${there.join(', ') || 'that the service connection has'}`,
  });
}
