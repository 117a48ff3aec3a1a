import { describe, expect, it } from 'vitest';
import { areOf, requirementOf } from './package-name.ts';

const REQUIREMENTS = ['Typing_Extensions==4.12', 'zope.interface==6.0'];

describe('an installed package', () => {
  it('is of the requirement with its name, however that is spelled', () => {
    expect(requirementOf('zope-interface', REQUIREMENTS)).toBe('zope.interface==6.0');
  });

  it('that nobody required is never taken for one that somebody did', () => {
    expect(() => requirementOf('zope', REQUIREMENTS)).toThrow('"zope" was installed for none of the requirements');
  });
});

describe('packages', () => {
  it.each<[string, readonly string[], boolean]>([
    ['all of them', ['zope-interface', 'typing-extensions'], true],
    ['one less', ['zope-interface'], false],
    ['one twice', ['zope-interface', 'zope-interface'], false],
    ['one more', ['other', 'typing-extensions', 'zope-interface'], false],
  ])('are those of the requirements or not: %s', (_, names, are) => {
    expect(areOf(names, REQUIREMENTS)).toBe(are);
  });
});
