import type { ChangeFacts, ChangeRequest, RunFacts } from '../../ports/host.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** @see https://learn.microsoft.com/azure/devops/pipelines/build/variables */
export function azureFacts(env: Env): RunFacts {
  return {
    run: runUrl(env),
    actor: env.BUILD_REQUESTEDFOREMAIL || env.BUILD_REQUESTEDFOR || undefined,
    ci: true,
    change: changeOf(env),
  };
}

function runUrl(env: Env): string {
  const collection = (env.SYSTEM_COLLECTIONURI ?? env.SYSTEM_TEAMFOUNDATIONCOLLECTIONURI ?? 'azure:/').replace(
    /\/$/,
    '',
  );
  const job = env.SYSTEM_JOBID ? `&view=logs&j=${encodeURIComponent(env.SYSTEM_JOBID)}` : '';
  const build = encodeURIComponent(env.BUILD_BUILDID ?? '0');
  return `${collection}/${encodeURIComponent(env.SYSTEM_TEAMPROJECT ?? '')}/_build/results?buildId=${build}${job}`;
}

function changeOf(env: Env): ChangeFacts {
  const rawEvent = env.BUILD_REASON ?? '';
  const ref = env.BUILD_SOURCEBRANCH ?? '';
  return {
    event: eventOf(rawEvent),
    rawEvent,
    repository: env.BUILD_REPOSITORY_NAME ?? '',
    commit: env.BUILD_SOURCEVERSION ?? '',
    ref,
    branch: ref.startsWith('refs/heads/') ? ref.slice('refs/heads/'.length) : undefined,
    // No variable says it; a pull request's target is not always it.
    defaultBranch: undefined,
    request: requestOf(env),
  };
}

function eventOf(rawEvent: string): ChangeFacts['event'] {
  if (rawEvent === 'PullRequest') return 'change-request';
  return rawEvent === 'IndividualCI' || rawEvent === 'BatchedCI' ? 'push' : 'other';
}

function requestOf(env: Env): ChangeRequest | undefined {
  // The number is GitHub's, where the repository is there; the id is Azure Repos'.
  const number = Number(env.SYSTEM_PULLREQUEST_PULLREQUESTNUMBER || env.SYSTEM_PULLREQUEST_PULLREQUESTID);
  if (!Number.isSafeInteger(number) || number <= 0) return undefined;
  return {
    number,
    headCommit: env.SYSTEM_PULLREQUEST_SOURCECOMMITID || (env.BUILD_SOURCEVERSION ?? ''),
    fromFork: env.SYSTEM_PULLREQUEST_ISFORK?.toLowerCase() === 'true',
  };
}
