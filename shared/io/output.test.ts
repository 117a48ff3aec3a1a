import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BoundedOutput, LineSplitter } from './output.ts';

function split(chunks: readonly Uint8Array[], maxChars = 1_000): string[] {
  const lines: string[] = [];
  const splitter = new LineSplitter(maxChars, (line) => lines.push(line));
  for (const chunk of chunks) splitter.push(chunk);
  splitter.end();
  return lines;
}

/** The bytes cut at these places. */
function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const at = [0, ...places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return at.slice(1).map((end, i) => bytes.subarray(at[i], end));
}

describe('lines of a stream', () => {
  it.each([
    ['a\nb\n', ['a', 'b']],
    ['a\r\nb', ['a', 'b']],
    ['10%\r20%\rdone\n', ['10%', '20%', 'done']],
    ['a\n\nb', ['a', '', 'b']],
    ['a\r', ['a']],
    ['', []],
  ])('%j', (text, lines) => {
    expect(split([Buffer.from(text)])).toEqual(lines);
  });

  it('are the same wherever the stream is cut into chunks, in the middle of a character or of CRLF too', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'é', '😀', '\r\n', '\n', '\r'), maxLength: 30 });
    fc.assert(
      fc.property(text, fc.array(fc.nat(200), { maxLength: 6 }), (content, places) => {
        const bytes = Buffer.from(content);
        expect(split(cut(bytes, places))).toEqual(split([bytes]));
      }),
    );
  });

  it('are cut when they are too long, and go on with the next line', () => {
    const text = Buffer.from(`${'x'.repeat(50)}\nnext\n${'y'.repeat(11)}`);
    const lines = ['x'.repeat(10), 'next', 'y'.repeat(10)];
    expect(split([text], 10)).toEqual(lines);
    expect(split(cut(text, [3, 9, 14, 20, 31, 40, 50, 52, 60]), 10)).toEqual(lines);
  });
});

describe('bounded output', () => {
  it('is whole up to its bound, however it is cut', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.array(fc.nat(40)), (bytes, places) => {
        const output = new BoundedOutput(40);
        for (const chunk of cut(bytes, places)) output.push(chunk);
        expect(output.omittedBytes).toBe(0);
        expect(output.text()).toBe(Buffer.from(bytes).toString('utf8'));
      }),
    );
  });

  it('keeps head and tail and counts what is between them', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme-ascii', minLength: 11, maxLength: 200 }),
        fc.array(fc.nat(200)),
        (text, places) => {
          const output = new BoundedOutput(10);
          for (const chunk of cut(Buffer.from(text), places)) output.push(chunk);
          const omitted = text.length - 10;
          expect(output.omittedBytes).toBe(omitted);
          expect(output.text()).toBe(`${text.slice(0, 5)}\n… ${omitted} bytes left out …\n${text.slice(-5)}`);
        },
      ),
    );
  });

  it('shows no half characters at the gap', () => {
    const output = new BoundedOutput(8);
    output.push(Buffer.from('aé😀xxxxx😀éa'));
    expect(output.text()).toBe('aé\n… 11 bytes left out …\néa');
  });
});
