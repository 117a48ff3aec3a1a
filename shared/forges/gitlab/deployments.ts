import type { ApprovalQuery, DeploymentRecord, ForgeOutcome } from '../../ports/forge.ts';
import type { GitLabJob } from '../../ports/forge-access.ts';
import type { ApprovalRecord } from '../../release/approval.ts';
import { PAGE_SIZE } from '../pages.ts';
import { type Deployment, type DeploymentApproval, deployment, deploymentDetail } from './answers.ts';
import type { GitLabApi } from './api.ts';
import type { Approvers } from './approvers.ts';
import { SCOPE } from './permissions.ts';

const STATUSES = { 'in-progress': 'running', success: 'success', failure: 'failed' } as const;

/**
 * Approvals of this very job, which deploys to a protected environment (Premium and Ultimate). A job that is run again
 * has a deployment and approvals of its own.
 */
export async function deploymentApprovals(
  api: GitLabApi,
  job: GitLabJob,
  query: ApprovalQuery,
  approvers: Approvers,
): Promise<readonly ApprovalRecord[]> {
  const own = (await newest(api, query.environment, query.signal)).find((one) => String(one.deployable?.id) === job.id);
  if (!own) return [];
  const asked = { what: `the approvals of deployment ${own.id}`, permission: SCOPE.job };
  const detail = await api.get(asked, deploymentDetail, query.signal, ({ deployments }) =>
    deployments.show(api.project, own.id),
  );
  const all = [
    ...(detail.approvals ?? []),
    ...(detail.approval_summary?.rules.flatMap((rule) => rule.deployment_approvals ?? []) ?? []),
  ];
  const records: ApprovalRecord[] = [];
  for (const given of distinct(all)) {
    if (given.status !== 'approved' && given.status !== 'rejected') continue;
    const speaker = await approvers.speaker(given.user, query.signal, 'gate');
    records.push({
      person: speaker.person,
      aliases: speaker.aliases,
      source: 'deployment',
      strength: 'authenticated',
      word: given.status === 'approved' ? 'approve' : 'reject',
      at: given.created_at,
      on: { commit: detail.sha },
      url: `${api.access.projectUrl}/-/jobs/${job.id}`,
      comment: given.comment ?? '',
      refusal: speaker.refusal,
    });
  }
  return records;
}

/** Records a deployment, unless the job has an environment: GitLab keeps a record of that by itself. */
export async function recordDeployment(api: GitLabApi, record: DeploymentRecord): Promise<ForgeOutcome> {
  const { job, projectUrl } = api.access;
  const url = `${projectUrl}/-/environments`;
  if (!job) return { done: false, why: 'outside of a job nothing says which branch or tag is deployed' };
  if (job.environment === record.environment) return { done: true, url };
  const status = STATUSES[record.status];
  const asked = { what: `a deployment record in ${record.environment}`, permission: SCOPE.job };
  await api.persistently(record.signal, async () => {
    const known = (await newest(api, record.environment, record.signal)).find((one) => isOfRun(one, record, job));
    if (known?.status === status) return;
    await api.write(asked, deployment, record.signal, ({ deployments }) =>
      known
        ? deployments.edit(api.project, known.id, status)
        : deployments.create(api.project, record.environment, record.commit, job.ref, job.isTag, { status }),
    );
  });
  return { done: true, url };
}

/** The newest hundred deployments to an environment: one of a running job is among them. */
function newest(api: GitLabApi, environment: string, signal: AbortSignal): Promise<readonly Deployment[]> {
  const asked = { what: `the deployments to ${environment}`, permission: SCOPE.job };
  const options = { environment, orderBy: 'id', sort: 'desc', perPage: PAGE_SIZE, maxPages: 1 } as const;
  return api.get(asked, deployment.array(), signal, ({ deployments }) => deployments.all(api.project, options));
}

/** A record that no job has made, of this commit, since the pipeline began: this pipeline's. */
function isOfRun(one: Deployment, record: DeploymentRecord, job: GitLabJob): boolean {
  const since = new Date(job.pipelineCreatedAt).toISOString();
  return !one.deployable && one.sha === record.commit && one.created_at >= since;
}

/** With several rules GitLab tells an approval under each of them. */
function distinct(all: readonly DeploymentApproval[]): readonly DeploymentApproval[] {
  return [...new Map(all.map((one) => [`${one.user?.id} ${one.created_at} ${one.status}`, one])).values()];
}
