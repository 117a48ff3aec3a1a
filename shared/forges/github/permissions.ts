import type { GitHubAccess } from '../../ports/forge-access.ts';
import type { Granting } from '../refusal.ts';

export const FORGE = 'GitHub';

/** As a workflow's `permissions:` spells them. @see https://docs.github.com/rest/authentication/permissions-required-for-github-apps */
export const PERMISSION = {
  actions: 'actions: read',
  contents: 'contents: read',
  pulls: 'pull-requests: read',
  comment: 'pull-requests: write',
  deployments: 'deployments: read',
  deploy: 'deployments: write',
  metadata: 'metadata: read',
  members: 'members: read (of the organization)',
} as const;

/** Permissions that no workflow can give to its own token. */
const BEYOND_WORKFLOWS: readonly string[] = [PERMISSION.members];

export function granting({ workflowFile }: GitHubAccess): Granting {
  const file = workflowFile ?? 'the workflow';
  return {
    forge: FORGE,
    renew:
      'Give a token that is valid: this one is wrong, expired or revoked. The token of a GitHub App lasts one hour',
    grant: (permission) => ({
      fix: BEYOND_WORKFLOWS.includes(permission)
        ? `Give a token of a GitHub App or a person with "${permission}": the workflow's own token cannot have it`
        : `Add "${permission}" to the permissions of the job in ${file}; the token of a fork's pull request only reads`,
      ...(workflowFile !== undefined && { place: { file: workflowFile } }),
    }),
  };
}
