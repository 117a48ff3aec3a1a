import { existsSync, mkdtempSync, openSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ProviderError } from '../errors.ts';
import { DiskScratch } from './disk-scratch.ts';

let parent = '';
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'scratch-test-'));
});
afterEach(() => {
  rmSync(parent, { recursive: true, force: true });
});

describe('a scratch file', () => {
  it('gives back what was put into it, in any order', () => {
    const scratch = new DiskScratch(parent);
    const pieces = Array.from({ length: 20 }, (_, index) => new Uint8Array(70_000 + index).fill(index));
    const places = pieces.map((piece) => scratch.append(piece));
    for (const index of [19, 0, 7, 7, 3]) {
      const into = new Uint8Array(70_000 + index);
      scratch.read(places[index] as number, into);
      expect(Buffer.compare(into, pieces[index] as Uint8Array)).toBe(0);
    }
    scratch.close();
    expect(readdirSync(parent)).toEqual([]);
  });

  it('makes nothing before something is put into it', () => {
    const scratch = new DiskScratch(parent);
    scratch.close();
    expect(readdirSync(parent)).toEqual([]);
  });

  it('says that it cannot be written, and where', () => {
    const scratch = new DiskScratch(join(parent, 'nowhere'));
    const write = (): unknown => scratch.append(new Uint8Array(3));
    expect(write).toThrow(ProviderError);
    expect(write).toThrow(/cannot write temporary data into .*nowhere.*\[DISK-MISSING\]/);
  });

  it('leaves nothing behind where it cannot be made', () => {
    const scratch = new DiskScratch(parent, () => {
      throw Object.assign(new Error('EMFILE'), { code: 'EMFILE' });
    });
    expect(() => scratch.append(new Uint8Array(3))).toThrow(ProviderError);
    scratch.close();
    expect(readdirSync(parent)).toEqual([]);
  });

  it.runIf(existsSync('/dev/full'))('says that the disk is full', () => {
    const scratch = new DiskScratch(parent, () => openSync('/dev/full', 'w'));
    expect(() => scratch.append(new Uint8Array(1 << 19))).toThrow(/the disk is full.*\[DISK-FULL\]/);
    scratch.close();
    expect(readdirSync(parent)).toEqual([]);
  });
});
