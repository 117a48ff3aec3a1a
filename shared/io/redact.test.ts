import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Redactor } from './redact.ts';

const TOKEN = 'dapi/Æ+9 "quoted"&<x>';
const KEY = '-----BEGIN KEY-----\nMIIEvQIBADANBgkqh\nkiG9w0BAQEFAASC=\n-----END KEY-----\n';

function redacting(...secrets: readonly string[]): Redactor {
  const redactor = new Redactor();
  for (const secret of secrets) redactor.add(secret);
  return redactor;
}

describe('a redactor', () => {
  it.each<[string, string]>([
    ['as it is', TOKEN],
    ['in JSON', JSON.stringify({ t: TOKEN })],
    ['in JSON within JSON', JSON.stringify({ line: JSON.stringify({ t: TOKEN }) })],
    ['in JSON of ASCII only', JSON.stringify(TOKEN).replace('Æ', '\\u00c6')],
    ['in JSON with escaped slashes', JSON.stringify(TOKEN).replaceAll('/', '\\/')],
    ['in XML', TOKEN.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;')],
    ['in a URL', `https://example.org/?t=${encodeURIComponent(TOKEN)}&x=1`],
    ['in a URL with lower-case hex', encodeURIComponent(TOKEN).replace(/%../g, (code) => code.toLowerCase())],
    ['in a form', new URLSearchParams({ t: TOKEN }).toString()],
    ['in base64', Buffer.from(TOKEN).toString('base64')],
    ['in URL-safe base64', Buffer.from(TOKEN).toString('base64url')],
    ['behind a user name in base64', `Basic ${Buffer.from(`token:${TOKEN}`).toString('base64')}`],
    ['in the middle of base64', Buffer.from(`ab${TOKEN}cdef`).toString('base64')],
  ])('hides a secret %s', (_, text) => {
    const shown = redacting(TOKEN).text(`before ${text} after`);
    expect(shown).toMatch(/^before .*\*\*\*.* after$/s);
    for (const part of ['dapi', 'quoted', encodeURIComponent('Æ'), 'ZGFwaS', 'cXVvdGVk'])
      expect(shown).not.toContain(part);
  });

  it('hides every line of a secret of several lines, whichever line breaks and indents it is shown with', () => {
    const redactor = redacting(KEY);
    const lines = KEY.trim().split('\n');
    expect(lines.map((line) => redactor.text(`  ${line}\r`))).toEqual(lines.map(() => '  ***\r'));
    expect(redactor.text(JSON.stringify(KEY.replaceAll('\n', '\r\n')))).not.toMatch(/MIIE|kiG9/);
  });

  it('hides a secret without the white space that its file ends with', () => {
    expect(redacting('  hunter22\n').text('password=hunter22;')).toBe('password=***;');
  });

  it.each(['', 'a', 'abc', '   ', '\n\n\n\n', ' ab '])('does not hide %j, and says so', (short) => {
    const redactor = new Redactor();
    expect(redactor.add(short)).toBe(false);
    expect(redactor.text(`x${short}y abc    z`)).toBe(`x${short}y abc    z`);
  });

  it('hides overlapping secrets whole', () => {
    expect(redacting('abcdef', 'defghi').text('_abcdefghi_')).toBe('_***_');
    expect(redacting('aaaa').text('_aaaaaaa_')).toBe('_***_');
  });

  it('hides neighbouring secrets one by one', () => {
    expect(redacting('abcd', 'efgh').text('abcdefgh')).toBe('******');
  });

  it('treats a secret as text, never as a pattern', () => {
    expect(redacting('.*(a|b)+$').text('anything .*(a|b)+$ else')).toBe('anything *** else');
  });

  it('shows no part of a secret that goes on behind the limit', () => {
    const redactor = redacting('secret-token');
    expect(redactor.text('0123456secret-token', 10)).toBe('0123456***');
    expect(redactor.text('0123456789secret-token', 10)).toBe('0123456789');
    expect(redactor.text('secret-token456789x', 15)).toBe('***456');
  });

  it('leaves no character of any occurrence of a secret, and everything else as it was', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', '/', '"'), minLength: 4, maxLength: 8 });
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '/', '"', ' '), maxLength: 60 });
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 3 }), text, (secrets, haystack) => {
        const shown = redacting(...secrets).text(haystack);
        for (const secret of secrets) expect(shown).not.toContain(secret);
        // Every piece between the masks is found in the original, in order.
        let from = 0;
        for (const piece of shown.split('***')) {
          const at = haystack.indexOf(piece, from);
          expect(at).toBeGreaterThanOrEqual(from);
          from = at + piece.length;
        }
      }),
    );
  });

  it('hides any secret in base64, whatever stands before and behind it', () => {
    const bytes = fc.string({ maxLength: 7 });
    fc.assert(
      fc.property(fc.string({ minLength: 8, maxLength: 40 }), bytes, bytes, (raw, before, after) => {
        const secret = `k${raw.trim()}k12345678`;
        const encoded = Buffer.from(before + secret + after).toString('base64');
        const shown = redacting(secret).text(encoded);
        // Up to one character on either side mixes bits of the secret with its neighbours'.
        const own = Math.floor((Buffer.byteLength(secret) * 4) / 3) - 2;
        expect(encoded.length - shown.replace('***', '').length).toBeGreaterThanOrEqual(own);
      }),
    );
  });

  it('does the same a second time', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 4, unit: fc.constantFrom('a', 'b') }),
        fc.string({ unit: fc.constantFrom('a', 'b', 'c') }),
        (secret, text) => {
          const redactor = redacting(secret);
          expect(redactor.text(redactor.text(text))).toBe(redactor.text(text));
        },
      ),
    );
  });
});
