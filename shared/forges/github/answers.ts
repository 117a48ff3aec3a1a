import { z } from 'zod';
import { isoTime } from '../times.ts';

/**
 * What is read of GitHub's answers; the rest is left unread, and a word that is not known stays as it is.
 * @see https://github.com/github/rest-api-description
 */

/** Null where the account was deleted. */
export const user = z.object({ login: z.string(), type: z.string() }).nullable();
export type User = z.output<typeof user>;

const repositoryName = z.object({ full_name: z.string() }).nullable();

export const pull = z.object({
  number: z.number(),
  html_url: z.string(),
  state: z.string(),
  merged_at: z.string().nullable(),
  merge_commit_sha: z.string().nullable(),
  user,
  head: z.object({ sha: z.string(), repo: repositoryName }),
  base: z.object({ sha: z.string(), repo: repositoryName }),
});
export type Pull = z.output<typeof pull>;
export const pulls = z.array(pull);

export const review = z.object({
  user,
  state: z.string(),
  body: z.string().nullish(),
  html_url: z.string(),
  /** Null where the commit is not in the pull request any more. */
  commit_id: z.string().nullable(),
  /** Missing in a review that is not handed in yet. */
  submitted_at: isoTime.optional(),
});
export type Review = z.output<typeof review>;
export const reviews = z.array(review);

export const comment = z.object({
  id: z.number(),
  user,
  body: z.string().nullish(),
  html_url: z.string(),
  created_at: isoTime,
  updated_at: isoTime,
  performed_via_github_app: z.object({ slug: z.string().optional() }).nullish(),
});
export type Comment = z.output<typeof comment>;
export const comments = z.array(comment);

const gitPerson = z.object({ name: z.string().optional(), email: z.string().optional() }).nullable();

export const commit = z.object({
  sha: z.string(),
  commit: z.object({
    message: z.string(),
    author: gitPerson,
    committer: gitPerson,
    verification: z.object({ verified: z.boolean() }).optional(),
  }),
  // An empty object where the commit's e-mail address belongs to nobody.
  author: z.object({ login: z.string().optional() }).nullable(),
  committer: z.object({ login: z.string().optional() }).nullable(),
  parents: z.array(z.object({ sha: z.string() })),
});
export type Commit = z.output<typeof commit>;
export const commits = z.array(commit);
export const comparison = z.object({ total_commits: z.number(), commits });

export const run = z.object({
  id: z.number(),
  html_url: z.string(),
  head_sha: z.string(),
  created_at: isoTime,
});
export type Run = z.output<typeof run>;
export const runs = z.object({ workflow_runs: z.array(z.object({ event: z.string(), actor: user.optional() })) });

export const runReview = z.object({
  state: z.string(),
  comment: z.string().nullish(),
  user,
  environments: z.array(z.object({ name: z.string() })),
});
export type RunReview = z.output<typeof runReview>;
export const runReviews = z.array(runReview);

export const deployment = z.object({
  id: z.number(),
  created_at: isoTime,
  /** An object, or text that may hold one. */
  payload: z.unknown(),
});
export type Deployment = z.output<typeof deployment>;
export const deployments = z.array(deployment);

export const deploymentStatus = z.object({
  state: z.string(),
  log_url: z.string().nullish(),
  target_url: z.string().nullish(),
  environment_url: z.string().nullish(),
});
export const deploymentStatuses = z.array(deploymentStatus);

export const permission = z.object({ permission: z.string() });
export const profile = z.object({ login: z.string(), name: z.string().nullish(), email: z.string().nullish() });
export const team = z.object({ slug: z.string() });
export const membership = z.object({ state: z.string() });

export const artifacts = z.object({
  artifacts: z.array(
    z.object({ id: z.number(), name: z.string(), expired: z.boolean(), created_at: isoTime.nullable() }),
  ),
});
