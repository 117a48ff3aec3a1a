import type { AzureAccess } from '../../ports/forge-access.ts';
import type { Granting } from '../refusal.ts';

export const FORGE = 'Azure DevOps';

/** What the identity of a pipeline needs; in brackets the scope of a token. @see https://learn.microsoft.com/azure/devops/integrate/get-started/authentication/oauth#scopes */
export const PERMISSION = {
  code: 'Read on the repository (vso.code)',
  contribute: 'Contribute to pull requests on the repository (vso.code_write)',
  build: 'View builds (vso.build)',
  environment: 'the role Reader of the environment (vso.build)',
  identity: 'to read identities and groups (vso.identity)',
} as const;

export function granting({ project }: Pick<AzureAccess, 'project'>): Granting {
  return {
    forge: FORGE,
    renew:
      'Give a token that is valid: this one is wrong, expired or revoked. System.AccessToken ends with the job, and a script must be handed it by the pipeline',
    grant: (permission) => ({
      fix: `Give "${project} Build Service" ${permission}, and authorize the pipeline for what it uses; or put a token with the scope into the secret variable HAUTE_AZURE_DEVOPS_TOKEN`,
      place: { file: 'azure-pipelines.yml' },
    }),
  };
}
