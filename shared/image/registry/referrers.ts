import { z } from 'zod';
import { ProviderError } from '../../errors.ts';
import type { Descriptor, StoredManifest } from '../../ports/registry.ts';
import { type Digest, digestOf, isDigest } from '../../release/digest.ts';
import { OCI_INDEX } from '../assemble/media-types.ts';
import { pullManifest, putManifest } from './manifests.ts';
import { readPages } from './pages.ts';
import { badAnswer } from './refusal.ts';
import type { UploadKit } from './upload-session.ts';

/** What registries without the API answer to it. */
const NO_API: ReadonlySet<number> = new Set([400, 404, 405, 501]);
const CREATED = 'org.opencontainers.image.created';
/** Times that the list under a tag is written again because somebody else wrote it meanwhile. */
const MAX_WRITES = 5;

const descriptorSchema = z.object({
  mediaType: z.string(),
  digest: z.custom<Digest>((value) => typeof value === 'string' && isDigest(value)),
  size: z.int().min(0),
  artifactType: z.string().optional(),
  annotations: z.record(z.string(), z.string()).optional(),
});
const indexSchema = z.object({ manifests: z.array(descriptorSchema).nullish() });
const subjectSchema = z.object({
  subject: z.object({ digest: descriptorSchema.shape.digest }).optional(),
  artifactType: z.string().optional(),
  config: z.object({ mediaType: z.string() }).optional(),
  annotations: z.record(z.string(), z.string()).optional(),
});

/**
 * What refers to a manifest: as the registry lists it, or as earlier clients wrote it down under a tag.
 * @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#listing-referrers
 */
export async function listReferrers(
  kit: UploadKit,
  subject: Digest,
  artifactType: string | undefined,
): Promise<readonly Descriptor[]> {
  const url = kit.session.url(kit.need, `referrers/${subject}`);
  if (artifactType !== undefined) url.searchParams.set('artifactType', artifactType);
  const pages = await readPages(kit, url, OCI_INDEX, NO_API);
  const found = pages
    ? pages.flatMap(({ json, answer }) => descriptorsIn(json, answer.url.host))
    : await listedUnderTag(kit, subject);
  // A registry may leave the filter to us, and says so by not saying that it filtered.
  const wanted = artifactType === undefined ? found : found.filter((each) => each.artifactType === artifactType);
  return newestLast(wanted);
}

/**
 * Stores a manifest, and where the registry does not keep the list of what refers to its subject, writes that list.
 * @throws what storing throws; ProviderError REGISTRY-REFERRERS
 */
export async function pushReferring(kit: UploadKit, manifest: StoredManifest, tag: string | undefined): Promise<void> {
  const isListed = await putManifest(kit, manifest, tag);
  const read = subjectOf(manifest);
  if (read?.subject !== undefined && !isListed) await addUnderTag(kit, read.subject.digest, entryOf(manifest, read));
}

function subjectOf({ bytes }: StoredManifest): z.infer<typeof subjectSchema> | undefined {
  try {
    return subjectSchema.safeParse(JSON.parse(Buffer.from(bytes).toString('utf8'))).data;
  } catch {
    return undefined;
  }
}

function entryOf({ descriptor }: StoredManifest, read: z.infer<typeof subjectSchema>): Descriptor {
  const { mediaType, digest, size } = descriptor;
  const artifactType = read.artifactType || read.config?.mediaType;
  const { annotations } = read;
  return { mediaType, digest, size, ...(artifactType && { artifactType }), ...(annotations && { annotations }) };
}

/** `sha256-<hex>`: where clients of registries without the API keep the list. */
function tagOf(subject: Digest): string {
  return subject.replace(':', '-');
}

async function listedUnderTag(kit: UploadKit, subject: Digest): Promise<readonly Descriptor[]> {
  const stored = await pullManifest(kit, tagOf(subject));
  if (stored === undefined) return [];
  return descriptorsIn(JSON.parse(Buffer.from(stored.bytes).toString('utf8')), kit.need.name.registry);
}

/** The list is read, written and read again: of two who write at once, the one whose line is lost writes once more. */
async function addUnderTag(kit: UploadKit, subject: Digest, entry: Descriptor): Promise<void> {
  for (let tries = 0; tries < MAX_WRITES; tries++) {
    const listed = await listedUnderTag(kit, subject);
    if (listed.some(({ digest }) => digest === entry.digest)) return;
    await putManifest(kit, indexOf([...listed, entry]), tagOf(subject));
  }
  if ((await listedUnderTag(kit, subject)).some(({ digest }) => digest === entry.digest)) return;
  throw new ProviderError({
    code: 'REGISTRY-REFERRERS',
    what: `${kit.need.name.registry} does not keep the list of what belongs to ${subject}: others write it at the same time`,
    fix: 'Run the step again when no other job writes to this image',
  });
}

function indexOf(manifests: readonly Descriptor[]): StoredManifest {
  const bytes = new TextEncoder().encode(JSON.stringify({ schemaVersion: 2, mediaType: OCI_INDEX, manifests }));
  return { descriptor: { mediaType: OCI_INDEX, digest: digestOf(bytes), size: bytes.length }, bytes };
}

function descriptorsIn(json: unknown, host: string): readonly Descriptor[] {
  const read = indexSchema.safeParse(json);
  if (!read.success) throw badAnswer(host, 'gave a list of referrers that is none');
  return (read.data.manifests ?? []).map(({ artifactType, annotations, ...rest }) => ({
    ...rest,
    ...(artifactType !== undefined && { artifactType }),
    ...(annotations !== undefined && { annotations }),
  }));
}

/** By the time that each was made, where all of them say; as they are listed otherwise. */
function newestLast(found: readonly Descriptor[]): readonly Descriptor[] {
  const times = new Map(found.map((each) => [each, Date.parse(each.annotations?.[CREATED] ?? '')]));
  if ([...times.values()].some(Number.isNaN)) return found;
  return found.toSorted((a, b) => (times.get(a) ?? 0) - (times.get(b) ?? 0));
}
