import type { ApprovalQuery } from '../../ports/forge.ts';
import type { AzureRun } from '../../ports/forge-access.ts';
import type { ApprovalRecord } from '../../release/approval.ts';
import { approval, build, type TimelineRecord, timeline } from './answers.ts';
import type { AzureApi } from './api.ts';
import type { Approvers } from './approvers.ts';
import { PERMISSION } from './permissions.ts';

/**
 * Approvals of the checks that this run's stage stood at. A stage that is run again has checks of its own in the
 * timeline, so an approval of an earlier attempt is not among them.
 * @see https://learn.microsoft.com/rest/api/azure/devops/approvalsandchecks/approvals/query
 */
export async function environmentApprovals(
  api: AzureApi,
  run: AzureRun,
  query: ApprovalQuery,
  approvers: Approvers,
): Promise<readonly ApprovalRecord[]> {
  const { signal } = query;
  const ids = await approvalIdsOf(api, run, signal);
  if (ids.length === 0) return [];
  const asked = { what: `the approvals of run ${run.id}`, permission: PERMISSION.build };
  const parameters = { approvalIds: ids.join(','), $expand: 'steps' };
  const approvals = await api.list('pipelines/approvals', parameters, asked, approval, signal);
  const { sourceVersion } = await api.get(`build/builds/${run.id}`, {}, asked, build, signal);
  const records: ApprovalRecord[] = [];
  for (const step of approvals.flatMap(({ steps }) => steps ?? [])) {
    if (step.status !== 'approved' && step.status !== 'rejected') continue;
    const speaker = await approvers.speaker(step.actualApprover, signal, 'gate');
    records.push({
      person: speaker.person,
      aliases: speaker.aliases,
      source: 'environment',
      strength: 'authenticated',
      word: step.status === 'approved' ? 'approve' : 'reject',
      at: step.lastModifiedOn,
      on: { commit: sourceVersion },
      url: runUrl(api, run),
      comment: step.comment ?? '',
      refusal: speaker.refusal,
    });
  }
  return records;
}

export function runUrl({ access }: AzureApi, run: AzureRun): string {
  const { collectionUrl, project } = access;
  return `${collectionUrl.replace(/\/$/, '')}/${encodeURIComponent(project)}/_build/results?buildId=${run.id}`;
}

/** The timeline keeps each approval under the checkpoint of its stage, with the approval's own id. */
async function approvalIdsOf(api: AzureApi, run: AzureRun, signal: AbortSignal): Promise<readonly string[]> {
  const asked = { what: `the timeline of run ${run.id}`, permission: PERMISSION.build };
  const { records } = await api.get(`build/builds/${run.id}/timeline`, {}, asked, timeline, signal);
  const known = new Map((records ?? []).map((record) => [record.id, record]));
  return [...known.values()]
    .filter((record) => record.type?.startsWith('Checkpoint.Approval') && stageOf(record, known) === run.stage)
    .map((record) => record.id);
}

/** Identifier of the stage that a record belongs to. */
function stageOf(record: TimelineRecord, known: ReadonlyMap<string, TimelineRecord>): string | undefined {
  const above = new Set<string>();
  for (let at: TimelineRecord | undefined = record; at && !above.has(at.id); at = known.get(at.parentId ?? '')) {
    if (at.type === 'Stage') return at.identifier ?? at.name ?? undefined;
    above.add(at.id);
  }
  return undefined;
}
