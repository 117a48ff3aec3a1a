import type {
  ApprovalQuery,
  ArtifactQuery,
  DeploymentRecord,
  Forge,
  ForgeArtifact,
  ForgeOutcome,
  StickyComment,
} from '../../ports/forge.ts';
import type { GitLabAccess } from '../../ports/forge-access.ts';
import type { ApprovalRecord } from '../../release/approval.ts';
import type { ForgeTools } from '../forge-tools.ts';
import { GitLabApi } from './api.ts';
import { Approvers } from './approvers.ts';
import { getArtifact, putArtifact } from './artifacts.ts';
import { authorsOf } from './authors.ts';
import { deploymentApprovals, recordDeployment } from './deployments.ts';
import { mergeRequestsOf } from './merge-requests.ts';
import { noteRecords, notesOf, writeNote } from './notes.ts';
import { reviewRecords } from './reviews.ts';

/** GitLab's API, of gitlab.com or of a server of one's own. */
export class GitLabForge implements Forge {
  readonly #api: GitLabApi;

  constructor(access: GitLabAccess, tools: ForgeTools) {
    this.#api = new GitLabApi(access, tools);
  }

  authors(commit: string, signal: AbortSignal): Promise<readonly string[]> {
    return authorsOf(this.#api, commit, signal);
  }

  async approvals(query: ApprovalQuery): Promise<readonly ApprovalRecord[]> {
    const approvers = new Approvers(this.#api, query.approvers);
    const { job } = this.#api.access;
    return [
      ...(job && query.sources.includes('deployment')
        ? await deploymentApprovals(this.#api, job, query, approvers)
        : []),
      ...(query.commit === null ? [] : await this.#onChange(query, query.commit, approvers)),
    ];
  }

  recordDeployment(record: DeploymentRecord): Promise<ForgeOutcome> {
    return recordDeployment(this.#api, record);
  }

  comment(comment: StickyComment): Promise<ForgeOutcome> {
    return writeNote(this.#api, comment);
  }

  putArtifact(artifact: ForgeArtifact, signal: AbortSignal): Promise<ForgeOutcome> {
    return putArtifact(this.#api, artifact, signal);
  }

  getArtifact(query: ArtifactQuery): Promise<ForgeArtifact | undefined> {
    return getArtifact(this.#api, query);
  }

  async #onChange(query: ApprovalQuery, commit: string, approvers: Approvers): Promise<readonly ApprovalRecord[]> {
    const [review, comment] = [query.sources.includes('review'), query.sources.includes('comment')];
    if (!review && !comment) return [];
    const requests = await mergeRequestsOf(this.#api, commit, query.signal);
    if (requests.length === 0) {
      this.#api.tools.note(
        `no merge request has commit ${commit.slice(0, 12)} as its head or its merge: no reviews or comments can count`,
      );
    }
    const records: ApprovalRecord[] = [];
    for (const request of requests) {
      const notes = await notesOf(this.#api, request, query.signal);
      if (review) records.push(...(await reviewRecords(this.#api, request, notes, commit, approvers, query.signal)));
      if (comment) records.push(...(await noteRecords(request, notes, query, approvers)));
    }
    return records;
  }
}
