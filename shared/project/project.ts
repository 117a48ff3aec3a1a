import type { Policy } from '../release/policy.ts';
import type { HauteConfig } from './haute-config.ts';
import type { TestQuote } from './test-quote.ts';

/** A Haute project on disk, read once: everything a step needs to know of the user's files. */
export interface Project {
  /** Absolute path of the folder that holds haute.toml, symbolic links resolved. */
  readonly root: string;
  readonly config: HauteConfig;
  readonly policy: Policy;
  /** Digest of the policy as it is in force: part of what an approval is given for. */
  readonly policyDigest: string;
  readonly quotes: readonly TestQuote[];
}
