import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FakeGitHub } from '../fakes/github/fake-github.ts';
import { git } from '../tools/git.ts';
import { toolOrSkip } from '../tools/install.ts';
import { type ActOptions, type ActRun, act } from './act.ts';
import { approveOnGitHub, mergeOnGitHub, seconds } from './on-github.ts';
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

  function merge(title: string): void {
    commit = mergeOnGitHub(github, project, commit, title);
  }

  function approve(...logins: readonly string[]): (line: string) => void {
    return approveOnGitHub(github, commit, ...logins);
  }
});
