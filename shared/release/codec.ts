import { z } from 'zod';
import { ConfigError, GateFailure, messageOf } from '../errors.ts';
import { type Digest, isDigest } from './digest.ts';
import { EVIDENCE_KINDS, findChainFault } from './evidence.ts';
import type { JsonObject } from './json.ts';
import { RELEASE_SCHEMA, type Release, releaseId } from './release.ts';

const digest = z.custom<Digest>((value) => typeof value === 'string' && isDigest(value), 'is not a sha256 digest');
const jsonObject = z.record(z.string(), z.json()) as unknown as z.ZodType<JsonObject>;

/** The shape of a release core, for whoever keeps one. */
export const releaseCoreSchema = z.strictObject({
  schema: z.literal(RELEASE_SCHEMA),
  project: z.string().min(1),
  model: z.string().min(1),
  commit: z.string().nullable(),
  target: z.string().min(1),
  artifact: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('package'), digest }),
    z.strictObject({ kind: z.literal('image'), name: z.string().min(1), digest }),
    z.strictObject({ kind: z.literal('model-version'), name: z.string().min(1), version: z.string().min(1) }),
  ]),
  packageDigest: digest,
  manifestDigest: digest,
  engine: z.strictObject({ name: z.string(), version: z.string() }),
});

const evidence = z.strictObject({
  seq: z.int().min(0),
  kind: z.enum(EVIDENCE_KINDS),
  verdict: z.enum(['pass', 'warn', 'fail', 'inconclusive', 'error']),
  at: z.string(),
  releaseId: digest,
  run: z.string(),
  facts: jsonObject,
  prev: digest,
  hash: digest,
});

const release = z.strictObject({ id: digest, core: releaseCoreSchema, evidence: z.array(evidence) });

/** A release as the text of `.haute/release.json`: indented for people, the same bytes for the same release. */
export function encodeRelease(value: Release): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

/**
 * Reads a release file and checks that nobody edited it.
 * @param text content of the file
 * @param file its name, for messages
 * @throws ConfigError RELEASE-BROKEN when it is not a release; GateFailure RELEASE-TAMPERED when the id does not
 *   match the core or a link of the evidence chain does not hold, saying which
 */
export function decodeRelease(text: string, file: string): Release {
  const value = parseRelease(text, file);
  const what = tampering(value);
  if (what) {
    throw new GateFailure({
      code: 'RELEASE-TAMPERED',
      what,
      fix: 'Build and check the release again (build-push and the steps after it); do not edit the file',
      place: { file },
    });
  }
  return value;
}

function parseRelease(text: string, file: string): Release {
  const result = release.safeParse(parseJson(text, file));
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const where = issue?.path.join('.') || 'the file';
  throw broken(file, `${where}: ${issue?.message ?? 'is not a release'}`);
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw broken(file, `is not JSON: ${messageOf(error)}`);
  }
}

function tampering(value: Release): string | undefined {
  if (releaseId(value.core) !== value.id) return 'the core of the release does not match its id: it was edited';
  return findChainFault(value)?.what;
}

function broken(file: string, what: string): ConfigError {
  return new ConfigError({
    code: 'RELEASE-BROKEN',
    what,
    fix: 'Run build-push again, or point the release input at a release file',
    place: { file },
  });
}
