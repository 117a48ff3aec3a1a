import { type Digest, digestOfJson } from './digest.ts';
import type { Json, JsonObject } from './json.ts';
import type { Verdict } from './verdict.ts';

/** What a piece of evidence says happened to the release, in the order of the flow. */
export const EVIDENCE_KINDS = [
  'validated',
  'built',
  'staged',
  'smoked',
  'impact',
  'approved',
  'promoted',
  'paused',
  'reverted',
  'rolled-back',
] as const;
export type EvidenceKind = (typeof EVIDENCE_KINDS)[number];

/** One link of the chain. `hash` covers every other field; `prev` is the hash before it, or the release id for the first. */
export interface Evidence {
  readonly seq: number;
  readonly kind: EvidenceKind;
  readonly verdict: Verdict;
  /** ISO 8601, UTC, milliseconds. */
  readonly at: string;
  readonly releaseId: Digest;
  /** The run that produced it: a URL on a CI host, `terminal` on one's own machine. */
  readonly run: string;
  /** Figures and digests that the verdict rests on. No secrets. */
  readonly facts: JsonObject;
  readonly prev: Digest;
  readonly hash: Digest;
}

export type NewEvidence = Pick<Evidence, 'kind' | 'verdict' | 'at' | 'run' | 'facts'>;

/** A broken link: which one, and how. */
export interface ChainFault {
  /** Position in the list, from 0. */
  readonly index: number;
  readonly what: string;
}

interface Chained {
  readonly id: Digest;
  readonly evidence: readonly Evidence[];
}

/** The hash that the next piece of evidence must point to: the last hash, or the release id. */
export function chainHead(release: Chained): Digest {
  return release.evidence.at(-1)?.hash ?? release.id;
}

/** The release with one more piece of evidence at the end of its chain. Changes nothing in place. */
export function appendEvidence<R extends Chained>(release: R, entry: NewEvidence): R {
  const body = { ...entry, seq: release.evidence.length, releaseId: release.id, prev: chainHead(release) };
  return { ...release, evidence: [...release.evidence, { ...body, hash: hashOf(body) }] };
}

/** The first broken link of the chain, or undefined when every link holds. */
export function findChainFault(release: Chained): ChainFault | undefined {
  let prev = release.id;
  for (const [index, entry] of release.evidence.entries()) {
    const what = linkFault(entry, index, prev, release.id);
    if (what) return { index, what };
    prev = entry.hash;
  }
  return undefined;
}

/** The newest evidence of a kind, or undefined. */
export function latestEvidence(release: Chained, kind: EvidenceKind): Evidence | undefined {
  return release.evidence.findLast((entry) => entry.kind === kind);
}

function linkFault(entry: Evidence, index: number, prev: Digest, id: Digest): string | undefined {
  const { hash, ...body } = entry;
  if (hashOf(body) !== hash) return `evidence ${index} (${entry.kind}) does not match its hash: it was edited`;
  if (entry.prev !== prev)
    return `evidence ${index} (${entry.kind}) does not follow the one before it: one is missing or moved`;
  if (entry.releaseId !== id) return `evidence ${index} (${entry.kind}) belongs to another release`;
  if (entry.seq !== index) return `evidence ${index} (${entry.kind}) is numbered ${entry.seq}`;
  return undefined;
}

function hashOf(body: Omit<Evidence, 'hash'>): Digest {
  return digestOfJson(body as unknown as Json);
}
