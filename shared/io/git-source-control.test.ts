import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Interrupted, ProviderError } from '../errors.ts';
import type { Exec } from '../ports/exec.ts';
import { DiskFiles } from './disk-files.ts';
import { GitSourceControl } from './git-source-control.ts';
import { NodeExec } from './node-exec.ts';
import { Redactor } from './redact.ts';

const PERSON = {
  GIT_AUTHOR_NAME: 'Ada Actuary',
  GIT_AUTHOR_EMAIL: 'ada@example.org',
  GIT_COMMITTER_NAME: 'Merge Bot',
  GIT_COMMITTER_EMAIL: 'bot@example.org',
};
const signal = new AbortController().signal;
let dir: string;
let env: Record<string, string>;

beforeEach(() => {
  dir = realpathSync(mkdtempSync(join(tmpdir(), 'haute-git-')));
  mkdirSync(join(dir, 'home'));
  mkdirSync(join(dir, 'repo/pricing'), { recursive: true });
  env = { PATH: process.env.PATH ?? '', HOME: join(dir, 'home'), ...PERSON };
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function git(...args: readonly string[]): string {
  return execFileSync('git', args, { cwd: join(dir, 'repo'), env, encoding: 'utf8', stdio: 'pipe' }).trim();
}

function put(path: string, content = ''): void {
  mkdirSync(join(dir, 'repo', path, '..'), { recursive: true });
  writeFileSync(join(dir, 'repo', path), content);
}

function commit(message = 'rates'): string {
  git('add', '--all');
  git('commit', '--quiet', '--allow-empty', '--message', message);
  return git('rev-parse', 'HEAD');
}

function source(over: Record<string, string> = {}, exec: Exec = new NodeExec(new Redactor())): GitSourceControl {
  return new GitSourceControl(exec, new DiskFiles(), { ...env, ...over });
}

const project = () => join(dir, 'repo/pricing');

describe('the state of a project in a checkout', () => {
  beforeEach(() => {
    git('init', '--quiet');
    put('pricing/haute.toml', '[project]');
    put('other/file');
  });

  it('is its commit, and nothing else when it is clean', async () => {
    const head = commit();
    expect(await source().state(project(), signal)).toEqual({ commit: head, dirty: [] });
    expect(await source().state(join(dir, 'repo'), signal)).toEqual({ commit: head, dirty: [] });
  });

  it('names what differs below the project, relative to it: changed, staged, deleted, new, moved, of any name', async () => {
    put('pricing/gone');
    put('pricing/moved', 'content that git recognises when it is moved to another name');
    const head = commit();
    put('pricing/haute.toml', '[project] # changed');
    put('pricing/new folder/père "1".csv');
    put('pricing/new\nline');
    put('other/file', 'changed');
    rmSync(join(project(), 'gone'));
    git('mv', 'pricing/moved', 'pricing/renamed');
    expect(await source().state(project(), signal)).toEqual({
      commit: head,
      dirty: ['gone', 'haute.toml', 'moved', 'new\nline', 'new folder/', 'renamed'],
    });
  });

  it('does not count what we write ourselves, nor what git ignores', async () => {
    put('pricing/.gitignore', '*.log\n');
    put('pricing/.haute/committed', 'old');
    const head = commit();
    put('pricing/.haute/committed', 'new');
    put('pricing/.haute/release.json', '{}');
    put('pricing/run.log');
    put('pricing/.haute-not-ours');
    expect(await source().state(project(), signal)).toEqual({ commit: head, dirty: ['.haute-not-ours'] });
  });

  it('has no commit on a branch without one, and everything differs', async () => {
    expect(await source().state(project(), signal)).toEqual({ commit: null, dirty: ['.'] });
    git('add', '--all');
    expect(await source().state(project(), signal)).toEqual({ commit: null, dirty: ['haute.toml'] });
  });

  it('is the same on a detached head and in a work tree', async () => {
    const head = commit();
    git('worktree', 'add', '--quiet', '--detach', join(dir, 'tree'));
    expect(await source().state(join(dir, 'tree/pricing'), signal)).toEqual({ commit: head, dirty: [] });
  });

  it('is that of the project even in a hook of another repository', async () => {
    const head = commit();
    execFileSync('git', ['init', '--quiet', join(dir, 'elsewhere')], { env });
    const misleading = {
      GIT_DIR: join(dir, 'elsewhere/.git'),
      GIT_WORK_TREE: join(dir, 'elsewhere'),
      GIT_INDEX_FILE: join(dir, 'x'),
    };
    expect(await source(misleading).state(project(), signal)).toEqual({ commit: head, dirty: [] });
  });

  it('runs no program that the repository names, and writes nothing to it', async () => {
    const head = commit();
    const trap = join(dir, 'trap.sh');
    writeFileSync(trap, `#!/bin/sh\ntouch ${join(dir, 'sprung')}\n`);
    chmodSync(trap, 0o755);
    git('config', 'core.fsmonitor', trap);
    git('config', 'core.pager', trap);
    git('config', 'pager.log', trap);
    utimesSync(join(project(), 'haute.toml'), 0, 0);
    const index = readFileSync(join(dir, 'repo/.git/index'));
    expect(await source().state(project(), signal)).toEqual({ commit: head, dirty: [] });
    expect(readFileSync(join(dir, 'repo/.git/index'))).toEqual(index);
    expect(await source().authors(project(), head, signal)).toContain('Ada Actuary');
    expect(existsSync(join(dir, 'sprung'))).toBe(false);
  });

  it.each([
    ['HEAD', 'nonsense'],
    ['config', '[core\n'],
    ['index', 'nonsense'],
  ])('cannot be told when the repository is broken: %s', async (file, content) => {
    commit();
    writeFileSync(join(dir, 'repo/.git', file), content);
    await expect(source().state(project(), signal)).rejects.toMatchObject({
      name: 'ProviderError',
      problem: { code: 'GIT-FAILED' },
    });
  });

  it('cannot be told when git is not there', async () => {
    const refused = source({ PATH: join(dir, 'empty') }).state(project(), signal);
    await expect(refused).rejects.toMatchObject({ name: 'ConfigError', problems: [{ code: 'GIT-MISSING' }] });
  });

  it('is not asked of a git that fails to start for another reason', async () => {
    const denied = new ProviderError({ code: 'EXEC-DENIED', what: 'git may not be run', fix: 'Allow it' });
    const exec: Exec = { run: () => Promise.reject(denied), detach: () => Promise.reject(denied) };
    await expect(source({}, exec).state(project(), signal)).rejects.toBe(denied);
  });

  it('is not asked of an interrupted run', async () => {
    await expect(source().state(project(), AbortSignal.abort())).rejects.toThrow(Interrupted);
  });

  it.skipIf(process.getuid?.() !== 0)(
    'is refused when another user owns the repository, with the command that allows it (as root only)',
    async () => {
      commit();
      chownSync(join(dir, 'repo'), 12_345, 12_345);
      chownSync(join(dir, 'repo/.git'), 12_345, 12_345);
      await expect(source().state(project(), signal)).rejects.toMatchObject({
        name: 'ConfigError',
        problems: [
          {
            code: 'GIT-UNSAFE',
            fix: expect.stringContaining(`git config --global --add safe.directory ${join(dir, 'repo')}\``),
          },
        ],
      });
      execFileSync('git', ['config', '--global', '--add', 'safe.directory', join(dir, 'repo')], { env });
      expect((await source().state(project(), signal)).commit).toMatch(/^[0-9a-f]{40}$/);
    },
  );
});

describe('the state of a project that is in no checkout', () => {
  it('has no commit and nothing that differs, with git or without', async () => {
    const none = { commit: null, dirty: [] };
    expect(await source().state(project(), signal)).toEqual(none);
    expect(await source({ PATH: join(dir, 'empty') }).state(project(), signal)).toEqual(none);
  });

  it('is the same inside of a bare repository', async () => {
    execFileSync('git', ['init', '--quiet', '--bare', join(dir, 'bare')], { env });
    expect(await source().state(join(dir, 'bare'), signal)).toEqual({ commit: null, dirty: [] });
  });
});

describe('the facts of a commit', () => {
  it('are its time, and the highest version whose tag points to it', async () => {
    git('init', '--quiet');
    env.GIT_COMMITTER_DATE = '2026-03-01T12:00:00+02:00';
    const first = commit();
    git('tag', 'v1.9.0');
    git('tag', '--annotate', '--message', 'release', 'v1.10.0');
    git('tag', 'latest');
    const second = commit();
    const facts = (of: string) => source().facts(join(dir, 'repo'), of, signal);
    expect(await facts(first)).toEqual({ committedAt: '2026-03-01T10:00:00.000Z', version: '1.10.0' });
    expect(await facts(second)).toEqual({ committedAt: '2026-03-01T10:00:00.000Z', version: undefined });
    await expect(facts('--all')).rejects.toThrow(TypeError);
    await expect(facts('0'.repeat(40))).rejects.toBeInstanceOf(ProviderError);
  });
});

describe('the authors of a commit', () => {
  beforeEach(() => {
    git('init', '--quiet');
  });

  it('are author, committer and co-authors, each by name and address', async () => {
    const head = commit(
      'New rates\n\nText.\n\nCo-authored-by: Émile Pair <emile@example.org>\nReviewed-by: Not One <no@example.org>',
    );
    expect(await source().authors(join(dir, 'repo'), head, signal)).toEqual([
      'Ada Actuary',
      'ada@example.org',
      'Merge Bot',
      'bot@example.org',
      'Émile Pair',
      'emile@example.org',
    ]);
  });

  it('cannot be told for a commit that is not there', async () => {
    commit();
    await expect(source().authors(join(dir, 'repo'), '0'.repeat(40), signal)).rejects.toMatchObject({
      problem: { code: 'GIT-FAILED' },
    });
  });

  it.each(['HEAD', '--output=x', 'abc1234', ''])('are not asked for %j: only a full hash is a commit', async (name) => {
    await expect(source().authors(join(dir, 'repo'), name, signal)).rejects.toThrow(TypeError);
  });
});
