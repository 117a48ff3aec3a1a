import { describe, expect, it } from 'vitest';
import { releaseProblems } from './release-version.ts';

describe('a version to release', () => {
  const changelog = '# Changelog\n\n## 1.2.3 (2026-11-21)\n\n- Rates.\n';

  it('is one that everything agrees on', () => {
    expect(releaseProblems('1.2.3', '1.2.3', changelog)).toEqual([]);
  });

  it.each([
    ['is not a release', '1.2.3-rc.1', '1.2.3-rc.1'],
    ['is not what the bundle says', '1.2.3', '1.2.2'],
    ['is not in the changelog', '1.2.4', '1.2.4'],
  ])('is refused when it %s', (_, version, stamped) => {
    expect(releaseProblems(version, stamped, changelog)).not.toEqual([]);
  });
});
