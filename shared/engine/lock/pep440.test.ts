import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareVersions, inRange } from './pep440.ts';

describe('versions of Python packages', () => {
  it('are ordered as PEP 440 says', () => {
    const ordered = [
      '0.4.9',
      '0.5',
      '0.5.2',
      '0.5.10',
      '1.0.dev1',
      '1.0rc1',
      '1.0rc2',
      '1.0',
      '1.0.post1',
      '1.0.1',
      '10',
    ];
    expect(ordered.toReversed().toSorted(compareVersions)).toEqual(ordered);
  });

  it('are the same with and without trailing zeros', () => {
    expect(compareVersions('0.5', '0.5.0')).toBe(0);
  });

  it('have one order, whichever way they are compared', () => {
    const version = fc.array(fc.nat(30), { minLength: 1, maxLength: 4 }).map((parts) => parts.join('.'));
    fc.assert(
      fc.property(version, version, (a, b) => {
        expect(Math.sign(compareVersions(a, b)) + Math.sign(compareVersions(b, a))).toBe(0);
      }),
    );
  });

  it.each([
    ['0.5.2', '', true],
    ['0.5.2', '==0.5.2', true],
    ['0.5.2', '>=0.5,<0.6', true],
    ['0.6.0', '>=0.5, <0.6', false],
    ['0.5.2', '==0.5.*', true],
    ['0.6.0', '==0.5.*', false],
    ['0.6.0', '!=0.5.*', true],
    ['0.5.9', '~=0.5.2', true],
    ['0.6.0', '~=0.5.2', false],
    ['0.6.0', '~=0.5', true],
    ['0.5.2', '!=0.5.2', false],
    ['0.5.2', '<=0.5.2,>0.5.1', true],
    ['0.5.2', 'nonsense', false],
  ])('%s is in the range "%s": %s', (version, range, is) => {
    expect(inRange(version, range)).toBe(is);
  });
});
