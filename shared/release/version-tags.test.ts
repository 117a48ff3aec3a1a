import { describe, expect, it } from 'vitest';
import { highestVersion } from './version-tags.ts';

describe('the version of a commit', () => {
  it.each([
    [['v1.4.2'], '1.4.2'],
    [['1.4.2'], '1.4.2'],
    [['v1.9.0', 'v1.10.0'], '1.10.0'],
    [['v2.0.0-rc.1', 'v2.0.0'], '2.0.0'],
    [['v2.0.0-rc.2', 'v2.0.0-rc.10'], '2.0.0-rc.10'],
    [['v2.0.0-rc.1', 'v2.0.0-rc'], '2.0.0-rc.1'],
    [['v2.0.0-1', 'v2.0.0-alpha'], '2.0.0-alpha'],
    [['', 'latest', 'v1', 'v1.4', 'v01.2.3', 'v1.4.2+build', 'release-1.4.2', 'v1.4.2 '], '1.4.2'],
    [['latest', 'v1.4.2+build'], undefined],
    [[], undefined],
  ])('of tags %j is %s', (tags, version) => {
    expect(highestVersion(tags)).toBe(version);
  });
});
