import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

const { GITHUB_WORKSPACE, GITHUB_SHA, HAUTE_TEST_REPOSITORY, HAUTE_TEST_WORKSPACE } = process.env;
const git = (...args) => execFileSync('git', args, { stdio: 'inherit' });

if (!HAUTE_TEST_WORKSPACE) {
  process.chdir(HAUTE_TEST_REPOSITORY);
  rmSync(GITHUB_WORKSPACE, { recursive: true, force: true });
  git('clone', '--quiet', HAUTE_TEST_REPOSITORY, GITHUB_WORKSPACE);
  process.exit();
}
if (!existsSync(HAUTE_TEST_WORKSPACE)) git('clone', '--quiet', HAUTE_TEST_REPOSITORY, HAUTE_TEST_WORKSPACE);
git('-C', HAUTE_TEST_WORKSPACE, 'fetch', '--quiet', 'origin');
git('-C', HAUTE_TEST_WORKSPACE, 'reset', '--quiet', '--hard', GITHUB_SHA);
// What runs on this machine stays, and the engine that was made for it; all else comes from artifacts or not at all.
const kept = ['local', 'engine'];
const own = join(HAUTE_TEST_WORKSPACE, '.haute');
for (const name of existsSync(own) ? readdirSync(own) : []) {
  if (!kept.includes(name)) rmSync(join(own, name), { recursive: true });
}
rmSync(GITHUB_WORKSPACE, { recursive: true, force: true });
symlinkSync(HAUTE_TEST_WORKSPACE, GITHUB_WORKSPACE);
