import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { zipOf } from '../../tests/fakes/zip.ts';
import { ProviderError } from '../errors.ts';
import { readZip } from './zip.ts';

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** A change of a directory entry: a number written at a place. */
function saying(value: number, at: number): { change: (entry: Buffer) => Buffer } {
  return {
    change(entry) {
      entry.writeUInt32LE(value, at);
      return entry;
    },
  };
}

describe('a zip archive', () => {
  it.each([true, false])('gives back what was packed, deflated: %s', (deflate) => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 2000 }), { maxLength: 5 }), (contents) => {
        const files = Object.fromEntries(contents.map((bytes, index) => [`dir/ü${index}.bin`, bytes]));
        const read = readZip(zipOf(files, { deflate }), 'it');
        expect(Object.fromEntries(read.map((file) => [file.path, [...file.bytes]]))).toEqual(
          Object.fromEntries(Object.entries(files).map(([path, bytes]) => [path, [...bytes]])),
        );
      }),
    );
  });

  it('skips folders', () => {
    expect(readZip(zipOf({ 'a/': '', 'a/b.txt': 'x' }), 'it').map((file) => file.path)).toEqual(['a/b.txt']);
  });

  it.each(['../x', '/x', 'a/../../x', 'a//x', 'C:x', 'a\\..\\x', './x'])('with a file %s is refused', (path) => {
    expect(() => readZip(zipOf({ [path]: 'x' }), 'it')).toThrow(/is no path in it/);
  });

  it.each<[string, Buffer, RegExp]>([
    ['no archive', Buffer.from('<html>'), /it has no end/],
    ['nothing', Buffer.alloc(0), /it has no end/],
    ['cut at its beginning', zipOf({ a: 'x'.repeat(500) }, { deflate: false }).subarray(300), /FORGE-BAD-ANSWER/],
    ['cut at its end', zipOf({ a: 'x' }).subarray(0, -4), /FORGE-BAD-ANSWER/],
    ['that says it is larger than it may be', zipOf({ a: 'x' }, saying(2 ** 31, 24)), /too large/],
    ['that says it is smaller than it is', zipOf({ a: 'x'.repeat(99) }, saying(3, 24)), /checksum/],
    ['with another content than it says', zipOf({ a: 'x' }, saying(1, 16)), /checksum/],
    ['packed in a way of its own', zipOf({ a: 'x' }, saying(12, 10)), /method 12/],
  ])('%s is an error', (_, bytes, why) => {
    expect(() => readZip(bytes, 'the artifact release')).toThrow(ProviderError);
    expect(() => readZip(bytes, 'the artifact release')).toThrow(why);
  });

  it('is read without anything but our own error, whatever the bytes', () => {
    const good = zipOf({ a: 'content of a', b: 'content of b' });
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.nat(255), (at, byte) => {
        const bad = Buffer.from(good);
        bad[at] = byte;
        try {
          readZip(bad, 'it').map((file) => text(file.bytes));
        } catch (error) {
          expect(error).toBeInstanceOf(ProviderError);
        }
      }),
      { numRuns: 500 },
    );
  });
});
