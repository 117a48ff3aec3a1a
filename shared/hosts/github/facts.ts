import type { ChangeFacts, ChangeRequest, RunFacts } from '../../ports/host.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** The part of a webhook's payload that is read here. */
interface Payload {
  readonly repository?: { readonly default_branch?: unknown };
  readonly pull_request?: {
    readonly number?: unknown;
    readonly head?: { readonly sha?: unknown; readonly repo?: { readonly full_name?: unknown } | null };
  };
}

/**
 * @see https://docs.github.com/actions/reference/workflows-and-actions/variables
 * @param event text of the file that `GITHUB_EVENT_PATH` names; undefined where there is none
 */
export function githubFacts(env: Env, event: string | undefined): RunFacts {
  const repository = env.GITHUB_REPOSITORY ?? '';
  const server = env.GITHUB_SERVER_URL ?? 'https://github.com';
  const attempt = env.GITHUB_RUN_ATTEMPT ?? '1';
  return {
    run: `${server}/${repository}/actions/runs/${env.GITHUB_RUN_ID ?? '0'}/attempts/${attempt}`,
    // The person who started this attempt; a re-run keeps the first one in GITHUB_ACTOR.
    actor: env.GITHUB_TRIGGERING_ACTOR || env.GITHUB_ACTOR || undefined,
    ci: true,
    change: changeOf(env, repository, parse(event)),
  };
}

function changeOf(env: Env, repository: string, payload: Payload): ChangeFacts {
  const ref = env.GITHUB_REF ?? '';
  const rawEvent = env.GITHUB_EVENT_NAME ?? '';
  const commit = env.GITHUB_SHA ?? '';
  return {
    event: eventOf(rawEvent),
    rawEvent,
    repository,
    commit,
    ref,
    branch: ref.startsWith('refs/heads/') ? ref.slice('refs/heads/'.length) : undefined,
    defaultBranch: text(payload.repository?.default_branch),
    request: requestOf(payload, repository, ref, commit),
  };
}

/** `pull_request_target` is not among them: it runs with the secrets of the target, on whatever was checked out. */
function eventOf(rawEvent: string): ChangeFacts['event'] {
  if (rawEvent === 'pull_request' || rawEvent === 'merge_group') return 'change-request';
  return rawEvent === 'push' ? 'push' : 'other';
}

function requestOf(payload: Payload, repository: string, ref: string, commit: string): ChangeRequest | undefined {
  const pull = payload.pull_request;
  const number = Number(pull?.number ?? /^refs\/pull\/(\d+)\//.exec(ref)?.[1]);
  if (!Number.isSafeInteger(number) || number <= 0) return undefined;
  const source = text(pull?.head?.repo?.full_name);
  return {
    number,
    headCommit: text(pull?.head?.sha) ?? commit,
    // A deleted fork has no repository any more; what cannot be shown to be ours is not.
    fromFork: source?.toLowerCase() !== repository.toLowerCase(),
  };
}

function parse(event: string | undefined): Payload {
  if (event === undefined) return {};
  try {
    const payload: unknown = JSON.parse(event);
    return typeof payload === 'object' && payload !== null ? payload : {};
  } catch {
    return {};
  }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
