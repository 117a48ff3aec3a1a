import { createHash } from 'node:crypto';
import { ProviderError } from '../../errors.ts';
import type { Descriptor } from '../../ports/registry.ts';
import { badAnswer, wrongDigest } from './refusal.ts';
import { dropped } from './transport-errors.ts';
import { retryNote, type UploadKit } from './upload-session.ts';
import type { WireAnswer } from './wire.ts';

/** Times that one blob is taken up again where it was cut off. */
const MAX_REOPENED = 30;

interface Position {
  body: AsyncGenerator<Uint8Array, void> | undefined;
  /** Bytes that were given on. */
  at: number;
  opened: number;
}

/**
 * The bytes of a blob, as they come. After a dropped connection it goes on where it was cut off.
 * @throws ProviderError REGISTRY-DIGEST at the end where the bytes are others than the digest's, REGISTRY-BLOB-MISSING
 */
export async function* pullBlob(
  kit: UploadKit,
  blob: Pick<Descriptor, 'digest' | 'size'>,
): AsyncGenerator<Uint8Array, void> {
  const { tools, signal, need } = kit;
  const hash = createHash('sha256');
  const position: Position = { body: undefined, at: 0, opened: 0 };
  try {
    while (position.at < blob.size) {
      const piece = await tools.retry(() => next(kit, blob, position), { signal, onRetry: retryNote(kit) });
      hash.update(piece);
      position.at += piece.length;
      if (position.at > blob.size)
        throw wrongDigest(need.name.registry, `gave more bytes of ${blob.digest} than it has`);
      if (position.at < blob.size) yield piece;
      else {
        checkDigest(`sha256:${hash.digest('hex')}`);
        yield piece;
      }
    }
    if (blob.size === 0) checkDigest(`sha256:${hash.digest('hex')}`);
  } finally {
    await position.body?.return();
  }

  function checkDigest(found: string): void {
    if (found !== blob.digest)
      throw wrongDigest(need.name.registry, `gave ${found} when it was asked for ${blob.digest}`);
  }
}

async function next(
  kit: UploadKit,
  blob: Pick<Descriptor, 'digest' | 'size'>,
  position: Position,
): Promise<Uint8Array> {
  position.body ??= await open(kit, blob, position);
  try {
    const read = await position.body.next();
    if (!read.done) return read.value;
  } catch (error) {
    position.body = undefined;
    throw error;
  }
  position.body = undefined;
  throw dropped(kit.need.name.registry, `${blob.digest} ended after ${position.at} of ${blob.size} bytes`);
}

async function open(
  kit: UploadKit,
  { digest, size }: Pick<Descriptor, 'digest' | 'size'>,
  position: Position,
): Promise<AsyncGenerator<Uint8Array, void>> {
  const { session, need, signal } = kit;
  if (position.opened++ > MAX_REOPENED) {
    const { registry } = need.name;
    const what = `${registry} cut ${digest} off ${MAX_REOPENED} times`;
    throw new ProviderError({ code: 'REGISTRY-DROPPED', what, fix: 'Look at the log of the registry' });
  }
  const from = position.at;
  // The end is written out: some registries want it.
  const headers: Record<string, string> = from > 0 ? { range: `bytes=${from}-${size - 1}` } : {};
  const answer = await session.ask(need, {
    method: 'GET',
    url: session.url(need, `blobs/${digest}`),
    headers,
    signal,
    timed: false,
  });
  if (answer.status === 200) return skip(answer.chunks(), from);
  if (answer.status === 206 && from > 0) {
    checkRange(answer, from);
    return answer.chunks();
  }
  if (answer.status === 404) {
    await answer.discard();
    throw new ProviderError(
      {
        code: 'REGISTRY-BLOB-MISSING',
        what: `${need.name.registry} has no ${digest} in ${need.name.repository}`,
        fix: 'Push the image again: part of it was deleted',
      },
      { status: 404 },
    );
  }
  throw await session.refusal(need, answer, signal);
}

function checkRange(answer: WireAnswer, from: number): void {
  const range = answer.header('content-range') ?? '';
  if (!range.startsWith(`bytes ${from}-`))
    throw badAnswer(answer.url.host, `was asked for bytes from ${from} and gave ${JSON.stringify(range.slice(0, 60))}`);
}

/** A server that knows no ranges begins anew. */
async function* skip(body: AsyncGenerator<Uint8Array, void>, bytes: number): AsyncGenerator<Uint8Array, void> {
  let left = bytes;
  for await (const piece of body) {
    if (left >= piece.length) left -= piece.length;
    else {
      yield left === 0 ? piece : piece.subarray(left);
      left = 0;
    }
  }
}
