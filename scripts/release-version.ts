/**
 * Prints `version=1.2.3`, the version to release, after checking that everything that names it agrees.
 *
 *   node scripts/release-version.ts >> "$GITHUB_OUTPUT"
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { VERSION } from '../shared/version.ts';

/** What keeps a version from being released; empty when nothing does. */
export function releaseProblems(version: string, stamped: string, changelog: string): readonly string[] {
  const problems: string[] = [];
  if (!/^\d+\.\d+\.\d+$/.test(version)) problems.push(`package.json: ${version} is not a release (1.2.3)`);
  if (stamped !== version) problems.push(`shared/version.ts says ${stamped}, package.json ${version}`);
  if (!changelog.split('\n').some((line) => line.startsWith(`## ${version}`))) {
    problems.push(`CHANGELOG.md has no section ${version}`);
  }
  return problems;
}

if (import.meta.main) {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  const problems = releaseProblems(version, VERSION, readFileSync(join(root, 'CHANGELOG.md'), 'utf8'));
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  if (problems.length > 0) process.exitCode = 1;
  else process.stdout.write(`version=${version}\n`);
}
