import type { GitHubAccess } from '../../ports/forge-access.ts';

type Env = Readonly<Record<string, string | undefined>>;

/**
 * How a GitHub job reaches the API. The token is the action's input, which is the job's own token unless another is given.
 * @see https://docs.github.com/actions/reference/workflows-and-actions/variables
 */
export function githubAccess(env: Env): GitHubAccess {
  const repository = env.GITHUB_REPOSITORY ?? '';
  const server = env.GITHUB_SERVER_URL ?? 'https://github.com';
  const id = env.GITHUB_RUN_ID;
  return {
    kind: 'github',
    apiUrl: env.GITHUB_API_URL || 'https://api.github.com',
    repository,
    token: env['INPUT_GITHUB-TOKEN']?.trim() || env.GITHUB_TOKEN || '',
    run: id ? { id, url: `${server}/${repository}/actions/runs/${id}` } : undefined,
    // `owner/name/.github/workflows/release.yml@refs/heads/main`
    workflowFile: /^[^/]+\/[^/]+\/(.+?)@refs\//.exec(env.GITHUB_WORKFLOW_REF ?? '')?.[1],
  };
}
