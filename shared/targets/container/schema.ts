import { z } from 'zod';
import { type Digest, isDigest } from '../../release/digest.ts';

export const ENVIRONMENT_SCHEMA = 'haute.environment/1';
/** Media type of the record, and type of the artifact that holds it. */
export const ENVIRONMENT_TYPE = 'application/vnd.haute.environment.v1+json';

const digest = z.custom<Digest>((value) => typeof value === 'string' && isDigest(value));

const deployment = z.object({
  releaseId: digest,
  packageDigest: digest,
  /** Of the image, or of the index of its images. */
  image: digest,
  createdAt: z.string(),
});

const promotion = z.object({
  id: z.string(),
  candidate: z.string(),
  current: z.string().nullable(),
  startedAt: z.string(),
  run: z.string(),
  paused: z.boolean(),
  /** ISO 8601. Whoever has not moved on by then is taken for gone. */
  aliveUntil: z.string(),
});

/** What a registry keeps of an environment beside its tag: who was there, who is to come. The tag says what is served. */
export const environmentRecord = z.object({
  schema: z.literal(ENVIRONMENT_SCHEMA),
  environment: z.string(),
  /** What the tag named before the first deployment; null where there was no such tag. */
  before: digest.nullable(),
  deployments: z.record(z.string(), deployment),
  /** Newest first. */
  history: z.array(
    z.object({ deploymentId: z.string(), releaseId: digest, settledAt: z.string(), evidence: z.string() }),
  ),
  promotion: promotion.nullable(),
  /** Ids of promotions that another one took over from. */
  superseded: z.array(z.string()),
});

export type EnvironmentRecord = z.infer<typeof environmentRecord>;
export type DeploymentRecord = z.infer<typeof deployment>;
export type PromotionRecord = z.infer<typeof promotion>;

/** An environment that nothing was deployed to yet. @param before what its tag names all the same */
export function emptyRecord(environment: string, before: Digest | undefined): EnvironmentRecord {
  return {
    schema: ENVIRONMENT_SCHEMA,
    environment,
    before: before ?? null,
    deployments: {},
    history: [],
    promotion: null,
    superseded: [],
  };
}
