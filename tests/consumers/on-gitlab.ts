import type { FakeGitLab } from '../fakes/gitlab/fake-gitlab.ts';
import { AUTHOR, commitAll } from '../tools/git.ts';

/** Variables of every job of a pipeline on the default branch. */
export function gitlabVariables(gitlab: FakeGitLab, project: string): Readonly<Record<string, string>> {
  return {
    // A job with an image is told a folder inside of it, though the shell runs it here.
    CI_PROJECT_DIR: project,
    CI_PIPELINE_SOURCE: 'push',
    CI_DEFAULT_BRANCH: 'main',
    CI_API_V4_URL: `${gitlab.server.url}/api/v4`,
    CI_PROJECT_ID: gitlab.project,
    CI_JOB_TOKEN: gitlab.jobToken,
    HAUTE_GITLAB_TOKEN: gitlab.token,
    GITLAB_USER_LOGIN: 'eve',
  };
}

/** Merges a merge request of the author: what it brought is the head of main. */
export function mergeOnGitLab(gitlab: FakeGitLab, project: string, title: string): void {
  const commit = commitAll(project, title);
  gitlab.approvals.splice(0);
  gitlab.commits.set(commit, {
    id: commit,
    message: title,
    author_name: AUTHOR.name,
    author_email: AUTHOR.email,
    committer_name: AUTHOR.name,
    committer_email: AUTHOR.email,
  });
  gitlab.requests.push({
    iid: gitlab.requests.length + 1,
    author: 'eve',
    source_project_id: Number(gitlab.project),
    commits: [commit],
    state: 'merged',
    sha: commit,
    merge_commit_sha: null,
    squash_commit_sha: null,
  });
  gitlab.versions.push({ id: gitlab.nextId(), head_commit_sha: commit, created_at: new Date().toISOString() });
}

/** People approve once they have seen the impact report. @returns what is told each line of the log */
export function approveOnGitLab(gitlab: FakeGitLab, ...logins: readonly string[]): (line: string) => void {
  let waiting = logins;
  return (line) => {
    if (!line.includes('rows-changed:')) return;
    const approved_at = new Date(Date.now() + 1000).toISOString();
    gitlab.approvals.push(...waiting.map((login) => ({ login, approved_at })));
    waiting = [];
  };
}
