import type { IncomingMessage } from 'node:http';
import { PassThrough, Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { ReplayBody, ReplayBudget } from './replay-body.ts';

/** A request body as it comes from a client: so many chunks of so many bytes, one at a time. */
function client(chunks: number, bytes = 10): IncomingMessage {
  const parts = Array.from({ length: chunks }, (_, index) => Buffer.alloc(bytes, index));
  return Readable.from(parts, { objectMode: false, highWaterMark: 1 }) as unknown as IncomingMessage;
}

async function all(body: ReplayBody): Promise<number> {
  let bytes = 0;
  for (let index = 0; ; index += 1) {
    const chunk = await body.chunk(index);
    if (chunk === undefined) return bytes;
    bytes += chunk.length;
  }
}

describe('a body that may have to be sent again', () => {
  it('gives the same bytes each time while it fits', async () => {
    const body = new ReplayBody(client(5), 100, new ReplayBudget(1_000));
    expect([await all(body), await all(body), body.replayable]).toEqual([50, 50, true]);
  });

  it('passes through once when it does not fit, and says that it cannot be sent again', async () => {
    const body = new ReplayBody(client(50), 100, new ReplayBudget(1_000));
    expect(await all(body)).toBe(500);
    expect(body.replayable).toBe(false);
    await expect(body.chunk(0)).rejects.toThrow('not kept');
  });

  it('takes no more than all requests together may hold, and gives it back', async () => {
    const budget = new ReplayBudget(60);
    const first = new ReplayBody(client(5), 100, budget);
    await all(first);
    const second = new ReplayBody(client(5), 100, budget);
    expect([await all(second), second.replayable]).toEqual([50, false]);
    first.release();
    second.release();
    const third = new ReplayBody(client(5), 100, budget);
    expect([await all(third), third.replayable]).toEqual([50, true]);
  });

  it('loses no chunk that an attempt asked for and did not take', async () => {
    const source = new PassThrough();
    const body = new ReplayBody(source as unknown as IncomingMessage, 100, new ReplayBudget(100));
    const abandoned = body.chunk(0);
    const next = body.chunk(0);
    source.end('all');
    expect([String(await abandoned), String(await next)]).toEqual(['all', 'all']);
  });

  it('tells every attempt when the client is gone', async () => {
    const source = new PassThrough();
    const body = new ReplayBody(source as unknown as IncomingMessage, 100, new ReplayBudget(100));
    const waiting = body.chunk(0);
    source.destroy(new Error('gone'));
    await expect(waiting).rejects.toThrow('gone');
    await expect(body.discard()).resolves.toBeUndefined();
  });

  it('reads nothing before it is asked', async () => {
    const source = new PassThrough();
    source.end('waiting...');
    const body = new ReplayBody(source as unknown as IncomingMessage, 100, new ReplayBudget(100));
    await new Promise((resolve) => setImmediate(resolve));
    expect(source.readableLength).toBe(10);
    await body.discard();
    expect(source.readableLength).toBe(0);
  });
});
