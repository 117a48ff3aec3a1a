import type { IdentityAccess } from '../ports/identity.ts';
import { azureAccess } from './azure/forge-access.ts';
import { azureIdentity } from './azure/identity.ts';
import { githubIdentity } from './github/identity.ts';
import { gitlabIdentity } from './gitlab/identity.ts';

type Env = Readonly<Record<string, string | undefined>>;

/**
 * What a job can prove itself by, where its host gives it something: undefined on a terminal, and for jobs without the
 * permission. On Azure DevOps it is the service connection that the task before has opened.
 */
export function jobIdentity(hostId: string, env: Env): IdentityAccess | undefined {
  if (hostId === 'github') {
    const given = env.ACTIONS_ID_TOKEN_REQUEST_URL && env.ACTIONS_ID_TOKEN_REQUEST_TOKEN;
    return given ? githubIdentity(env) : undefined;
  }
  if (hostId === 'gitlab') {
    const identity = gitlabIdentity(env);
    return Object.keys(identity.tokens).length > 0 ? identity : undefined;
  }
  if (hostId !== 'azure') return undefined;
  const connection = env.AZURESUBSCRIPTION_SERVICE_CONNECTION_ID;
  const given = env.SYSTEM_OIDCREQUESTURI && connection && azureAccess(env).token;
  return given ? azureIdentity(env, connection) : undefined;
}
