import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

const { GITHUB_WORKSPACE, GITHUB_SHA, HAUTE_TEST_REPOSITORY, HAUTE_TEST_WORKSPACE } = process.env;
const { GITHUB_ENV, GITHUB_JOB, ACTIONS_ID_TOKEN_REQUEST_URL } = process.env;
const git = (...args) => execFileSync('git', args, { stdio: 'inherit' });

// The runner gives each job an address of its own to ask for its token at; act knows of one for all.
if (ACTIONS_ID_TOKEN_REQUEST_URL) {
  appendFileSync(GITHUB_ENV, `ACTIONS_ID_TOKEN_REQUEST_URL=${ACTIONS_ID_TOKEN_REQUEST_URL}&job=${GITHUB_JOB}\n`);
}
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
