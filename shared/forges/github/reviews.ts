import type { ApprovalRecord } from '../../release/approval.ts';
import { type Pull, type Review, reviews } from './answers.ts';
import type { GitHubApi } from './api.ts';
import type { Approvers } from './approvers.ts';
import { PERMISSION } from './permissions.ts';
import { approvedCommit } from './pull-requests.ts';

/** States of a review that decide something; `COMMENTED` and `PENDING` do not. */
const DECISIVE: readonly string[] = ['APPROVED', 'CHANGES_REQUESTED', 'DISMISSED'];

/** The last deciding review of each person on a pull request. */
export async function reviewRecords(
  api: GitHubApi,
  pull: Pull,
  commit: string,
  approvers: Approvers,
  signal: AbortSignal,
): Promise<readonly ApprovalRecord[]> {
  const asked = { what: `the reviews of pull request ${pull.number}`, permission: PERMISSION.pulls };
  const route = 'GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews';
  const all = await api.all(route, { pull_number: pull.number }, asked, reviews, (page) => page, signal);
  const records: ApprovalRecord[] = [];
  for (const review of lastOfEach(all)) records.push(await recordOf(review, pull, commit, approvers, signal));
  return records;
}

async function recordOf(
  review: Review,
  pull: Pull,
  commit: string,
  approvers: Approvers,
  signal: AbortSignal,
): Promise<ApprovalRecord> {
  const speaker = await approvers.speaker(review.user, signal);
  const dismissed = review.state === 'DISMISSED' ? 'had the review dismissed' : undefined;
  return {
    person: speaker.person,
    aliases: speaker.aliases,
    source: 'review',
    strength: 'authenticated',
    word: review.state === 'CHANGES_REQUESTED' ? 'reject' : 'approve',
    at: review.submitted_at ?? '',
    on: { commit: approvedCommit(pull, review.commit_id, commit) },
    url: review.html_url,
    comment: review.body ?? '',
    refusal: speaker.refusal ?? dismissed,
  };
}

/** A dismissed review takes back what its author said before, so it is the last word even though it says nothing. */
function lastOfEach(all: readonly Review[]): readonly Review[] {
  const last = new Map<string, Review>();
  const handedIn = all.filter(({ state, submitted_at }) => DECISIVE.includes(state) && submitted_at !== undefined);
  for (const [index, review] of handedIn.toSorted(byTime).entries()) {
    last.set(review.user?.login ?? `deleted account ${index}`, review);
  }
  return [...last.values()];
}

function byTime(a: Review, b: Review): number {
  return Date.parse(a.submitted_at ?? '') - Date.parse(b.submitted_at ?? '');
}
