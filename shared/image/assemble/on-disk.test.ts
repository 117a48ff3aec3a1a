import { open, stat } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Interrupted, ProviderError } from '../../errors.ts';
import { onDisk } from './on-disk.ts';

describe('work with a file', () => {
  it.each([
    ['a file that is not there', () => stat('/nowhere/model.bin')],
    ['a folder in its place', () => open('/', 'w')],
  ])('that ends with %s is told as what the disk refused', async (_, work) => {
    const error = await onDisk<unknown>('/build/layer', work).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ProviderError);
    expect((error as ProviderError).problem).toMatchObject({
      code: 'IMAGE-DISK',
      what: expect.stringMatching(/at \/build\/layer: E/),
    });
  });

  it('that ends with anything else is not', async () => {
    const broken = new Error('the thread that compresses has ended');
    await expect(onDisk('/build/layer', () => Promise.reject(broken))).rejects.toBe(broken);
  });

  it('that is stopped is told as that', async () => {
    const signal = AbortSignal.abort();
    await expect(onDisk('/build/layer', () => setTimeout(1, undefined, { signal }))).rejects.toBeInstanceOf(
      Interrupted,
    );
  });
});
