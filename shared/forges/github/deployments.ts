import type { z } from 'zod';
import type { DeploymentRecord, ForgeOutcome } from '../../ports/forge.ts';
import {
  type Deployment,
  deployment as deploymentAnswer,
  deploymentStatus,
  deploymentStatuses,
  deployments,
} from './answers.ts';
import type { GitHubApi } from './api.ts';
import { PERMISSION } from './permissions.ts';

type Status = z.output<typeof deploymentStatus>;

/** Characters of a status' description; more are refused. */
const DESCRIPTION_CHARS = 140;
const STATES = { 'in-progress': 'in_progress', success: 'success', failure: 'failure' } as const;

/**
 * Records a deployment once for each run, environment and release. Where the job has an environment, GitHub has made a
 * deployment already: it is taken instead of a second one beside it.
 */
export async function recordDeployment(api: GitHubApi, record: DeploymentRecord): Promise<ForgeOutcome> {
  const url = `${webUrl(api)}/deployments/${encodeURIComponent(record.environment)}`;
  await api.persist(record.signal, async () => {
    const { id, statuses } = (await existing(api, record)) ?? { id: await create(api, record), statuses: [] };
    await setStatus(api, record, id, statuses);
  });
  return { done: true, url };
}

/** Deployments of a commit to an environment, ours and others. */
export function deploymentsOf(
  api: GitHubApi,
  environment: string,
  commit: string,
  signal: AbortSignal,
): Promise<readonly Deployment[]> {
  const asked = {
    what: `the deployments of ${commit.slice(0, 12)} to ${environment}`,
    permission: PERMISSION.deployments,
  };
  const route = 'GET /repos/{owner}/{repo}/deployments';
  return api.all(route, { environment, sha: commit }, asked, deployments, (page) => page, signal);
}

/** True for a deployment that this suite made. */
export function isOurs(deployment: Deployment): boolean {
  return markOf(deployment) !== undefined;
}

/** True for a status that GitHub wrote for a job of the run: only GitHub knows the number of a job. */
export function isOfJob(status: Status, runId: string): boolean {
  const job = new RegExp(`/actions/runs/${runId}/job/\\d+`);
  return [status.log_url, status.target_url].some((url) => job.test(url ?? ''));
}

async function existing(
  api: GitHubApi,
  record: DeploymentRecord,
): Promise<{ readonly id: number; readonly statuses: readonly Status[] } | undefined> {
  const runId = api.access.run?.id ?? '';
  const newestFirst = (await deploymentsOf(api, record.environment, record.commit, record.signal)).toSorted(
    (a, b) => b.id - a.id,
  );
  for (const deployment of newestFirst) {
    const mark = markOf(deployment);
    if (mark && (mark.run !== runId || mark.release !== record.releaseId)) continue;
    const statuses = await statusesOf(api, deployment.id, record.signal);
    if (mark || statuses.some((status) => isOfJob(status, runId))) return { id: deployment.id, statuses };
  }
  return undefined;
}

async function create(api: GitHubApi, record: DeploymentRecord): Promise<number> {
  const asked = { what: `a deployment record in ${record.environment}`, permission: PERMISSION.deploy };
  const parameters = {
    ref: record.commit,
    environment: record.environment,
    description: record.description.slice(0, DESCRIPTION_CHARS),
    production_environment: record.production,
    transient_environment: false,
    // Without these GitHub merges the default branch into the commit, and waits for checks that may not exist.
    auto_merge: false,
    required_contexts: [],
    payload: { haute: { release: record.releaseId, run: api.access.run?.id ?? '' } },
  };
  const made = await api.write(
    'POST /repos/{owner}/{repo}/deployments',
    parameters,
    asked,
    deploymentAnswer,
    record.signal,
  );
  return made.id;
}

/** Adds a status, unless the newest one says the same. */
async function setStatus(
  api: GitHubApi,
  record: DeploymentRecord,
  id: number,
  statuses: readonly Status[],
): Promise<void> {
  const state = STATES[record.status];
  const [newest] = statuses;
  if (newest?.state === state && (newest.environment_url ?? '') === (record.url ?? '')) return;
  const asked = { what: `the status of deployment ${id}`, permission: PERMISSION.deploy };
  const parameters = {
    deployment_id: id,
    state,
    description: record.description.slice(0, DESCRIPTION_CHARS),
    environment_url: record.url ?? '',
    ...(api.access.run && { log_url: api.access.run.url }),
  };
  const route = 'POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses';
  await api.write(route, parameters, asked, deploymentStatus, record.signal);
}

function statusesOf(api: GitHubApi, id: number, signal: AbortSignal): Promise<readonly Status[]> {
  const asked = { what: `the statuses of deployment ${id}`, permission: PERMISSION.deployments };
  const route = 'GET /repos/{owner}/{repo}/deployments/{deployment_id}/statuses';
  return api.all(route, { deployment_id: id }, asked, deploymentStatuses, (page) => page, signal);
}

function markOf({ payload }: Deployment): { readonly release?: unknown; readonly run?: unknown } | undefined {
  const value = typeof payload === 'string' ? jsonOr(payload) : payload;
  const mark = typeof value === 'object' && value !== null ? (value as { haute?: unknown }).haute : undefined;
  return typeof mark === 'object' && mark !== null ? mark : undefined;
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function webUrl(api: GitHubApi): string {
  const { run, repository } = api.access;
  return run ? run.url.replace(/\/actions\/runs\/.*$/, '') : `https://github.com/${repository}`;
}
