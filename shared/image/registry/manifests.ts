import { z } from 'zod';
import { ConfigError } from '../../errors.ts';
import type { StoredManifest } from '../../ports/registry.ts';
import { digestOf, isDigest } from '../../release/digest.ts';
import { INDEXES, MANIFESTS, SCHEMA_1 } from '../assemble/media-types.ts';
import { describeImage, describeTag, isTag } from './name.ts';
import { badAnswer, checkNamedDigest, wrongDigest } from './refusal.ts';
import { retryNote, type UploadKit } from './upload-session.ts';
import type { WireAnswer } from './wire.ts';

/** Registries take manifests of 4 MiB at least; one that is larger than this is none. */
const MAX_MANIFEST_BYTES = 8 * 1024 * 1024;
const ACCEPT = [...INDEXES, ...MANIFESTS].join(', ');
const KNOWN: readonly string[] = [...INDEXES, ...MANIFESTS];

const kindSchema = z.object({
  schemaVersion: z.unknown().optional(),
  mediaType: z.string().optional(),
});

/** @returns undefined where there is none of that tag or digest */
export async function pullManifest(kit: UploadKit, reference: string): Promise<StoredManifest | undefined> {
  return kit.tools.retry(() => pullOnce(kit, reference), { signal: kit.signal, onRetry: retryNote(kit) });
}

async function pullOnce(kit: UploadKit, reference: string): Promise<StoredManifest | undefined> {
  checkReference(reference);
  const { session, need, signal } = kit;
  const url = session.url(need, `manifests/${reference}`);
  const answer = await session.ask(need, { method: 'GET', url, headers: { accept: ACCEPT }, signal, timed: true });
  if (answer.status === 404) {
    await answer.discard();
    return undefined;
  }
  if (answer.status !== 200) throw await session.refusal(need, answer, signal);
  const bytes = await answer.bytes(MAX_MANIFEST_BYTES + 1);
  if (bytes.length > MAX_MANIFEST_BYTES)
    throw badAnswer(url.host, `gave a manifest of over ${MAX_MANIFEST_BYTES} bytes`);
  const mediaType = mediaTypeOf(kit, reference, answer, bytes);
  const digest = digestOf(bytes);
  if (isDigest(reference) && digest !== reference) {
    throw wrongDigest(need.name.registry, `gave ${digest} when it was asked for ${reference}`);
  }
  checkNamedDigest(answer, digest);
  return { descriptor: { mediaType, digest, size: bytes.length }, bytes };
}

/** What stands in an address must be what registries take. @throws ConfigError IMAGE-NAME */
function checkReference(reference: string): void {
  if (isTag(reference) || isDigest(reference)) return;
  const what = `${JSON.stringify(reference.slice(0, 150))} is neither a tag nor a digest`;
  throw new ConfigError({ code: 'IMAGE-NAME', what, fix: 'A tag is up to 128 of letters, digits, _ . and -' });
}

/** Header and content must agree: else one reader would take for an index what another takes for an image. */
function mediaTypeOf({ need }: UploadKit, reference: string, answer: WireAnswer, bytes: Uint8Array): string {
  const said = (answer.header('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  const { host } = answer.url;
  const content = kindOf(bytes);
  if (SCHEMA_1.test(said) || content?.schemaVersion === 1) {
    const image = isDigest(reference) ? describeImage(need.name, reference) : describeTag(need.name, reference);
    throw new ConfigError({
      code: 'REGISTRY-SCHEMA-1',
      what: `${image} is stored in Docker's schema 1, which no digest can vouch for`,
      fix: 'Pull it and push it again with a Docker of this decade, or use a newer image',
    });
  }
  if (content === undefined) throw badAnswer(host, `gave something else than a manifest for ${reference}`);
  if (KNOWN.includes(said)) {
    if (content.mediaType === undefined || content.mediaType === said) return said;
    throw badAnswer(
      host,
      `gave a manifest as ${said} that calls itself ${JSON.stringify(content.mediaType.slice(0, 100))}`,
    );
  }
  if (content.mediaType !== undefined && KNOWN.includes(content.mediaType)) return content.mediaType;
  throw badAnswer(host, `gave something of the type ${JSON.stringify(said.slice(0, 100))} for ${reference}`);
}

function kindOf(bytes: Uint8Array): z.infer<typeof kindSchema> | undefined {
  try {
    return kindSchema.safeParse(JSON.parse(Buffer.from(bytes).toString('utf8'))).data;
  } catch {
    return undefined;
  }
}

/**
 * Stores a manifest under a tag or its digest.
 * @returns true where the registry keeps a list of what refers to its subject
 */
export async function putManifest(kit: UploadKit, manifest: StoredManifest, tag: string | undefined): Promise<boolean> {
  const { digest, mediaType } = manifest.descriptor;
  if (digestOf(manifest.bytes) !== digest) throw new Error(`a manifest is not that of its digest ${digest}`);
  if (tag !== undefined) checkReference(tag);
  const { session, need, signal } = kit;
  return kit.tools.retry(
    async () => {
      const answer = await session.ask(need, {
        method: 'PUT',
        url: session.url(need, `manifests/${tag ?? digest}`),
        headers: { 'content-type': mediaType },
        body: manifest.bytes,
        signal,
        timed: true,
      });
      if (answer.status !== 201) throw await session.refusal(need, answer, signal);
      await answer.discard();
      checkNamedDigest(answer, digest);
      return answer.header('oci-subject') !== undefined;
    },
    { signal, onRetry: retryNote(kit) },
  );
}
