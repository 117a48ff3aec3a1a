import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeText } from './decode-text.ts';

const bytes = (...parts: readonly (string | number)[]) =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'utf8') : Buffer.from([part]))));

describe('the text of a file', () => {
  it('is its UTF-8, without the mark that Windows editors put before it', () => {
    expect(decodeText(bytes('a = "é😀"\n'), 'f')).toEqual({ text: 'a = "é😀"\n' });
    expect(decodeText(bytes('\ufeffa = 1'), 'f')).toEqual({ text: 'a = 1' });
    expect(decodeText(bytes(''), 'f')).toEqual({ text: '' });
  });

  it.each<[string, Uint8Array, number, string]>([
    ['a Latin-1 letter', bytes('a = 1\nb = "caf', 0xe9, '"\n'), 2, 'byte 0xE9 at position 15'],
    ['a byte that never occurs', bytes(0xff), 1, 'byte 0xFF at position 1'],
    ['a character that is cut off', bytes('a\nb\n', 0xc3), 3, 'byte 0xC3 at position 5'],
    ['a surrogate', bytes('\n', 0xed, 0xa0, 0x80), 2, 'byte 0xED at position 2'],
    ['UTF-16', Buffer.from('\ufeffa = 1', 'utf16le'), 1, 'it looks like UTF-16'],
  ])('is refused with the line of the first wrong byte: %s', (_, content, line, seen) => {
    expect(decodeText(content, 'haute.toml')).toMatchObject({
      problem: { code: 'FILE-NOT-UTF8', what: expect.stringContaining(seen), place: { file: 'haute.toml', line } },
    });
  });

  it('is read, or its first wrong byte is named, whatever the bytes', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.uint8Array({ maxLength: 4 }),
        fc.string(),
        (before, wrong, after) => {
          const content = Buffer.concat([Buffer.from(before), wrong, Buffer.from(after)]);
          const decoded = decodeText(content, 'f');
          if ('text' in decoded)
            expect(Buffer.from(decoded.text)).toEqual(
              content.subarray(content.length - Buffer.byteLength(decoded.text)),
            );
          else expect(decoded.problem.place?.line).toBeGreaterThan(before.split('\n').length - 1);
        },
      ),
    );
  });
});
