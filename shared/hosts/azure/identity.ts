import { ConfigError } from '../../errors.ts';
import type { AzureIdentity } from '../../ports/identity.ts';
import { azureAccess } from './forge-access.ts';

type Env = Readonly<Record<string, string | undefined>>;

/**
 * @param serviceConnectionId id of a service connection with workload identity federation
 * @throws ConfigError ID-TOKEN-UNAVAILABLE where the job may not have tokens
 */
export function azureIdentity(env: Env, serviceConnectionId: string | undefined): AzureIdentity {
  const { SYSTEM_OIDCREQUESTURI: oidcUri } = env;
  const { token: accessToken } = azureAccess(env);
  if (oidcUri && accessToken && serviceConnectionId) {
    return { kind: 'azure', oidcUri, accessToken, serviceConnectionId };
  }
  throw new ConfigError({
    code: 'ID-TOKEN-UNAVAILABLE',
    what: 'Azure DevOps gives this job no identity to log in with',
    fix: 'Name a service connection with workload identity federation, and add "env: { SYSTEM_ACCESSTOKEN: $(System.AccessToken) }" to the step',
    place: { file: 'azure-pipelines.yml' },
  });
}
