import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FakeGitHub } from '../fakes/github/fake-github.ts';
import { AUTHOR, commitAll, git } from '../tools/git.ts';
import { toolOrSkip } from '../tools/install.ts';
import { type ActOptions, type ActRun, act } from './act.ts';
import {
  applyRates,
  copyConsumer,
  expectExit,
  outputOf,
  releaseAt,
  stopLocal,
  writeProject,
} from './pricing-project.ts';

const program = toolOrSkip('act-0.2.89');

describe.skipIf(program === undefined)('a repository on GitHub that copied the example', { timeout: 600_000 }, () => {
  const github = new FakeGitHub();
  let scratch = '';
  let project = '';
  let commit = '';
  let production = '';
  const releases: string[] = [];

  beforeAll(async () => {
    await github.server.start();
    scratch = mkdtempSync(join(tmpdir(), 'haute-github-'));
    project = join(scratch, 'motor');
    mkdirSync(project);
    writeProject(project);
    copyConsumer(project, 'github');
    merge('feat: rates of this year');
    git(project, 'remote', 'add', 'origin', `https://github.com/${github.repository}.git`);
  });
  afterAll(async () => {
    stopLocal(join(scratch, 'workspace'));
    await github.server.stop();
    rmSync(scratch, { recursive: true, force: true });
  });

  it('goes to staging by itself, and to production once two people approved what they were shown', async () => {
    const { exitCode, log } = await run({ event: 'push', workflow: 'pricing.yml', onLine: approve('ann', 'bo') });
    expectExit(exitCode, 0, log);
    releases.push(outputOf(log, 'release-id'));
    production = outputOf(log, 'url');
    expect(await releaseAt(production)).toBe(releases[0]);
  });

  it('stops before production when the second approver is the author of the rates', async () => {
    applyRates(project, 'v2');
    merge('feat: rates of next year');
    const { exitCode, log } = await run({ event: 'push', workflow: 'pricing.yml', onLine: approve('ann', 'eve') });
    expectExit(exitCode, 1, log);
    expect(log).toMatch(/To production\].*::error title=APPROVAL-MISSING/);
    expect(await releaseAt(production)).toBe(releases[0]);
  });

  it('goes the same way when it calls the reusable workflow, one job a step', async () => {
    copyConsumer(project, 'github-reusable');
    merge('ci: call the workflow');
    const { exitCode, log } = await run({ event: 'push', workflow: 'pricing.yml', onLine: approve('ann', 'bo') });
    expectExit(exitCode, 0, log);
    releases.push(outputOf(log, 'release-id'));
    expect(releases[1]).not.toBe(releases[0]);
    expect(await releaseAt(production)).toBe(releases[1]);
  });

  it('rolls back when somebody asks for it', async () => {
    const inputs = { to: '', reason: 'the broker portal rounds differently' };
    const { exitCode, log } = await run({ event: 'workflow_dispatch', workflow: 'rollback.yml', payload: { inputs } });
    expectExit(exitCode, 0, log);
    expect(await releaseAt(production)).toBe(releases[0]);
  });

  it('only validates a pull request', async () => {
    const head = { sha: commit, repo: { full_name: github.repository } };
    const payload = {
      repository: { default_branch: 'main' },
      pull_request: { number: 9, head, base: { ref: 'main' } },
    };
    const { exitCode, log } = await run({ event: 'pull_request', workflow: 'pricing.yml', payload });
    expectExit(exitCode, 0, log);
    expect(log).toContain('test quotes are as expected');
    expect(log).not.toContain('release-id');
  });

  it('was asked nothing that the published API does not know', () => {
    expect(github.faults).toEqual([]);
  });

  function run(options: Pick<ActOptions, 'event' | 'workflow'> & Partial<ActOptions>): Promise<ActRun> {
    github.now = seconds(Date.now());
    return act({
      program: program ?? '',
      project,
      scratch,
      payload: { repository: { default_branch: 'main', full_name: github.repository } },
      token: github.token,
      env: { GITHUB_API_URL: github.server.url },
      ...options,
    });
  }

  /** Merges a pull request of the author: what it brought is the head of main. */
  function merge(title: string): void {
    const base = commit === '' ? '0'.repeat(40) : commit;
    commit = commitAll(project, title);
    const author = { ...AUTHOR, login: 'eve' };
    github.commits.set(commit, {
      sha: commit,
      message: title,
      author,
      committer: author,
      parents: [base],
      verified: false,
    });
    const at = seconds(Date.now());
    github.pulls.push({
      number: github.pulls.length + 1,
      author: 'eve',
      from: github.repository,
      base,
      head: commit,
      commits: [commit],
      state: 'closed',
      merged_at: at,
      merge_commit_sha: commit,
    });
    github.runs.splice(0);
    github.runs.push({ id: 1, head_sha: commit, event: 'push', actor: 'eve', created_at: at, run_attempt: 1 });
  }

  /** People approve once they have seen the impact report. */
  function approve(...logins: readonly string[]): (line: string) => void {
    let waiting = logins;
    return (line) => {
      if (!line.includes('rows-changed:')) return;
      const number = github.pulls.length;
      const at = seconds(Date.now() + 1000);
      const given = waiting.map((login) => ({ id: github.nextId(), login, state: 'APPROVED', body: '', commit, at }));
      github.reviews.set(number, [...(github.reviews.get(number) ?? []), ...given]);
      waiting = [];
    };
  }
});

/** A time as GitHub writes it. */
function seconds(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
