import { describe, expect, it } from 'vitest';
import { overlapping } from './overlaps.ts';

const bringing = (path: string) => [
  { name: 'one', paths: { [path]: 'sha256=a' } },
  { name: 'two', paths: { [path]: 'sha256=b' } },
];

describe('a file that two packages bring with another content', () => {
  it.each([
    'lib/tests.py',
    'paths.pth',
    'lib/fast.cpython-311-x86_64-linux-gnu.so',
    'libs/libgomp.so.1',
    'libs/libz.so.1.2.13',
  ])('is refused where Python loads it: %s', (path) => {
    expect(() => overlapping(bringing(path))).toThrow(
      /one and two each bring another content.*IMAGE-PACKAGES-OVERLAP/s,
    );
  });

  it.each(['LICENSE', 'lib/notes.so.txt', 'lib/also'])('is not where it is no code: %s', (path) => {
    expect([...overlapping(bringing(path))]).toEqual(['one', 'two']);
  });
});
