import type { ApprovalQuery, ForgeOutcome, StickyComment } from '../../ports/forge.ts';
import type { ApprovalRecord } from '../../release/approval.ts';
import { hasCommands, recordsOf, type SpokenComment } from '../speaker.ts';
import { isSticky, stickyBody } from '../sticky.ts';
import { type Comment, comment as commentAnswer, type PullRequest, type Thread, thread } from './answers.ts';
import type { AzureApi } from './api.ts';
import type { Approvers } from './approvers.ts';
import { PERMISSION } from './permissions.ts';
import { pullPath, pullRequestsOf, pullUrl, threadsOf } from './pull-requests.ts';

/** A comment has at most 150,000 characters; no character is shorter than a byte. */
const COMMENT_BYTES = 150_000;

/** What was said by `/approve` and `/reject` on a pull request. */
export async function commentRecords(
  api: AzureApi,
  pull: PullRequest,
  threads: readonly Thread[],
  query: ApprovalQuery,
  approvers: Approvers,
): Promise<readonly ApprovalRecord[]> {
  const records: ApprovalRecord[] = [];
  for (const { comments, id } of threads) {
    for (const comment of comments ?? []) {
      if (comment.commentType === 'system' || comment.isDeleted === true) continue;
      const spoken = spokenOf(comment, `${pullUrl(api, pull)}?discussionId=${id}`);
      if (!hasCommands(spoken)) continue;
      records.push(...recordsOf(spoken, await approvers.speaker(comment.author, query.signal), query));
    }
  }
  return records;
}

/** Writes the comment on the pull request of its commit, or changes the one that is there. */
export async function writeComment(api: AzureApi, sticky: StickyComment): Promise<ForgeOutcome> {
  const [pull] = await pullRequestsOf(api, sticky.commit, sticky.signal);
  if (!pull) {
    return { done: false, why: `no pull request has commit ${sticky.commit.slice(0, 12)} as its head or its merge` };
  }
  const content = stickyBody(sticky, COMMENT_BYTES, api.tools.fitMarkdown);
  const asked = { what: `a comment on pull request ${pull.pullRequestId}`, permission: PERMISSION.contribute };
  return api.persist(sticky.signal, async () => {
    const known = findSticky(await threadsOf(api, pull, sticky.signal), sticky.key);
    if (known && known.comment.content !== content) {
      const path = pullPath(api, pull, `threads/${known.thread.id}/comments/${known.comment.id}`);
      await api.once(path, {}, asked, commentAnswer, sticky.signal, { method: 'PATCH', body: { content } });
    }
    if (known) return { done: true, url: `${pullUrl(api, pull)}?discussionId=${known.thread.id}` };
    // Closed, as an open one may have to be resolved before the pull request can be completed.
    const body = { comments: [{ parentCommentId: 0, content, commentType: 'text' }], status: 'closed' };
    const written = await api.once(pullPath(api, pull, 'threads'), {}, asked, thread, sticky.signal, {
      method: 'POST',
      body,
    });
    return { done: true, url: `${pullUrl(api, pull)}?discussionId=${written.id}` };
  });
}

function findSticky(
  threads: readonly Thread[],
  key: string,
): { readonly thread: Thread; readonly comment: Comment } | undefined {
  for (const one of threads) {
    const [first] = one.comments ?? [];
    if (first && first.isDeleted !== true && isSticky(first.content ?? '', key)) return { thread: one, comment: first };
  }
  return undefined;
}

function spokenOf(comment: Comment, url: string): SpokenComment {
  const { publishedDate: at, lastContentUpdatedDate: changed } = comment;
  return { body: comment.content ?? '', at, editedAt: changed && changed > at ? changed : undefined, url };
}
