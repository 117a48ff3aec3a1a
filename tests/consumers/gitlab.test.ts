import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FakeGitLab } from '../fakes/gitlab/fake-gitlab.ts';
import { git } from '../tools/git.ts';
import { type GitlabWorkspace, gitlabWorkspace } from '../tools/gitlab-remotes.ts';
import { toolOrSkip } from '../tools/install.ts';
import { type GitlabOptions, type GitlabRun, gitlabPipeline, installPacked } from './gitlab-ci.ts';
import { approveOnGitLab, gitlabVariables, mergeOnGitLab } from './on-gitlab.ts';
import {
  applyRates,
  copyConsumer,
  expectExit,
  outputOf,
  releaseAt,
  root,
  stopLocal,
  writeProject,
} from './pricing-project.ts';

const program = toolOrSkip('gitlab-ci-local-4.75.1');
/** It copies artifacts with it. */
const rsync = toolOrSkip('rsync');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };

describe.skipIf(!program || !rsync)('a project on GitLab that copied the example', { timeout: 600_000 }, () => {
  const gitlab = new FakeGitLab();
  let scratch = '';
  let bin = '';
  let workspace: GitlabWorkspace;
  let project = '';
  let production = '';
  const releases: string[] = [];

  beforeAll(async () => {
    await gitlab.server.start();
    scratch = mkdtempSync(join(tmpdir(), 'haute-installed-'));
    bin = installPacked(scratch);
    workspace = gitlabWorkspace(version);
    project = workspace.project;
    writeProject(project);
    copyConsumer(project, 'gitlab');
    merge('feat: rates of this year');
    writeFileSync(join(project, '.git', 'info', 'exclude'), '.gitlab-ci-local/\n');
    git(project, 'remote', 'add', 'origin', 'git@gitlab.com:acme/motor.git');
  });
  afterAll(async () => {
    stopLocal(project);
    await gitlab.server.stop();
    workspace.remove();
    rmSync(scratch, { recursive: true, force: true });
  });

  it('runs the package as it is published', () => {
    expect(execFileSync(join(bin, 'haute-ci'), ['--version'], { encoding: 'utf8' }).trim()).toBe(version);
  });

  it('goes to staging by itself, and to production when it is started and two people approved', async () => {
    const { exitCode, log } = await run({ manual: ['approve-promote'], onLine: approve('ann', 'bo') });
    expectExit(exitCode, 0, log);
    releases.push(outputOf(log, 'release-id'));
    production = outputOf(log, 'url');
    expect(await releaseAt(production)).toBe(releases[0]);
  });

  it('hands on the release and its reports, and nothing that belongs to this machine', () => {
    const folder = join(project, '.gitlab-ci-local', 'artifacts', 'impact-report');
    expect(readdirSync(join(folder, '.haute')).toSorted()).toEqual([
      'impact',
      'release.json',
      'releases',
      'reports',
      'summary',
      'validation.json',
    ]);
    const report = (name: string): string => readFileSync(join(folder, '.haute/reports/impact-report', name), 'utf8');
    expect(report('outputs.env')).toContain(`HAUTE_IMPACT_REPORT_RELEASE_ID=${releases[0]}\n`);
    expect(report('junit.xml')).toContain('tests="1" failures="0"');
    expect(JSON.parse(report('codequality.json'))).toEqual([]);
  });

  it('stops before production when the second approver is the author of the rates', async () => {
    applyRates(project, 'v2');
    merge('feat: rates of next year');
    const { exitCode, log } = await run({ manual: ['approve-promote'], onLine: approve('ann', 'eve') });
    expectExit(exitCode, 1, log);
    expect(log).toMatch(/approve-promote\s+>.*APPROVAL-MISSING/);
    releases.push(outputOf(log, 'release-id'));
    expect(await releaseAt(production)).toBe(releases[0]);
  });

  it('goes on when another person has approved and the job is started again', async () => {
    gitlab.approvals.push({ login: 'bo', approved_at: new Date().toISOString() });
    const { exitCode, log } = await run({ jobs: ['approve-promote'] });
    expectExit(exitCode, 0, log);
    expect(releases[1]).not.toBe(releases[0]);
    expect(await releaseAt(production)).toBe(releases[1]);
  });

  it('rolls back when somebody starts the job', async () => {
    const { exitCode, log } = await run({ jobs: ['rollback'] });
    expectExit(exitCode, 0, log);
    expect(await releaseAt(production)).toBe(releases[0]);
  });

  it('only validates a merge request', async () => {
    const variables = { CI_PIPELINE_SOURCE: 'merge_request_event', CI_MERGE_REQUEST_IID: '3' };
    const { exitCode, log } = await run({ variables });
    expectExit(exitCode, 0, log);
    expect(log).toContain('PASS  validate');
    expect(log).not.toContain('build-push');
  });

  it('names wrong variables all at once, and does nothing', async () => {
    const variables = { HAUTE_INPUT_DRY_RNU: 'true', HAUTE_INPUT_TIMEOUT: 'soon', HAUTE_INPUT_P95_LATENCY: '5' };
    const { exitCode, log } = await run({ jobs: ['smoke-test'], variables });
    expectExit(exitCode, 1, log);
    expect(log).toContain('HAUTE_INPUT_DRY_RNU');
    expect(log).toContain('timeout (HAUTE_INPUT_TIMEOUT)');
    expect(log).toContain('p95-latency (HAUTE_INPUT_P95_LATENCY)');
    expect(log).not.toContain('is healthy');
  });

  it('was asked nothing that the published API does not know', () => {
    expect(gitlab.faults).toEqual([]);
  });

  function run({ variables, ...options }: Partial<GitlabOptions>): Promise<GitlabRun> {
    gitlab.now = new Date().toISOString();
    return gitlabPipeline({
      program: program ?? '',
      project,
      path: [bin, dirname(rsync ?? '')],
      manual: [],
      env: workspace.env,
      ...options,
      variables: { ...gitlabVariables(gitlab, project), ...variables },
    });
  }

  function merge(title: string): void {
    mergeOnGitLab(gitlab, project, title);
  }

  function approve(...logins: readonly string[]): (line: string) => void {
    return approveOnGitLab(gitlab, ...logins);
  }
});
