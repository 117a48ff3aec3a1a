import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FakeAzure } from '../fakes/azure/fake-azure.ts';
import { toolOrSkip } from '../tools/install.ts';
import { type AgentOptions, type AgentRun, runPipeline } from './azure-agent.ts';
import { runTask } from './azure-task.ts';
import { approveOnAzure, azureVariables, installExtension, mergeOnAzure } from './on-azure.ts';
import { applyRates, copyConsumer, releaseAt, root, stopLocal, writeProject } from './pricing-project.ts';

const tfx = toolOrSkip('tfx-cli-0.23.1');
const node20 = toolOrSkip('node-20');
const node24 = process.execPath;

describe.skipIf(!tfx || !node20)('a project on Azure DevOps that copied the example', { timeout: 600_000 }, () => {
  const azure = new FakeAzure();
  let scratch = '';
  let project = '';
  let production = '';
  let commit = '';
  let folderOf: (name: string) => string = () => '';
  const releases: string[] = [];

  beforeAll(async () => {
    await azure.server.start();
    scratch = mkdtempSync(join(tmpdir(), 'haute-azure-'));
    folderOf = installExtension(tfx ?? '', scratch);
    project = join(scratch, 'pricing');
    mkdirSync(project);
    mkdirSync(join(scratch, 'agent', 'temp'), { recursive: true });
    writeProject(project, '4s');
    copyConsumer(project, 'azure');
    merge('feat: rates of this year');
  });
  afterAll(async () => {
    stopLocal(join(scratch, 'agent', 'sources'));
    await azure.server.stop();
    rmSync(scratch, { recursive: true, force: true });
  });

  it('goes to staging and, once the environment is approved, to production, on Node 20', async () => {
    const run = await pipeline({ node: node20 ?? '', atEnvironment: approve('ann', 'bo') });
    succeeds(run);
    expect(run.stages).toEqual(['validate', 'staging', 'production']);
    const outputs = run.tasks.approvePromote?.outputs ?? {};
    releases.push(outputs.releaseId ?? '');
    production = outputs.url ?? '';
    expect(await releaseAt(production)).toBe(releases[0]);
    expect(run.tasks.validate?.summaries.join()).toContain('Haute validate: pass');
  });

  it('stops before production when the second approver is the author of the rates, on Node 24', async () => {
    applyRates(project, 'v2');
    merge('feat: rates of next year');
    const run = await pipeline({ atEnvironment: approve('ann', 'eve') });
    expect(run.succeeded).toBe(false);
    expect(run.tasks.approvePromote?.issues.map(({ message }) => message).join()).toContain('2 distinct approvers');
    expect(await releaseAt(production)).toBe(releases[0]);
    releases.push(run.tasks.impactReport?.outputs.releaseId ?? '');
  });

  it('gives all traffic back when the job is cancelled in the middle of a promotion', async () => {
    const run = await pipeline({
      stage: 'production',
      atEnvironment: approve('bo'),
      cancelAt: /traffic of production on the candidate: [1-9]0 %/,
    });
    expect(run.succeeded).toBe(false);
    expect(run.log).toContain('SIGINT: ending in good order');
    expect(run.tasks.approvePromote?.issues.map(({ message }) => message).join()).toMatch(/interrupted|cancel|SIGINT/i);
    expect(await releaseAt(production)).toBe(releases[0]);
  });

  it('goes on when the stage is run again, now that another person has approved', async () => {
    const run = await pipeline({ stage: 'production' });
    succeeds(run);
    expect(releases[1]).not.toBe(releases[0]);
    expect(await releaseAt(production)).toBe(releases[1]);
  });

  it('rolls back when somebody runs the pipeline for it', async () => {
    const parameters = { reason: 'the broker portal rounds differently' };
    const run = await pipeline({
      pipeline: consumer('rollback.yml'),
      parameters,
      variables: { 'Build.Reason': 'Manual' },
    });
    succeeds(run);
    expect(await releaseAt(production)).toBe(releases[0]);
  });

  it('only validates a pull request', async () => {
    const variables = { 'Build.Reason': 'PullRequest', 'Build.SourceBranch': 'refs/pull/7/merge' };
    const run = await pipeline({ variables });
    succeeds(run);
    expect(run.stages).toEqual(['validate']);
  });

  it('was asked nothing that the published API does not know', () => {
    expect(azure.faults).toEqual([]);
  });

  describe.each([
    ['20', node20 ?? ''],
    ['24', node24],
  ])('a task on Node %s', (_, node) => {
    const smoke = (inputs: Readonly<Record<string, string>>): ReturnType<typeof runTask> =>
      runTask({
        folder: folderOf('HauteSmokeTest'),
        node,
        inputs,
        variables: { 'System.DefaultWorkingDirectory': project, 'Agent.TempDirectory': join(scratch, 'agent', 'temp') },
        env: { INPUT_TOLERNACE: '5%' },
        token: azure.token,
      });

    it('names wrong inputs all at once, as Azure spells them', async () => {
      const { result, issues } = await smoke({ p95Latency: '5', timeout: 'soon', stepSummary: 'yes' });
      expect(result).toBe('Failed');
      expect(issues.map(({ message }) => message.split(' ').slice(0, 4).join(' ')).toSorted()).toEqual([
        expect.stringContaining('p95Latency'),
        expect.stringContaining('stepSummary'),
        expect.stringContaining('there is no input'),
        expect.stringContaining('timeout'),
      ]);
    });

    it('shows a secret of a header nowhere', async () => {
      const headers = 'Authorization: Bearer s3cr3t-t0ken';
      const { result, log } = await smoke({ url: 'http://127.0.0.1:1', headers });
      expect(result).toBe('Failed');
      expect(log).not.toContain('s3cr3t');
    });
  });

  function pipeline({ variables, ...options }: Partial<AgentOptions>): Promise<AgentRun> {
    return runPipeline({
      pipeline: consumer('azure-pipelines.yml'),
      template: (path) => readFileSync(join(root, path), 'utf8'),
      repository: project,
      home: join(scratch, 'agent'),
      taskFolder: folderOf,
      node: node24,
      token: azure.token,
      ...options,
      variables: { ...azureVariables(azure, commit), ...variables },
    });
  }

  function merge(title: string): void {
    commit = mergeOnAzure(azure, project, commit, title);
  }

  function approve(...logins: readonly string[]): (environment: string) => void {
    return approveOnAzure(azure, commit, ...logins);
  }
});

function consumer(file: string): string {
  return readFileSync(join(root, 'examples', 'consumers', 'azure', file), 'utf8');
}

function succeeds({ succeeded, log }: AgentRun): void {
  if (!succeeded) expect.fail(`the run failed:\n${log.slice(-4000)}`);
}
