import type { ApprovalRecord } from '../../release/approval.ts';
import { approvals, type MergeRequest, type Note, reviewer, type User } from './answers.ts';
import type { GitLabApi } from './api.ts';
import type { Approvers } from './approvers.ts';
import { approvedCommit, versionsOf } from './merge-requests.ts';
import { SCOPE } from './permissions.ts';

/** What GitLab itself writes under a merge request, in English everywhere. */
const APPROVED = /^approved this merge request$/;
const REQUESTED_CHANGES = /^requested changes$/;

/**
 * Approvals of a merge request, and requests for changes. GitLab keeps one of each person, and says of neither which
 * commit it was for: that is found from what was pushed when.
 * @see https://docs.gitlab.com/api/merge_request_approvals/
 */
export async function reviewRecords(
  api: GitLabApi,
  request: MergeRequest,
  notes: readonly Note[],
  commit: string,
  approvers: Approvers,
  signal: AbortSignal,
): Promise<readonly ApprovalRecord[]> {
  const given = await givenOf(api, request, notes, signal);
  if (given.length === 0) return [];
  const versions = await versionsOf(api, request, signal);
  const records: ApprovalRecord[] = [];
  for (const { user, word, at } of given) {
    const speaker = await approvers.speaker(user, signal);
    const seenAt = new Date(api.tools.clock.now()).toISOString();
    const timeless =
      word === 'approve' && at === undefined ? 'approved at a time that GitLab does not tell' : undefined;
    records.push({
      person: speaker.person,
      aliases: speaker.aliases,
      source: 'review',
      strength: 'authenticated',
      word,
      at: at ?? seenAt,
      on: { commit: approvedCommit(request, versions, at ?? seenAt, commit) },
      url: request.web_url,
      comment: '',
      refusal: speaker.refusal ?? timeless,
    });
  }
  return records;
}

interface Given {
  readonly user: User | null;
  readonly word: ApprovalRecord['word'];
  readonly at: string | undefined;
}

async function givenOf(
  api: GitLabApi,
  { iid }: MergeRequest,
  notes: readonly Note[],
  signal: AbortSignal,
): Promise<readonly Given[]> {
  const asked = { what: `the approvals of merge request ${iid}`, permission: SCOPE.read };
  const { approved_by } = await api.get(asked, approvals, signal, (client) =>
    client.approvals.showConfiguration(api.project, { mergerequestIId: iid }),
  );
  const reviewers = await reviewersOf(api, iid, signal);
  return [
    ...approved_by.map(({ user, approved_at }) => ({
      user,
      word: 'approve' as const,
      at: approved_at ?? lastNote(notes, user, APPROVED),
    })),
    ...reviewers
      .filter(({ state }) => state === 'requested_changes')
      .map(({ user }) => ({ user, word: 'reject' as const, at: lastNote(notes, user, REQUESTED_CHANGES) })),
  ];
}

/** gitbeaker has no method for these. */
async function reviewersOf(api: GitLabApi, iid: number, signal: AbortSignal) {
  const asked = { what: `the reviewers of merge request ${iid}`, permission: SCOPE.read };
  const path = `projects/${encodeURIComponent(api.project)}/merge_requests/${iid}/reviewers`;
  return api.get(
    asked,
    reviewer.array(),
    signal,
    async ({ mergeRequests }) => (await mergeRequests.requester.get(path)).body,
  );
}

/** When GitLab last wrote that somebody did something: older versions say it nowhere else. */
function lastNote(notes: readonly Note[], user: User | null, wording: RegExp): string | undefined {
  return notes.findLast((one) => one.system === true && one.author?.id === user?.id && wording.test(one.body ?? ''))
    ?.created_at;
}
