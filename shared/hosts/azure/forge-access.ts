import type { AzureAccess } from '../../ports/forge-access.ts';

type Env = Readonly<Record<string, string | undefined>>;

/**
 * How an Azure task reaches the API: with the token that the agent hands to every task, or with the one that the
 * pipeline maps into `SYSTEM_ACCESSTOKEN`; `HAUTE_AZURE_DEVOPS_TOKEN` takes the place of both.
 * @see https://learn.microsoft.com/azure/devops/pipelines/build/variables
 */
export function azureAccess(env: Env): AzureAccess {
  const collection = env.SYSTEM_COLLECTIONURI || env.SYSTEM_TEAMFOUNDATIONCOLLECTIONURI || '';
  const inAzureRepos = env.BUILD_REPOSITORY_PROVIDER?.toLowerCase() === 'tfsgit';
  const build = env.BUILD_BUILDID;
  return {
    kind: 'azure',
    collectionUrl: collection.replace(/\/+$/, ''),
    project: env.SYSTEM_TEAMPROJECT ?? '',
    token: env.HAUTE_AZURE_DEVOPS_TOKEN || env.SYSTEM_ACCESSTOKEN || agentToken(env) || '',
    repositoryId: (inAzureRepos && env.BUILD_REPOSITORY_ID) || undefined,
    run: build ? { id: build, stage: env.SYSTEM_STAGENAME || undefined } : undefined,
  };
}

function agentToken(env: Env): string | undefined {
  if (env.ENDPOINT_AUTH_PARAMETER_SYSTEMVSSCONNECTION_ACCESSTOKEN) {
    return env.ENDPOINT_AUTH_PARAMETER_SYSTEMVSSCONNECTION_ACCESSTOKEN;
  }
  try {
    const connection: unknown = JSON.parse(env.ENDPOINT_AUTH_SYSTEMVSSCONNECTION ?? 'null');
    const { parameters } = (connection ?? {}) as { parameters?: { AccessToken?: unknown } };
    return typeof parameters?.AccessToken === 'string' ? parameters.AccessToken : undefined;
  } catch {
    return undefined;
  }
}
