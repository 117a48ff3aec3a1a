import type { FakeGitHub } from '../fakes/github/fake-github.ts';
import { AUTHOR, commitAll } from '../tools/git.ts';

/** Merges a pull request of the author: what it brought is the head of main. @returns the commit */
export function mergeOnGitHub(github: FakeGitHub, project: string, before: string, title: string): string {
  const base = before === '' ? '0'.repeat(40) : before;
  const commit = commitAll(project, title);
  const author = { ...AUTHOR, login: 'eve' };
  github.commits.set(commit, {
    sha: commit,
    message: title,
    author,
    committer: author,
    parents: [base],
    verified: false,
  });
  const at = seconds(Date.now());
  github.pulls.push({
    number: github.pulls.length + 1,
    author: 'eve',
    from: github.repository,
    base,
    head: commit,
    commits: [commit],
    state: 'closed',
    merged_at: at,
    merge_commit_sha: commit,
  });
  github.runs.splice(0);
  github.runs.push({ id: 1, head_sha: commit, event: 'push', actor: 'eve', created_at: at, run_attempt: 1 });
  return commit;
}

/** People approve once they have seen the impact report. @returns what is told each line of the log */
export function approveOnGitHub(
  github: FakeGitHub,
  commit: string,
  ...logins: readonly string[]
): (line: string) => void {
  let waiting = logins;
  return (line) => {
    if (!line.includes('rows-changed:')) return;
    const number = github.pulls.length;
    const at = seconds(Date.now() + 1000);
    const given = waiting.map((login) => ({ id: github.nextId(), login, state: 'APPROVED', body: '', commit, at }));
    github.reviews.set(number, [...(github.reviews.get(number) ?? []), ...given]);
    waiting = [];
  };
}

/** A time as GitHub writes it. */
export function seconds(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
