import type { PolicyDocument } from './document.ts';

const GITHUB = 'token.actions.githubusercontent.com';
const STS = 'sts.amazonaws.com';

/** Which jobs of a repository may take a role: those of an environment, or those of a branch. */
export type JobScope = { readonly environment: string } | { readonly branch: string };

export interface GitHubRepository {
  /** AWS account of the role. */
  readonly account: string;
  readonly owner: string;
  readonly repository: string;
  /** Numbers of both, from `GET /repos/{owner}/{repo}`; the subject of newer repositories carries them. */
  readonly ownerId?: number | string;
  readonly repositoryId?: number | string;
}

/**
 * The subjects that GitHub gives to the jobs: by name alone, and with the ids that repositories made after 2026-07-15
 * (or renamed or opted in) carry. A trust policy that names both survives the change.
 *
 * @see https://docs.github.com/en/actions/reference/security/oidc
 */
export function githubSubjects(place: Omit<GitHubRepository, 'account'>, scope: JobScope): readonly string[] {
  const { owner, repository, ownerId, repositoryId } = place;
  // A colon in the name of an environment is escaped by GitHub.
  const where =
    'environment' in scope
      ? `environment:${scope.environment.replaceAll(':', '%3A')}`
      : `ref:refs/heads/${scope.branch}`;
  const named = `repo:${owner}/${repository}:${where}`;
  if (ownerId === undefined || repositoryId === undefined) return [named];
  return [named, `repo:${owner}@${ownerId}/${repository}@${repositoryId}:${where}`];
}

export function githubTrust(place: GitHubRepository, scope: JobScope): PolicyDocument {
  return federated(place.account, GITHUB, STS, githubSubjects(place, scope));
}

/**
 * For a job whose `id_tokens` has a token with the audience `sts.amazonaws.com`. GitLab's subject names the branch and
 * not the environment, so let the branch be a protected one.
 *
 * @param place host of GitLab without `https://`, and the path of the project
 * @see https://docs.gitlab.com/ci/secrets/id_token_authentication/
 */
export function gitlabTrust(
  place: { readonly account: string; readonly host: string; readonly project: string },
  scope: { readonly branch: string },
): PolicyDocument {
  const { account, host, project } = place;
  const subject = `project_path:${project}:ref_type:branch:ref:${scope.branch}`;
  return federated(account, host, STS, [subject]);
}

/** @param place id (not name) of the organization for the issuer; its name, the project and the service connection for the subject */
export function azureTrust(place: {
  readonly account: string;
  readonly organizationId: string;
  readonly organization: string;
  readonly project: string;
  readonly connection: string;
}): PolicyDocument {
  const { account, organizationId, organization, project, connection } = place;
  const subject = `sc://${organization}/${project}/${connection}`;
  return federated(account, `vstoken.dev.azure.com/${organizationId}`, 'api://AzureADTokenExchange', [subject]);
}

function federated(account: string, issuer: string, audience: string, subjects: readonly string[]): PolicyDocument {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'JobsOfThePipeline',
        Effect: 'Allow',
        Principal: { Federated: `arn:aws:iam::${account}:oidc-provider/${issuer}` },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: { StringEquals: { [`${issuer}:aud`]: audience, [`${issuer}:sub`]: [...subjects] } },
      },
    ],
  };
}
