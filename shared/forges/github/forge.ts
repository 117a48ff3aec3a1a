import type {
  ApprovalQuery,
  ArtifactQuery,
  DeploymentRecord,
  Forge,
  ForgeArtifact,
  ForgeOutcome,
  StickyComment,
} from '../../ports/forge.ts';
import type { GitHubAccess } from '../../ports/forge-access.ts';
import type { ApprovalRecord } from '../../release/approval.ts';
import type { ForgeTools } from '../forge-tools.ts';
import { GitHubApi } from './api.ts';
import { Approvers } from './approvers.ts';
import { getArtifact } from './artifacts.ts';
import { authorsOf } from './authors.ts';
import { commentRecords, writeComment } from './comments.ts';
import { recordDeployment } from './deployments.ts';
import { environmentReviews } from './environment-reviews.ts';
import { pullRequestsOf } from './pull-requests.ts';
import { reviewRecords } from './reviews.ts';

/** GitHub's API, of github.com or of a server of one's own. */
export class GitHubForge implements Forge {
  readonly #api: GitHubApi;

  constructor(access: GitHubAccess, tools: ForgeTools) {
    this.#api = new GitHubApi(access, tools);
  }

  authors(commit: string, signal: AbortSignal): Promise<readonly string[]> {
    return authorsOf(this.#api, commit, signal);
  }

  async approvals(query: ApprovalQuery): Promise<readonly ApprovalRecord[]> {
    const approvers = new Approvers(this.#api, query.approvers);
    const { run } = this.#api.access;
    return [
      ...(run && query.sources.includes('environment')
        ? await environmentReviews(this.#api, run.id, query, approvers)
        : []),
      ...(query.commit === null ? [] : await this.#onChange(query, query.commit, approvers)),
    ];
  }

  recordDeployment(record: DeploymentRecord): Promise<ForgeOutcome> {
    return recordDeployment(this.#api, record);
  }

  comment(comment: StickyComment): Promise<ForgeOutcome> {
    return writeComment(this.#api, comment);
  }

  /** GitHub's API takes no artifacts; only a step of the workflow can upload one. */
  async putArtifact({ name }: ForgeArtifact): Promise<ForgeOutcome> {
    return {
      done: false,
      why: `GitHub takes artifacts from a step of the workflow only: add actions/upload-artifact for ${name}`,
    };
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
        `no pull request has commit ${commit.slice(0, 12)} as its head or its merge: no reviews or comments can count`,
      );
    }
    const records: ApprovalRecord[] = [];
    for (const pull of pulls) {
      if (review) records.push(...(await reviewRecords(this.#api, pull, commit, approvers, query.signal)));
      if (comment) records.push(...(await commentRecords(this.#api, pull, query, approvers)));
    }
    return records;
  }
}
