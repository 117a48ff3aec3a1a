import { z } from 'zod';
import { isoTime } from '../times.ts';

/** What is read of GitLab's answers; the rest is left unread. @see https://docs.gitlab.com/api/rest/ */

export const user = z.object({
  id: z.number(),
  username: z.string(),
  name: z.string().nullish(),
  state: z.string().nullish(),
});
export type User = z.output<typeof user>;

export const profile = user.extend({ bot: z.boolean().nullish(), public_email: z.string().nullish() });

export const member = z.object({ access_level: z.number(), membership_state: z.string().nullish() });

export const namespace = z.object({ kind: z.string(), full_path: z.string() });

export const commit = z.object({
  id: z.string(),
  message: z.string().nullish(),
  author_name: z.string().nullish(),
  author_email: z.string().nullish(),
  committer_name: z.string().nullish(),
  committer_email: z.string().nullish(),
});
export type Commit = z.output<typeof commit>;

export const mergeRequest = z.object({
  iid: z.number(),
  web_url: z.string(),
  state: z.string(),
  author: user.nullable(),
  /** Head of the source branch. */
  sha: z.string().nullable(),
  merge_commit_sha: z.string().nullish(),
  squash_commit_sha: z.string().nullish(),
});
export type MergeRequest = z.output<typeof mergeRequest>;

/** What the source branch was after each push. */
export const version = z.object({ head_commit_sha: z.string(), created_at: isoTime });
export type Version = z.output<typeof version>;

export const approvals = z.object({
  approved_by: z.array(z.object({ user: user.nullable(), approved_at: isoTime.nullish() })),
});

export const reviewer = z.object({ user: user.nullable(), state: z.string().nullish() });

export const note = z.object({
  id: z.number(),
  body: z.string().nullish(),
  author: user.nullable(),
  system: z.boolean().nullish(),
  created_at: isoTime,
  updated_at: isoTime,
});
export type Note = z.output<typeof note>;

const deploymentApproval = z.object({
  user: user.nullable(),
  status: z.string(),
  created_at: isoTime,
  comment: z.string().nullish(),
});
export type DeploymentApproval = z.output<typeof deploymentApproval>;

export const deployment = z.object({
  id: z.number(),
  sha: z.string(),
  status: z.string().nullish(),
  created_at: isoTime,
  /** The job that deploys; null for a record that somebody made by the API. */
  deployable: z.object({ id: z.number() }).nullish(),
});
export type Deployment = z.output<typeof deployment>;

/** Approvals are there in Premium and Ultimate. */
export const deploymentDetail = deployment.extend({
  approvals: z.array(deploymentApproval).nullish(),
  approval_summary: z
    .object({ rules: z.array(z.object({ deployment_approvals: z.array(deploymentApproval).nullish() })) })
    .nullish(),
});
