import type { ApprovalQuery } from '../../ports/forge.ts';
import type { ApprovalRecord } from '../../release/approval.ts';
import { deploymentStatuses, type Run, type RunReview, run as runAnswer, runReviews } from './answers.ts';
import type { GitHubApi } from './api.ts';
import type { Approvers } from './approvers.ts';
import { deploymentsOf, isOfJob, isOurs } from './deployments.ts';
import { PERMISSION } from './permissions.ts';

/**
 * Reviews of this run's environment. GitHub says neither when one was given nor on which attempt of the run, so the
 * earliest time it can have been given is found from the gates that the run stood at.
 * @see https://docs.github.com/rest/actions/workflow-runs#get-the-review-history-for-a-workflow-run
 */
export async function environmentReviews(
  api: GitHubApi,
  runId: string,
  query: ApprovalQuery,
  approvers: Approvers,
): Promise<readonly ApprovalRecord[]> {
  const { signal } = query;
  const asked = { what: `the reviews of run ${runId}`, permission: PERMISSION.actions };
  const parameters = { run_id: runId };
  const route = 'GET /repos/{owner}/{repo}/actions/runs/{run_id}';
  const reviews = await api.get(`${route}/approvals`, parameters, asked, runReviews, signal);
  const decisive = reviews.filter(({ state }) => state === 'approved' || state === 'rejected');
  if (decisive.length === 0) return [];
  const run = await api.get(route, parameters, asked, runAnswer, signal);
  const gates = await gatesOf(api, run, query);
  const records: ApprovalRecord[] = [];
  for (const review of decisive) {
    const speaker = await approvers.speaker(review.user, signal, 'gate');
    const elsewhere = isOf(review, query.environment) ? undefined : wrongEnvironment(review, query.environment);
    records.push({
      person: speaker.person,
      aliases: speaker.aliases,
      source: 'environment',
      strength: 'authenticated',
      word: review.state === 'approved' ? 'approve' : 'reject',
      at: new Date(api.tools.clock.now()).toISOString(),
      notBefore: earliest(review, decisive, run, gates, query),
      on: { commit: run.head_sha },
      url: run.html_url,
      comment: review.comment ?? '',
      refusal: speaker.refusal ?? elsewhere,
    });
  }
  return records;
}

/**
 * When jobs of this run stood before the environment: GitHub makes a deployment for each, and logs the job in it. Not
 * asked where the run is younger than the evidence, as everything in it is then. ISO 8601, in order.
 */
async function gatesOf(api: GitHubApi, run: Run, query: ApprovalQuery): Promise<readonly string[]> {
  if (query.evidenceAt === undefined || run.created_at >= query.evidenceAt) return [];
  const gates: string[] = [];
  for (const deployment of await deploymentsOf(api, query.environment, run.head_sha, query.signal)) {
    if (isOurs(deployment)) continue;
    const asked = { what: `the statuses of deployment ${deployment.id}`, permission: PERMISSION.deployments };
    const route = 'GET /repos/{owner}/{repo}/deployments/{deployment_id}/statuses';
    const parameters = { deployment_id: deployment.id };
    const statuses = await api.all(route, parameters, asked, deploymentStatuses, (page) => page, query.signal);
    if (statuses.some((status) => isOfJob(status, String(run.id)))) gates.push(deployment.created_at);
  }
  return gates.toSorted();
}

/**
 * A gate takes one review of a person at most. Somebody who reviewed more often than there were gates before the
 * evidence reviewed one after it; otherwise the first gate is the earliest there is, or the start of the run.
 */
function earliest(
  review: RunReview,
  all: readonly RunReview[],
  run: Run,
  gates: readonly string[],
  { environment, evidenceAt }: ApprovalQuery,
): string {
  const later = gates.find((gate) => evidenceAt !== undefined && gate >= evidenceAt);
  const before = gates.filter((gate) => evidenceAt !== undefined && gate < evidenceAt).length;
  const given = all.filter(
    (one) => one.state === 'approved' && isOf(one, environment) && one.user?.login === review.user?.login,
  ).length;
  return later !== undefined && given > before ? later : (gates[0] ?? run.created_at);
}

/** Names of environments are the same in any case. */
function isOf(review: RunReview, environment: string): boolean {
  return review.environments.some(({ name }) => name.toLowerCase() === environment.toLowerCase());
}

function wrongEnvironment(review: RunReview, environment: string): string {
  return `reviewed ${review.environments.map(({ name }) => name).join(', ')}, not ${environment}`;
}
