import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { commitAll, git } from './git.ts';

const root = resolve(import.meta.dirname, '../..');

/** A project on a GitLab that is a folder: `git@gitlab.com:` leads there, and our components are at a tag of theirs. */
export interface GitlabWorkspace {
  /** The consumer's checkout, on branch main, with nothing in it yet. */
  readonly project: string;
  /** Checkout of the component project. */
  readonly components: string;
  /** For every program that is to find the remotes. */
  readonly env: Readonly<Record<string, string>>;
  remove(): void;
}

/** @param version the tag of the component project, as released: `1.2.3` */
export function gitlabWorkspace(version: string): GitlabWorkspace {
  const folder = mkdtempSync(join(tmpdir(), 'haute-gitlab-'));
  const remotes = join(folder, 'remotes');
  const components = join(folder, 'components');
  cpSync(join(root, 'gitlab-components'), components, { recursive: true });
  commitAll(components);
  git(components, 'tag', version);
  git(components, 'remote', 'add', 'origin', 'git@gitlab.com:haute/deploy.git');
  mkdirSync(join(remotes, 'haute'), { recursive: true });
  git(folder, 'clone', '--quiet', '--bare', components, join(remotes, 'haute', 'deploy.git'));
  const project = join(folder, 'pricing');
  mkdirSync(project);
  return {
    project,
    components,
    env: towards(`${remotes}/`),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function towards(remotes: string): Readonly<Record<string, string>> {
  const hosts = ['ssh://git@gitlab.com:22/', 'ssh://git@gitlab.com/', 'git@gitlab.com:'];
  const pairs = hosts.flatMap((host, index) => [
    [`GIT_CONFIG_KEY_${index}`, `url.${remotes}.insteadOf`],
    [`GIT_CONFIG_VALUE_${index}`, host],
  ]);
  return { GIT_CONFIG_COUNT: String(hosts.length), ...Object.fromEntries(pairs) };
}
