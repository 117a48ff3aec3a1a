import { describe, expect, it } from 'vitest';
import { ownersOf } from './file-owners.ts';

describe('the files of packages', () => {
  const listed = new Map([
    ['one', ['one/b.py', 'one/a.py', 'LICENSE', 'one/gone.py']],
    ['two', ['two/__init__.py', 'LICENSE']],
  ]);

  it('are those that each lists, as far as they are there', () => {
    const owned = ownersOf(['LICENSE', 'one/a.py', 'one/b.py', 'two/__init__.py'], listed);
    expect(Object.fromEntries(owned)).toEqual({
      one: ['LICENSE', 'one/a.py', 'one/b.py'],
      two: ['LICENSE', 'two/__init__.py'],
    });
  });

  it('are told where one is in no list', () => {
    expect(() => ownersOf(['LICENSE', 'one/stray.so'], listed)).toThrow(
      /one\/stray.so was installed for the image, and no package lists it.*IMAGE-PACKAGE-UNLISTED/,
    );
  });
});
