import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitMarkdown } from './fit-markdown.ts';

describe('a page that is too long', () => {
  it('is left alone when it fits', () => {
    expect(fitMarkdown('# Title\n', 8)).toBe('# Title\n');
  });

  it('never comes out over its limit, whatever signs it has', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 3000 }), fc.nat(4000), (text, limit) => {
        expect(Buffer.byteLength(fitMarkdown(text, limit))).toBeLessThanOrEqual(limit);
      }),
    );
  });

  it('ends at a line, closes what was open, and says that it was cut', () => {
    const open = `<details><summary>Quotes</summary>\n\n~~~text\n${'a line of findings\n'.repeat(500)}`;
    const cut = fitMarkdown(open, 2000);
    expect(cut).toMatch(/a line of findings\n~~~\n<\/details>\n\n\*\*Cut here: the whole has 9544 bytes/);
  });

  it('does not close what the text closed itself', () => {
    const closed = `\`\`\`\ncode\n\`\`\`\n${'text\n'.repeat(1000)}`;
    expect(fitMarkdown(closed, 2000).match(/```/g)).toHaveLength(2);
  });
});
