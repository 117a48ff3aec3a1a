import type { GitLabAccess } from '../../ports/forge-access.ts';
import type { Granting } from '../refusal.ts';

export const FORGE = 'GitLab';

/**
 * What a token needs: `job` where the token that every job has is enough, a scope otherwise.
 * @see https://docs.gitlab.com/ci/jobs/ci_job_token/#job-token-access
 */
export const SCOPE = { job: 'job', read: 'read_api', write: 'api' } as const;

/** Name of the CI/CD variable that a token of the user's is taken from. */
export const TOKEN_VARIABLE = 'HAUTE_GITLAB_TOKEN';

export function granting({ token }: Pick<GitLabAccess, 'token'>): Granting {
  const place = { file: '.gitlab-ci.yml' };
  const give = (scope: string): string =>
    `put a project access token with the role Developer and the scope "${scope}" into the masked variable ${TOKEN_VARIABLE}`;
  return {
    forge: FORGE,
    renew: 'Give a token that is valid: this one is wrong, expired or revoked. A job’s own token ends with the job',
    grant: (scope) => ({
      place,
      fix:
        token === undefined
          ? scope === SCOPE.job
            ? 'Let the job read its own project: Settings, CI/CD, Job token permissions'
            : `In the settings of the project, ${give(scope)}: the job’s own token may not ask this`
          : `Give the token in ${TOKEN_VARIABLE} the scope "${scope === SCOPE.job ? SCOPE.read : scope}" and the role Developer in this project, or ${give(scope)}`,
    }),
  };
}
