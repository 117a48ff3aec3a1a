import type { IdentityAccess, IdTokens } from '../ports/identity.ts';
import { AzureIdTokens } from './azure-id-tokens.ts';
import { GitHubIdTokens } from './github-id-tokens.ts';
import { GitLabIdTokens } from './gitlab-id-tokens.ts';
import type { IdentityTools } from './identity-tools.ts';

/** Tokens of the job that this process runs in. */
export function createIdTokens(access: IdentityAccess, tools: IdentityTools): IdTokens {
  if (access.kind === 'github') return new GitHubIdTokens(access, tools);
  if (access.kind === 'gitlab') return new GitLabIdTokens(access, tools);
  return new AzureIdTokens(access, tools);
}
