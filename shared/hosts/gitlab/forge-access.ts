import type { GitLabAccess, GitLabJob } from '../../ports/forge-access.ts';

type Env = Readonly<Record<string, string | undefined>>;

/**
 * How a GitLab job reaches the API: with the token that every job has, and with the one of the masked variable
 * `HAUTE_GITLAB_TOKEN` for what that one may not do.
 * @see https://docs.gitlab.com/ci/variables/predefined_variables/
 */
export function gitlabAccess(env: Env): GitLabAccess {
  return {
    kind: 'gitlab',
    apiUrl: env.CI_API_V4_URL || 'https://gitlab.com/api/v4',
    project: env.CI_PROJECT_ID ?? env.CI_PROJECT_PATH ?? '',
    projectUrl: env.CI_PROJECT_URL ?? '',
    jobToken: env.CI_JOB_TOKEN || undefined,
    token: env.HAUTE_GITLAB_TOKEN || env.GITLAB_TOKEN || undefined,
    job: jobOf(env),
  };
}

function jobOf(env: Env): GitLabJob | undefined {
  if (!env.CI_JOB_ID || !env.CI_PIPELINE_ID) return undefined;
  return {
    id: env.CI_JOB_ID,
    pipelineId: env.CI_PIPELINE_ID,
    pipelineCreatedAt: env.CI_PIPELINE_CREATED_AT ?? '',
    environment: env.CI_ENVIRONMENT_NAME || undefined,
    ref: env.CI_COMMIT_REF_NAME ?? '',
    isTag: Boolean(env.CI_COMMIT_TAG),
    pusher: pusherOf(env),
  };
}

/** In a job that somebody started by hand, the user is that person, and who pushed is not told. */
function pusherOf(env: Env): string | undefined {
  if (env.CI_PIPELINE_SOURCE !== 'push' || env.CI_JOB_MANUAL === 'true') return undefined;
  return env.GITLAB_USER_LOGIN || undefined;
}
