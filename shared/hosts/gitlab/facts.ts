import type { ChangeFacts, ChangeRequest, RunFacts } from '../../ports/host.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** @see https://docs.gitlab.com/ci/variables/predefined_variables/ */
export function gitlabFacts(env: Env): RunFacts {
  return {
    run: env.CI_JOB_URL ?? env.CI_PIPELINE_URL ?? 'gitlab',
    actor: env.GITLAB_USER_LOGIN || undefined,
    ci: true,
    change: changeOf(env),
  };
}

function changeOf(env: Env): ChangeFacts {
  const rawEvent = env.CI_PIPELINE_SOURCE ?? '';
  const branch = env.CI_COMMIT_BRANCH || undefined;
  const tag = env.CI_COMMIT_TAG || undefined;
  const request = requestOf(env);
  return {
    event: eventOf(rawEvent, branch, request),
    rawEvent,
    repository: env.CI_PROJECT_PATH ?? '',
    commit: env.CI_COMMIT_SHA ?? '',
    ref: refOf(branch, tag, env),
    branch,
    defaultBranch: env.CI_DEFAULT_BRANCH || undefined,
    request,
  };
}

function eventOf(
  rawEvent: string,
  branch: string | undefined,
  request: ChangeRequest | undefined,
): ChangeFacts['event'] {
  if (rawEvent === 'merge_request_event' && request) return 'change-request';
  return rawEvent === 'push' && branch !== undefined ? 'push' : 'other';
}

function refOf(branch: string | undefined, tag: string | undefined, env: Env): string {
  if (branch !== undefined) return `refs/heads/${branch}`;
  return tag === undefined ? (env.CI_MERGE_REQUEST_REF_PATH ?? env.CI_COMMIT_REF_NAME ?? '') : `refs/tags/${tag}`;
}

function requestOf(env: Env): ChangeRequest | undefined {
  const number = Number(env.CI_MERGE_REQUEST_IID);
  if (!Number.isSafeInteger(number) || number <= 0) return undefined;
  return {
    number,
    // Only there in pipelines for the merged result, where CI_COMMIT_SHA is a merge that nobody wrote.
    headCommit: env.CI_MERGE_REQUEST_SOURCE_BRANCH_SHA || (env.CI_COMMIT_SHA ?? ''),
    fromFork: env.CI_MERGE_REQUEST_SOURCE_PROJECT_ID !== env.CI_MERGE_REQUEST_PROJECT_ID,
  };
}
