import { z } from 'zod';
import { isoTime } from '../times.ts';

/** What is read of Azure DevOps' answers; the rest is left unread. @see https://github.com/MicrosoftDocs/vsts-rest-api-specs */

/** A person or machine, as other things refer to it. */
export const identityRef = z.object({
  id: z.string(),
  displayName: z.string().nullish(),
  uniqueName: z.string().nullish(),
  isContainer: z.boolean().nullish(),
});
export type IdentityRef = z.output<typeof identityRef>;

const text = z.object({ $value: z.string() });

/** `type;identifier`, or both by themselves. */
const descriptor = z
  .union([z.string(), z.object({ identityType: z.string(), identifier: z.string() })])
  .transform((value) => (typeof value === 'string' ? value : `${value.identityType};${value.identifier}`));

export const identity = z.object({
  id: z.string(),
  descriptor,
  subjectDescriptor: z.string().nullish(),
  providerDisplayName: z.string().nullish(),
  customDisplayName: z.string().nullish(),
  isActive: z.boolean().nullish(),
  isContainer: z.boolean().nullish(),
  memberOf: z.array(descriptor).nullish(),
  properties: z.object({ Account: text.optional(), Mail: text.optional() }).nullish(),
});
export type Identity = z.output<typeof identity>;

const gitPerson = z.object({ name: z.string().nullish(), email: z.string().nullish() }).nullish();

export const commit = z.object({
  commitId: z.string(),
  comment: z.string().nullish(),
  author: gitPerson,
  committer: gitPerson,
  parents: z.array(z.string()).nullish(),
  push: z.object({ pushedBy: identityRef.nullish() }).nullish(),
});
export type Commit = z.output<typeof commit>;

const commitRef = z.object({ commitId: z.string() }).nullish();

export const pullRequest = z.object({
  pullRequestId: z.number(),
  status: z.string(),
  createdBy: identityRef.nullish(),
  lastMergeCommit: commitRef,
  lastMergeSourceCommit: commitRef,
});
export type PullRequest = z.output<typeof pullRequest>;

/** For each question the pull requests of each commit. */
export const pullRequestQuery = z.object({ results: z.array(z.record(z.string(), z.array(pullRequest))) });

/** One push to a pull request. */
export const iteration = z.object({ id: z.number(), createdDate: isoTime, sourceRefCommit: commitRef });
export type Iteration = z.output<typeof iteration>;

export const reviewer = identityRef.extend({ vote: z.number() });
export type Reviewer = z.output<typeof reviewer>;

export const comment = z.object({
  id: z.number(),
  author: identityRef.nullish(),
  content: z.string().nullish(),
  commentType: z.string().nullish(),
  isDeleted: z.boolean().nullish(),
  publishedDate: isoTime,
  lastContentUpdatedDate: isoTime.nullish(),
});
export type Comment = z.output<typeof comment>;

export const thread = z.object({
  id: z.number(),
  isDeleted: z.boolean().nullish(),
  publishedDate: isoTime,
  comments: z.array(comment).nullish(),
  properties: z.record(z.string(), z.unknown()).nullish(),
  identities: z.record(z.string(), identityRef).nullish(),
});
export type Thread = z.output<typeof thread>;

export const build = z.object({ id: z.number(), sourceVersion: z.string() });

export const timeline = z.object({
  records: z
    .array(
      z.object({
        id: z.string(),
        parentId: z.string().nullish(),
        type: z.string().nullish(),
        name: z.string().nullish(),
        identifier: z.string().nullish(),
      }),
    )
    .nullish(),
});
export type TimelineRecord = NonNullable<z.output<typeof timeline>['records']>[number];

export const approval = z.object({
  id: z.string(),
  steps: z
    .array(
      z.object({
        status: z.string().nullish(),
        actualApprover: identityRef.nullish(),
        lastModifiedOn: isoTime,
        comment: z.string().nullish(),
      }),
    )
    .nullish(),
});

export const environment = z.object({ id: z.number(), name: z.string() });
export const environmentRecord = z.object({ owner: z.object({ id: z.number() }).nullish() });

export const artifact = z.object({
  name: z.string(),
  resource: z.object({ downloadUrl: z.string().nullish() }).nullish(),
});
