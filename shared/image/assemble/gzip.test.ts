import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { Compressor } from './compressor.ts';
import { gzip } from './gzip.ts';

const compressors: Compressor[] = [];
afterAll(() => Promise.all(compressors.map((each) => each.close())));

function compressorOf(threads: number): Compressor {
  const made = new Compressor(threads);
  compressors.push(made);
  return made;
}

async function* cut(bytes: Uint8Array, size: number): AsyncIterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function packed(bytes: Uint8Array, size: number, compressor = compressorOf(1)): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of gzip(cut(bytes, size), compressor)) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** Text that repeats itself, further than one piece of the compressor. */
function text(bytes: number): Uint8Array {
  const lines = Array.from({ length: Math.ceil(bytes / 12) }, (_, n) => `rate,${n % 977},${(n * 7919) % 100_003}\n`);
  return Buffer.from(lines.join('')).subarray(0, bytes);
}

describe('gzip', () => {
  it('gives back what went in, to a reader that we did not write', async () => {
    const compressor = compressorOf(1);
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 5_000 }), fc.integer({ min: 1, max: 700 }), async (bytes, size) => {
        expect(gunzipSync(await packed(bytes, size, compressor))).toEqual(Buffer.from(bytes));
      }),
    );
    const long = text(3_000_000);
    expect(gunzipSync(await packed(long, 65_536)).equals(long)).toBe(true);
  });

  it('gives the same bytes however the input is cut', async () => {
    const long = text(3_000_000);
    const whole = await packed(long, long.length);
    for (const size of [999, 65_536, 1_048_577]) expect((await packed(long, size)).equals(whole)).toBe(true);
  });

  it('gives the same bytes with one thread and with three, in the order that they went in', async () => {
    const long = text(12_000_000);
    const [one, three] = [await packed(long, 300_000, compressorOf(1)), await packed(long, 300_000, compressorOf(3))];
    expect(one.equals(three)).toBe(true);
    expect(gunzipSync(three).equals(long)).toBe(true);
  });

  it('gives the bytes that it gave before: another compressor would be another digest for the same commit', async () => {
    const digest = createHash('sha256')
      .update(await packed(text(1_500_000), 4_096))
      .digest('hex');
    expect(digest).toBe('032ebc63974e5f6429dc8e553fc4f549e53ae4b36711c56cade09ef20c819265');
  });

  it('names no time and no system in its header', async () => {
    expect([...(await packed(text(10), 10)).subarray(0, 10)]).toEqual([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);
  });

  it('leaves it to others how this process ends when something else fails', async () => {
    const listeners = () =>
      ['uncaughtException', 'unhandledRejection'].map((event) => process.listeners(event as 'uncaughtException'));
    const before = listeners();
    await packed(text(10), 10);
    expect(listeners()).toEqual(before);
  });

  it('tells whoever waits when its threads are ended', async () => {
    const compressor = compressorOf(2);
    const waiting = Array.from({ length: 12 }, () => compressor.compress(compressor.piece()));
    const ended = Promise.allSettled(waiting);
    await compressor.close();
    expect((await ended).map(({ status }) => status)).toContain('rejected');
  });
});
