import { ConfigError } from '../../errors.ts';
import type { GitHubIdentity } from '../../ports/identity.ts';
import { githubAccess } from './forge-access.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** @throws ConfigError ID-TOKEN-UNAVAILABLE where the job may not have tokens */
export function githubIdentity(env: Env): GitHubIdentity {
  const { ACTIONS_ID_TOKEN_REQUEST_URL: requestUrl, ACTIONS_ID_TOKEN_REQUEST_TOKEN: requestToken } = env;
  if (requestUrl && requestToken) return { kind: 'github', requestUrl, requestToken };
  const { workflowFile } = githubAccess(env);
  throw new ConfigError({
    code: 'ID-TOKEN-UNAVAILABLE',
    what: 'GitHub gives this job no identity to log in with',
    fix: 'Add "id-token: write" to the permissions of the job; a fork’s pull request has no such token',
    ...(workflowFile !== undefined && { place: { file: workflowFile } }),
  });
}
