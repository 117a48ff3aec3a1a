import type { ApprovalRecord } from '../../release/approval.ts';
import { type PullRequest, type Reviewer, reviewer, type Thread } from './answers.ts';
import type { AzureApi } from './api.ts';
import type { Approvers } from './approvers.ts';
import { PERMISSION } from './permissions.ts';
import { approvedCommit, iterationsOf, pullPath, pullUrl } from './pull-requests.ts';

/**
 * The votes on a pull request: 10 approves, 5 approves with suggestions, -5 waits for the author, -10 rejects. Azure
 * DevOps keeps the last one of each person, and says neither when it was cast nor on which push: that is found from
 * what it writes among the comments.
 * @see https://learn.microsoft.com/rest/api/azure/devops/git/pull-request-reviewers/list
 */
export async function voteRecords(
  api: AzureApi,
  pull: PullRequest,
  threads: readonly Thread[],
  commit: string,
  approvers: Approvers,
  signal: AbortSignal,
): Promise<readonly ApprovalRecord[]> {
  const asked = { what: `the reviewers of pull request ${pull.pullRequestId}`, permission: PERMISSION.code };
  const all = await api.list(pullPath(api, pull, 'reviewers'), {}, asked, reviewer, signal);
  // A group has the vote of one of its members, who is in the list too.
  const cast = all.filter((one) => one.vote !== 0 && one.isContainer !== true);
  if (cast.length === 0) return [];
  const iterations = await iterationsOf(api, pull, signal);
  const records: ApprovalRecord[] = [];
  for (const vote of cast) {
    const speaker = await approvers.speaker(vote, signal);
    const at = castAt(vote, threads);
    const seenAt = new Date(api.tools.clock.now()).toISOString();
    const timeless = vote.vote > 0 && at === undefined ? 'voted at a time that Azure DevOps does not tell' : undefined;
    records.push({
      person: speaker.person,
      aliases: speaker.aliases,
      source: 'review',
      strength: 'authenticated',
      word: vote.vote > 0 ? 'approve' : 'reject',
      at: at ?? seenAt,
      on: { commit: approvedCommit(pull, iterations, at ?? seenAt, commit) },
      url: pullUrl(api, pull),
      comment: '',
      refusal: speaker.refusal ?? timeless,
    });
  }
  return records;
}

/** When the vote that stands was cast: the last thing that Azure DevOps wrote about this person's votes, if it is that. */
function castAt({ id, vote }: Reviewer, threads: readonly Thread[]): string | undefined {
  const updates = threads.filter(
    (one) => propertyOf(one, 'CodeReviewThreadType') === 'VoteUpdate' && voterOf(one) === id,
  );
  const last = updates.toSorted((a, b) => Date.parse(a.publishedDate) - Date.parse(b.publishedDate)).at(-1);
  return last && Number(propertyOf(last, 'CodeReviewVoteResult')) === vote ? last.publishedDate : undefined;
}

/** Only what the system wrote: anybody may write a comment, but nobody its properties. */
function voterOf(thread: Thread): string | undefined {
  const [first] = thread.comments ?? [];
  if (first?.commentType !== 'system') return undefined;
  const key = propertyOf(thread, 'CodeReviewVotedByIdentity');
  return (key === undefined ? undefined : thread.identities?.[key]?.id) ?? propertyOf(thread, 'CodeReviewVotedByTfId');
}

/** Properties are `{ $type, $value }`. */
function propertyOf(thread: Thread, name: string): string | undefined {
  const property = thread.properties?.[name];
  const value = typeof property === 'object' && property !== null && '$value' in property ? property.$value : property;
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}
