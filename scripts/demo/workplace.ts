import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const example = join(root, 'examples', 'motor-pricing');

/** The bundle that the demo runs: the one that is published. */
export const bundle = join(root, 'dist', 'index.js');
/** Where the demo keeps its copy of the example; git ignores it. */
export const project = join(root, '.demo', 'motor-pricing');

export function workplaceExists(): boolean {
  return existsSync(project);
}

/** A fresh copy of the example as a repository of its own, its first version committed. */
export function makeWorkplace(): void {
  rmSync(project, { recursive: true, force: true });
  mkdirSync(project, { recursive: true });
  // The overlays and what earlier runs left are no part of the project.
  cpSync(example, project, {
    recursive: true,
    filter: (path) => !/\/(versions|outputs|\.haute(_cache)?)(\/|$)/.test(path),
  });
  git('init', '--quiet', '--initial-branch=main');
  commit('rates of last year');
}

/** Lays a version's files over the project and commits them. */
export function applyVersion(version: string, title: string): void {
  cpSync(join(example, 'versions', version), project, {
    recursive: true,
    filter: (path) => !path.endsWith('README.md'),
  });
  commit(title);
}

/** Takes the project back to how an earlier commit had it, as a commit of its own. */
export function restore(revision: string, title: string): void {
  git('checkout', '--quiet', revision, '--', '.');
  commit(title);
}

export function head(): string {
  return git('rev-parse', 'HEAD').trim();
}

export function removeWorkplace(): void {
  rmSync(join(root, '.demo'), { recursive: true, force: true });
}

function commit(title: string): void {
  git('add', '--all');
  git(
    '-c',
    'user.name=Pricing Analyst',
    '-c',
    'user.email=analyst@example.com',
    'commit',
    '--quiet',
    '--message',
    title,
  );
}

function git(...args: readonly string[]): string {
  return execFileSync('git', args, { cwd: project, encoding: 'utf8' });
}
