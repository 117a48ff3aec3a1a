import { coAuthors, namesOf } from '../git-people.ts';
import { type Commit, commit as commitAnswer } from './answers.ts';
import type { GitLabApi } from './api.ts';
import { mergeRequestsOf } from './merge-requests.ts';
import { SCOPE } from './permissions.ts';

/** Everybody who made the change. @see Forge.authors */
export async function authorsOf(api: GitLabApi, commit: string, signal: AbortSignal): Promise<readonly string[]> {
  const asked = { what: `commit ${commit.slice(0, 12)}`, permission: SCOPE.job };
  const head = await api.get(asked, commitAnswer, signal, ({ commits }) => commits.show(api.project, commit));
  const requests = await mergeRequestsOf(api, commit, signal);
  const pusher = requests.length === 0 ? api.access.job?.pusher : undefined;
  const names = [...peopleOf(head), ...(pusher === undefined ? [] : [pusher])];
  for (const { iid, author } of requests) {
    const about = { what: `the commits of merge request ${iid}`, permission: SCOPE.read };
    const all = await api.all(about, commitAnswer, signal, (client, page) =>
      client.mergeRequests.allCommits(api.project, iid, page),
    );
    names.push(...namesOf({ name: author?.username }), ...namesOf({ name: author?.name }), ...all.flatMap(peopleOf));
  }
  return [...new Set(names)];
}

function peopleOf({ author_name, author_email, committer_name, committer_email, message }: Commit): readonly string[] {
  return [
    ...namesOf({ name: author_name, email: author_email }),
    ...namesOf({ name: committer_name, email: committer_email }),
    ...coAuthors(message ?? ''),
  ];
}
