import type {
  ApprovalQuery,
  ArtifactQuery,
  DeploymentRecord,
  Forge,
  ForgeArtifact,
  ForgeOutcome,
  StickyComment,
} from '../../ports/forge.ts';
import type { AzureAccess } from '../../ports/forge-access.ts';
import type { ApprovalRecord } from '../../release/approval.ts';
import type { ForgeTools } from '../forge-tools.ts';
import { AzureApi } from './api.ts';
import { Approvers } from './approvers.ts';
import { authorsOf } from './authors.ts';
import { commentRecords, writeComment } from './comments.ts';
import { environmentApprovals } from './environment-approvals.ts';
import { pullRequestsOf, threadsOf } from './pull-requests.ts';
import { findDeployment, getArtifact } from './records.ts';
import { voteRecords } from './votes.ts';

/** Azure DevOps' API, of the cloud or of a server of one's own. */
export class AzureForge implements Forge {
  readonly #api: AzureApi;

  constructor(access: AzureAccess, tools: ForgeTools) {
    this.#api = new AzureApi(access, tools);
  }

  authors(commit: string, signal: AbortSignal): Promise<readonly string[]> {
    return authorsOf(this.#api, commit, signal);
  }

  async approvals(query: ApprovalQuery): Promise<readonly ApprovalRecord[]> {
    const approvers = new Approvers(this.#api, query.approvers);
    const { run } = this.#api.access;
    return [
      ...(run?.stage !== undefined && query.sources.includes('environment')
        ? await environmentApprovals(this.#api, run, query, approvers)
        : []),
      ...(query.commit === null ? [] : await this.#onChange(query, query.commit, approvers)),
    ];
  }

  recordDeployment(record: DeploymentRecord): Promise<ForgeOutcome> {
    return findDeployment(this.#api, record);
  }

  comment(comment: StickyComment): Promise<ForgeOutcome> {
    return writeComment(this.#api, comment);
  }

  /** A pipeline publishes artifacts by a step or a line of its log, not by the API. */
  async putArtifact({ name }: ForgeArtifact): Promise<ForgeOutcome> {
    return { done: false, why: `Azure DevOps takes artifacts from a step of the pipeline: add "publish" for ${name}` };
  }

  getArtifact(query: ArtifactQuery): Promise<ForgeArtifact | undefined> {
    return getArtifact(this.#api, query);
  }

  async #onChange(query: ApprovalQuery, commit: string, approvers: Approvers): Promise<readonly ApprovalRecord[]> {
    const [review, comment] = [query.sources.includes('review'), query.sources.includes('comment')];
    if (!review && !comment) return [];
    const pulls = await pullRequestsOf(this.#api, commit, query.signal);
    if (pulls.length === 0) {
      this.#api.tools.note(
        `no pull request in Azure Repos has commit ${commit.slice(0, 12)} as its head or its merge: no reviews or comments can count`,
      );
    }
    const records: ApprovalRecord[] = [];
    for (const pull of pulls) {
      const threads = await threadsOf(this.#api, pull, query.signal);
      if (review) records.push(...(await voteRecords(this.#api, pull, threads, commit, approvers, query.signal)));
      if (comment) records.push(...(await commentRecords(this.#api, pull, threads, query, approvers)));
    }
    return records;
  }
}
