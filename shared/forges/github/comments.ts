import type { ApprovalQuery, ForgeOutcome, StickyComment } from '../../ports/forge.ts';
import type { ApprovalRecord } from '../../release/approval.ts';
import { hasCommands, recordsOf, type Speaker, type SpokenComment } from '../speaker.ts';
import { isSticky, stickyBody } from '../sticky.ts';
import { type Comment, comment as commentAnswer, comments, type Pull } from './answers.ts';
import type { GitHubApi } from './api.ts';
import type { Approvers } from './approvers.ts';
import { PERMISSION } from './permissions.ts';
import { pullRequestsOf } from './pull-requests.ts';

/** A comment has at most 65,536 characters; no character is shorter than a byte. */
const COMMENT_BYTES = 65_536;

/** What was said by `/approve` and `/reject` on a pull request. */
export async function commentRecords(
  api: GitHubApi,
  pull: Pull,
  query: ApprovalQuery,
  approvers: Approvers,
): Promise<readonly ApprovalRecord[]> {
  const records: ApprovalRecord[] = [];
  for (const comment of await commentsOf(api, pull, query.signal)) {
    const spoken = spokenOf(comment);
    if (!hasCommands(spoken)) continue;
    const speaker = await approvers.speaker(comment.user, query.signal);
    records.push(...recordsOf(spoken, throughApp(comment, speaker), query));
  }
  return records;
}

/** Writes the comment on the pull request of its commit, or changes the one that is there. */
export async function writeComment(api: GitHubApi, sticky: StickyComment): Promise<ForgeOutcome> {
  const [pull] = await pullRequestsOf(api, sticky.commit, sticky.signal);
  if (!pull) {
    return { done: false, why: `no pull request has commit ${sticky.commit.slice(0, 12)} as its head or its merge` };
  }
  const body = stickyBody(sticky, COMMENT_BYTES, api.tools.fitMarkdown);
  const asked = { what: `a comment on pull request ${pull.number}`, permission: PERMISSION.comment };
  return api.persist(sticky.signal, async () => {
    const known = (await commentsOf(api, pull, sticky.signal)).find((one) => isSticky(one.body ?? '', sticky.key));
    if (known?.body === body) return { done: true, url: known.html_url };
    const [route, parameters] = known
      ? ['PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}', { comment_id: known.id, body }]
      : ['POST /repos/{owner}/{repo}/issues/{issue_number}/comments', { issue_number: pull.number, body }];
    const written = await api.write(String(route), Object(parameters), asked, commentAnswer, sticky.signal);
    return { done: true, url: written.html_url };
  });
}

function commentsOf(api: GitHubApi, pull: Pull, signal: AbortSignal): Promise<readonly Comment[]> {
  const asked = { what: `the comments on pull request ${pull.number}`, permission: PERMISSION.pulls };
  const route = 'GET /repos/{owner}/{repo}/issues/{issue_number}/comments';
  return api.all(route, { issue_number: pull.number }, asked, comments, (page) => page, signal);
}

function spokenOf(comment: Comment): SpokenComment {
  return {
    body: comment.body ?? '',
    at: comment.created_at,
    editedAt: comment.updated_at === comment.created_at ? undefined : comment.updated_at,
    url: comment.html_url,
  };
}

/** An app that writes in somebody's name is not that person. */
function throughApp(comment: Comment, speaker: Speaker): Speaker {
  const app = comment.performed_via_github_app;
  if (!app || speaker.refusal !== undefined) return speaker;
  return { ...speaker, refusal: `wrote through the app ${app.slug ?? 'of somebody'}: an app does not approve` };
}
