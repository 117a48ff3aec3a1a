import { z } from 'zod';
import type { Project } from '../../project/project.ts';
import { type Digest, digestOfJson, isDigest } from '../../release/digest.ts';
import type { Json, JsonObject } from '../../release/json.ts';
import type { StepContext } from '../context.ts';
import type { Proof } from './prove-package.ts';
import { ownFolder } from './workspace.ts';

const schema = z.strictObject({
  schema: z.literal('haute.validation/1'),
  packageDigest: z.custom<Digest>((value) => typeof value === 'string' && isDigest(value)),
  /** Digest of the quotes that were scored and of the tolerance they were judged with. */
  quotesDigest: z.custom<Digest>((value) => typeof value === 'string' && isDigest(value)),
  facts: z.record(z.string(), z.json()),
});

/** What validate leaves for build-push: that this very package was proven with these very quotes. */
export interface Validation {
  readonly packageDigest: Digest;
  readonly quotesDigest: Digest;
  readonly facts: JsonObject;
}

/** Leaves the proof for build-push; a failed one removes what an earlier run left. */
export async function saveValidation(context: StepContext, project: Project, proof: Proof): Promise<void> {
  const file = ownFolder(project, 'validation.json');
  if (proof.verdict !== 'pass' || !proof.pkg) return context.files.remove(file);
  const content = { schema: 'haute.validation/1', ...validationOf(project, proof, proof.pkg.digest) };
  await context.files.write(file, `${JSON.stringify(content, undefined, 2)}\n`);
}

/** The proof that validate left for this package and these quotes, or undefined: then it must be proven now. */
export async function findValidation(
  context: StepContext,
  project: Project,
  packageDigest: Digest,
): Promise<Validation | undefined> {
  const bytes = await context.files.read(ownFolder(project, 'validation.json'));
  const parsed = bytes && schema.safeParse(parseOrUndefined(new TextDecoder().decode(bytes)));
  if (!parsed?.success) return undefined;
  const { facts, ...digests } = parsed.data;
  const applies = digests.packageDigest === packageDigest && digests.quotesDigest === quotesDigest(project);
  return applies ? { ...digests, facts: facts as JsonObject } : undefined;
}

/** The proof as facts of the evidence `validated`. */
export function validationOf(project: Project, proof: Proof, packageDigest: Digest): Validation {
  return {
    packageDigest,
    quotesDigest: quotesDigest(project),
    facts: {
      quotesPassed: proof.outcomes.length - proof.failed.length,
      quotesFailed: proof.failed.length,
      nodesKept: proof.pipeline.nodesKept.length,
      nodesSkipped: proof.pipeline.nodesSkipped.length,
      engine: `${proof.pipeline.engine.name} ${proof.pipeline.engine.version}`,
    },
  };
}

function quotesDigest(project: Project): Digest {
  const quotes = project.quotes.map(({ file, index, input, expected, tolerance }) => ({
    file,
    index,
    input,
    expected: expected ?? null,
    tolerance: tolerance ?? project.policy.gates.smoke.tolerance,
  }));
  return digestOfJson(quotes as unknown as Json);
}

function parseOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
