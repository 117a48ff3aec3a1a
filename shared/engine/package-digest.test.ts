import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digestOf } from '../release/digest.ts';
import { type ListedFile, packageDigest, packageList } from './package-digest.ts';

const file = fc.record({
  path: fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme-ascii' }),
  mode: fc.constantFrom('0644', '0755'),
  digest: fc.string().map((text) => digestOf(text)),
});
const listing = fc.uniqueArray(file, { selector: ({ path }) => path, minLength: 1, maxLength: 8 });

describe('the digest of a package', () => {
  it('is that of its list, which names path, mode and content of every file', () => {
    const files: ListedFile[] = [
      { path: 'b.py', mode: '0644', digest: digestOf('b') },
      { path: 'a/x.json', mode: '0644', digest: digestOf('x') },
    ];
    expect(packageList(files)).toBe(
      `{"files":[{"digest":"${digestOf('x')}","mode":"0644","path":"a/x.json"},{"digest":"${digestOf('b')}","mode":"0644","path":"b.py"}],"schema":"haute.package/1"}`,
    );
    expect(packageDigest(files)).toBe(digestOf(packageList(files)));
  });

  it('does not depend on the order in which a disk lists its files', () => {
    fc.assert(
      fc.property(
        listing.chain((files) => fc.tuple(fc.constant(files), fc.shuffledSubarray(files, { minLength: files.length }))),
        ([files, shuffled]) => {
          expect(packageDigest(shuffled)).toBe(packageDigest(files));
        },
      ),
    );
  });

  it('changes with any file, its name, its mode, and with one more or less', () => {
    fc.assert(
      fc.property(listing, fc.nat(), fc.constantFrom('path', 'mode', 'digest', 'gone'), (files, at, what) => {
        const index = at % files.length;
        const changed = files.flatMap((each, i) => (i === index ? change(each, what) : [each]));
        expect(packageDigest(changed)).not.toBe(packageDigest(files));
      }),
    );
  });
});

function change(each: ListedFile, what: 'path' | 'mode' | 'digest' | 'gone'): ListedFile[] {
  if (what === 'gone') return [];
  const value = { path: `${each.path}~`, mode: '0600', digest: digestOf(`${each.digest}!`) }[what];
  return [{ ...each, [what]: value }];
}
