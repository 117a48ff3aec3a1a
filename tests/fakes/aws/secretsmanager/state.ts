export interface FakeSecret {
  /** With the six characters that AWS adds to the name. */
  readonly arn: string;
  readonly name: string;
  /** Stages of its version: `AWSCURRENT` once it has a value. */
  readonly stages: readonly string[];
  /** Key that it is encrypted with; undefined for AWS' own. */
  readonly key?: string;
  /** Milliseconds since 1970 that it will be deleted at; undefined where it stays. */
  readonly deletedAt?: number;
}
