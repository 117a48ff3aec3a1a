import { describe, expect, it } from 'vitest';
import { Interrupted } from '../../errors.ts';
import type { RegistryCall } from '../../ports/registry.ts';
import { digestOf } from '../../release/digest.ts';
import { Uploads } from './uploads.ts';

const NEVER = new AbortController().signal;

/** Sends that end when they are told to. */
function sends() {
  const running = new Set<string>();
  const ends = new Map<string, (bytes: number | Error) => void>();
  let most = 0;
  const send =
    (name: string) =>
    ({ signal }: RegistryCall) =>
      new Promise<number>((resolve, reject) => {
        running.add(name);
        most = Math.max(most, running.size);
        const end = (result: number | Error): void => {
          running.delete(name);
          if (result instanceof Error) reject(result);
          else resolve(result);
        };
        ends.set(name, end);
        signal.addEventListener('abort', () => end(new Interrupted()), { once: true });
      });
  return { send, running, end: (name: string, result: number | Error) => ends.get(name)?.(result), most: () => most };
}

describe('uploads', () => {
  it('are on their way at once, a few at a time, each blob once', async () => {
    const { send, running, end, most } = sends();
    const uploads = new Uploads(NEVER);
    for (let n = 0; n < 9; n++) uploads.add(digestOf(String(n)), send(String(n)));
    uploads.add(digestOf('0'), send('again'));
    expect([...running]).toEqual(['0', '1', '2', '3', '4', '5']);
    const sent = uploads.all();
    for (let n = 0; n < 9; n++) {
      end(String(n), n);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect([...(await sent).values()]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(most()).toBe(6);
  });

  it('end with the first that fails, and so does whatever is being made for the next', async () => {
    const { send, running, end } = sends();
    const uploads = new Uploads(NEVER);
    const full = new Error('the registry is full');
    for (const name of ['a', 'b']) uploads.add(digestOf(name), send(name));
    end('a', full);
    await expect(uploads.all()).rejects.toBe(full);
    expect([uploads.signal.aborted, uploads.failure?.error, running.size]).toEqual([true, full, 0]);
    uploads.add(digestOf('c'), send('c'));
    expect(running.size).toBe(0);
  });

  it('are ended when the build is, and waited for', async () => {
    const { send, running } = sends();
    const stop = new AbortController();
    const uploads = new Uploads(stop.signal);
    uploads.add(digestOf('a'), send('a'));
    stop.abort();
    await expect(uploads.all()).rejects.toBeInstanceOf(Interrupted);
    const closed = new Uploads(NEVER);
    closed.add(digestOf('b'), send('b'));
    await closed.close();
    expect(running.size).toBe(0);
  });
});
