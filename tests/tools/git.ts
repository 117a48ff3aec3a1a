import { execFileSync } from 'node:child_process';

/** Who writes the rates of a test. */
export const AUTHOR = { name: 'Eve Author', email: 'eve@example.com' };

export function git(cwd: string, ...args: readonly string[]): string {
  return execFileSync('git', args, { cwd, encoding: 'utf8', timeout: 60_000 });
}

/** Commits all that is in a folder, which is made a repository first where it is none. @returns the commit */
export function commitAll(folder: string, title = 'feat: rates'): string {
  git(folder, 'init', '--quiet', '--initial-branch=main');
  git(folder, 'add', '--all');
  const who = ['-c', `user.name=${AUTHOR.name}`, '-c', `user.email=${AUTHOR.email}`, '-c', 'commit.gpgsign=false'];
  git(folder, ...who, 'commit', '--quiet', '--message', title);
  return git(folder, 'rev-parse', 'HEAD').trim();
}
