import { ConfigError } from '../../errors.ts';
import type { BlobPush, BlobSource } from '../../ports/registry.ts';
import { OutgoingBlob } from './blob-source.ts';
import { sendInChunks } from './chunked-upload.ts';
import { checkNamedDigest } from './refusal.ts';
import { isStored, retryNote, type UploadKit, UploadSession } from './upload-session.ts';

/** Repositories that are asked for a blob before it is sent. */
const MAX_MOUNTS = 4;

/**
 * Stores a blob where it is not there: mounted from a repository that has it, sent in one request, or in several.
 * @returns bytes that were sent
 */
export async function pushBlob(kit: UploadKit, source: BlobSource, push: BlobPush): Promise<number> {
  const { tools, signal } = kit;
  const onRetry = retryNote(kit);
  if (await tools.retry(() => isStored(kit, source), { signal, onRetry })) return 0;
  const opened = await mount(kit, source, push.mountFrom ?? []);
  if (opened === 'mounted') return 0;
  const blob = new OutgoingBlob(source, push.progress);
  const isLarge = source.size > tools.limits.wholeBytes;
  if (isLarge && (await sendInChunks(kit, source, blob, opened))) return blob.sent;
  if (isLarge) tools.note(`${kit.need.name.registry} takes no part of a blob by itself: it is sent in one request`);
  let upload = isLarge ? undefined : opened;
  let tries = 0;
  await tools.retry(
    async () => {
      // The answer to the request before may be all that was lost.
      if (tries++ > 0 && (await isStored(kit, source))) return;
      const used = upload ?? (await UploadSession.open(kit));
      upload = undefined;
      await sendWhole(kit, source, blob, used);
    },
    { signal, onRetry },
  );
  return blob.sent;
}

/** @returns the last upload that a registry opened instead; undefined where none is open */
async function mount(
  kit: UploadKit,
  source: BlobSource,
  candidates: readonly string[],
): Promise<UploadSession | 'mounted' | undefined> {
  const { tools, need, signal } = kit;
  let opened: UploadSession | undefined;
  const others = [...new Set(candidates)].filter((each) => each !== need.name.repository).slice(0, MAX_MOUNTS);
  for (const from of others) {
    const answer = await tools.retry(() => mountFrom(kit, source, from), { signal, onRetry: retryNote(kit) });
    if (answer === undefined) continue;
    await opened?.cancel();
    if (answer === 'mounted') return answer;
    opened = answer;
  }
  return opened;
}

async function mountFrom(kit: UploadKit, { digest }: BlobSource, from: string) {
  try {
    return await UploadSession.mount(kit, digest, from);
  } catch (error) {
    // Not allowed to read the other repository: the blob is sent as if there were none.
    if (error instanceof ConfigError) return undefined;
    throw error;
  }
}

async function sendWhole(kit: UploadKit, source: BlobSource, blob: OutgoingBlob, upload: UploadSession): Promise<void> {
  try {
    const answer = await upload.put(source.digest, blob.part(0, source.size));
    if (answer.status !== 201) throw await kit.session.refusal(kit.need, answer, kit.signal);
    await answer.discard();
    checkNamedDigest(answer, source.digest);
  } catch (error) {
    await upload.cancel();
    throw error;
  }
}
