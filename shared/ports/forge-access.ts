/**
 * How to reach the API of a forge, and which run asks. Read from the environment of a job by its host, so that no forge
 * knows the names of a host's variables.
 */
export type ForgeAccess = GitHubAccess | GitLabAccess | AzureAccess;

export interface GitHubAccess {
  readonly kind: 'github';
  /** `https://api.github.com`, or `https://<server>/api/v3`. */
  readonly apiUrl: string;
  /** `owner/name`. */
  readonly repository: string;
  readonly token: string;
  /** The workflow run; undefined outside of one. */
  readonly run: { readonly id: string; readonly url: string } | undefined;
  /** Where a permission is added: `.github/workflows/release.yml`; undefined where it is not known. */
  readonly workflowFile: string | undefined;
}

export interface GitLabAccess {
  readonly kind: 'gitlab';
  /** `https://gitlab.com/api/v4`. */
  readonly apiUrl: string;
  /** Id or path of the project. */
  readonly project: string;
  /** `https://gitlab.com/group/name`. */
  readonly projectUrl: string;
  /** What every job has; it may read deployments, commits and merge requests, and little else. */
  readonly jobToken: string | undefined;
  /** A project, group or personal access token, where one was given. */
  readonly token: string | undefined;
  readonly job: GitLabJob | undefined;
}

export interface GitLabJob {
  readonly id: string;
  readonly pipelineId: string;
  /** ISO 8601. */
  readonly pipelineCreatedAt: string;
  /** Name of the environment that the job declares; undefined where it declares none. */
  readonly environment: string | undefined;
  /** Branch or tag that the pipeline runs for. */
  readonly ref: string;
  readonly isTag: boolean;
  /** User name of who pushed, where a push set the pipeline off. */
  readonly pusher: string | undefined;
}

export interface AzureAccess {
  readonly kind: 'azure';
  /** `https://dev.azure.com/<organization>`, or the collection of a server. */
  readonly collectionUrl: string;
  /** Name or id. */
  readonly project: string;
  readonly token: string;
  /** Undefined where the code is not in Azure Repos: its pull requests are elsewhere then. */
  readonly repositoryId: string | undefined;
  readonly run: AzureRun | undefined;
}

export interface AzureRun {
  /** Id of the build. */
  readonly id: string;
  /** Name of the stage that the job belongs to. */
  readonly stage: string | undefined;
}
