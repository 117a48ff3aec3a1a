import { ProviderError } from '../../errors.ts';
import type { BlobSource } from '../../ports/registry.ts';
import type { OutgoingBlob } from './blob-source.ts';
import { badAnswer, checkNamedDigest } from './refusal.ts';
import { isStored, receivedBytes, retryNote, type UploadKit, UploadSession } from './upload-session.ts';
import type { WireAnswer } from './wire.ts';

/** Refusals that say nothing about the way in which a blob is sent. */
const NOT_ABOUT_CHUNKS: ReadonlySet<number> = new Set([401, 403, 408, 413, 425, 429]);

/** Where an upload stands. */
interface Progress {
  upload: UploadSession | undefined;
  /** Bytes that the registry has. */
  at: number;
  /** The last request failed: what the registry has of it is not known. */
  isUnsure: boolean;
  /** Where the registry was last out of step with us; a second time at the same byte is one too many. */
  outOfStepAt: number | undefined;
  /** Times that the registry was asked how much it has, and that the upload was begun anew. */
  lookUps: number;
  restarts: number;
}

/** A line that breaks more often is not going to last. */
const MAX_LOOK_UPS = 30;
const MAX_RESTARTS = 4;

/**
 * Sends a large blob part by part. After a part that failed the registry is asked how much it has, and the upload goes on
 * from there, or begins anew where the registry has forgotten it.
 *
 * @param opened an upload that is open already
 * @returns false where the registry takes no parts: some take a blob in one request only
 * @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pushing-a-blob-in-chunks
 */
export async function sendInChunks(
  kit: UploadKit,
  source: BlobSource,
  blob: OutgoingBlob,
  opened: UploadSession | undefined,
): Promise<boolean> {
  const state: Progress = { upload: opened, at: 0, isUnsure: false, outOfStepAt: undefined, lookUps: 0, restarts: 0 };
  const again = { signal: kit.signal, onRetry: retryNote(kit) };
  try {
    while (state.at < source.size) {
      if (!(await kit.tools.retry(() => sendNext(kit, source, blob, state), again))) return await giveUp(state);
    }
    return (await kit.tools.retry(() => finish(kit, source, state), again)) || (await giveUp(state));
  } catch (error) {
    await state.upload?.cancel();
    throw error;
  }
}

async function giveUp(state: Progress): Promise<false> {
  await state.upload?.cancel();
  return false;
}

/** One part. @returns false where the registry takes none */
async function sendNext(kit: UploadKit, source: BlobSource, blob: OutgoingBlob, state: Progress): Promise<boolean> {
  if (state.isUnsure) await lookUp(kit, blob, state);
  state.upload ??= await UploadSession.open(kit);
  const { upload, at } = state;
  if (at >= source.size) return true;
  const end = Math.min(at + Math.max(kit.tools.limits.chunkBytes, upload.minChunkBytes), source.size);
  state.isUnsure = true;
  const answer = await upload.patch(blob.part(at, end), at);
  if (answer.status === 202) {
    await answer.discard();
    upload.follow(answer);
    const has = answer.header('range') === undefined ? end : receivedBytes(answer);
    // One byte is told like none.
    const now = has === 0 && end === 1 ? 1 : has;
    if (now <= at || now > end) throw badAnswer(answer.url.host, `says that it has ${now} bytes, and was sent ${end}`);
    state.at = now;
    state.isUnsure = false;
    return true;
  }
  return outOfStep(kit, state, answer);
}

/** Ends an upload whose bytes are all there. @returns false where the registry made something else of the parts */
async function finish(kit: UploadKit, source: BlobSource, state: Progress): Promise<boolean> {
  // The answer to the request before may be all that was lost.
  if (state.isUnsure && (await isStored(kit, source))) return true;
  const { upload } = state;
  if (upload === undefined) return false;
  state.isUnsure = true;
  const answer = await upload.put(source.digest);
  if (answer.status === 201) {
    await answer.discard();
    checkNamedDigest(answer, source.digest);
    return true;
  }
  if (isAboutChunks(answer)) {
    await answer.discard();
    return false;
  }
  throw await kit.session.refusal(kit.need, answer, kit.signal);
}

/** Asks how much of the upload has arrived; begins anew where that cannot be told. */
async function lookUp(kit: UploadKit, blob: OutgoingBlob, state: Progress): Promise<void> {
  const { upload } = state;
  if (upload === undefined) return;
  if (++state.lookUps > MAX_LOOK_UPS) throw brokenOff(kit, `the upload broke ${MAX_LOOK_UPS} times`);
  const answer = await upload.status();
  if (answer.status === 204 || answer.status === 200) {
    await answer.discard();
    const has = receivedBytes(answer);
    if (has <= blob.reached) {
      upload.follow(answer);
      state.at = has;
      state.isUnsure = false;
      return;
    }
  } else if (answer.status >= 500 || answer.status === 429) {
    throw await kit.session.refusal(kit.need, answer, kit.signal);
  } else {
    await answer.discard();
  }
  if (++state.restarts > MAX_RESTARTS) throw brokenOff(kit, `it has forgotten the upload ${MAX_RESTARTS} times`);
  await upload.cancel();
  state.upload = undefined;
  state.at = 0;
  state.isUnsure = false;
}

function brokenOff({ need }: UploadKit, why: string): ProviderError {
  const what = `${need.name.registry} does not get to the end of a blob: ${why}`;
  return new ProviderError({
    code: 'REGISTRY-DROPPED',
    what,
    fix: 'Look at the log of the registry, and at the line to it',
  });
}

async function outOfStep(kit: UploadKit, state: Progress, answer: WireAnswer): Promise<boolean> {
  if (!isAboutChunks(answer)) throw await kit.session.refusal(kit.need, answer, kit.signal);
  const forgotten = answer.status === 404 || answer.status === 416;
  if (!forgotten || state.outOfStepAt === state.at) {
    await answer.discard();
    return false;
  }
  state.outOfStepAt = state.at;
  const refusal = await kit.session.refusal(kit.need, answer, kit.signal);
  throw new ProviderError(
    { code: 'REGISTRY-REFUSED', what: refusal.message, fix: 'Look at the log of the registry' },
    { status: answer.status, retryable: true, cause: refusal },
  );
}

function isAboutChunks({ status }: WireAnswer): boolean {
  return status >= 400 && status < 500 && !NOT_ABOUT_CHUNKS.has(status);
}
