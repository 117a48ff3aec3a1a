import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FakeAzure } from '../fakes/azure/fake-azure.ts';
import { FakeGitHub } from '../fakes/github/fake-github.ts';
import { FakeGitLab } from '../fakes/gitlab/fake-gitlab.ts';
import { canUnshare } from '../image/unpacked.ts';
import { git } from '../tools/git.ts';
import { type GitlabWorkspace, gitlabWorkspace } from '../tools/gitlab-remotes.ts';
import { toolOrSkip } from '../tools/install.ts';
import { type ActOptions, type ActRun, act } from './act.ts';
import { ACCOUNT, CONNECTIONS, ReleaseAccount, roleArn } from './aws-account.ts';
import { changeBase, writeAwsProject } from './aws-project.ts';
import { type AgentOptions, type AgentRun, runPipeline } from './azure-agent.ts';
import { type GitlabOptions, type GitlabRun, gitlabPipeline, installPacked } from './gitlab-ci.ts';
import { approveOnAzure, azureVariables, installExtension, mergeOnAzure } from './on-azure.ts';
import { approveOnGitHub, mergeOnGitHub, seconds } from './on-github.ts';
import { approveOnGitLab, gitlabVariables, mergeOnGitLab } from './on-gitlab.ts';
import { expectExit, outputOf, releaseAt, root } from './pricing-project.ts';

const registry = toolOrSkip('docker-registry');
const openssl = toolOrSkip('openssl');
const actProgram = toolOrSkip('act-0.2.89');
const gitlabProgram = toolOrSkip('gitlab-ci-local-4.75.1');
const rsync = toolOrSkip('rsync');
const tfx = toolOrSkip('tfx-cli-0.23.1');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };

/** What layers of packages are sealed with; the other teams have none. */
const LAYERS_KEY = '6f1c2d0b9a8e7d6c5b4a39281706f5e4';

/**
 * One account, to which three teams release one after the other, each from another host and with the files of its
 * example. The registry, the images and what runs in them are real.
 */
describe.skipIf(!registry || !openssl || !canUnshare())('a service on AWS ECS', { timeout: 900_000 }, () => {
  const scratch = mkdtempSync(join(tmpdir(), 'haute-aws-ecs-'));
  let account: ReleaseAccount;

  beforeAll(async () => {
    account = await ReleaseAccount.start({ registry: registry ?? '', openssl: openssl ?? '' });
  }, 300_000);
  afterAll(async () => {
    await account?.stop();
    rmSync(scratch, { recursive: true, force: true });
  });

  describe.skipIf(!actProgram)('from GitHub', () => {
    const github = new FakeGitHub();
    const project = join(scratch, 'github', 'motor');
    let commit = '';
    let first = '';

    beforeAll(async () => {
      await github.server.start();
      mkdirSync(project, { recursive: true });
      writeAwsProject(project, account.cloud, { consumer: 'github-aws-ecs', promotion: 'stages = 4\nramp = "4s"' });
      commit = mergeOnGitHub(github, project, commit, 'feat: rates of this year');
      git(project, 'remote', 'add', 'origin', `https://github.com/${github.repository}.git`);
    });
    afterAll(() => github.server.stop());

    it('gets its first release, built, tested and promoted by three roles', async () => {
      const { exitCode, log } = await run({ event: 'push', workflow: 'pricing.yml', onLine: approve() });
      expectExit(exitCode, 0, log);
      expect(log).toMatch(/motor-pricing:1 serves production and is no release: nothing is compared/);
      first = outputOf(log, 'release-id');
      await account.expectServed(first, 928.26);
    });

    it('gets the next rates in steps', async () => {
      const premium = changeBase(project, 323.2);
      commit = mergeOnGitHub(github, project, commit, 'feat: rates of next year');
      const { exitCode, log } = await run({ event: 'push', workflow: 'pricing.yml', onLine: approve() });
      expectExit(exitCode, 0, log);
      expect(log).toContain('stages: 25, 50, 75, 100');
      expect(log).toMatch(/packages: found in the registry/);
      expect(log).not.toContain(LAYERS_KEY);
      await account.expectServed(outputOf(log, 'release-id'), premium);
    });

    it('goes back', async () => {
      const inputs = { to: '', reason: 'the broker portal rounds differently' };
      const { exitCode, log } = await run({
        event: 'workflow_dispatch',
        workflow: 'rollback.yml',
        payload: { inputs },
      });
      expectExit(exitCode, 0, log);
      await account.expectServed(first, 928.26);
    });

    function approve(): (line: string) => void {
      return approveOnGitHub(github, commit, 'ann', 'bo');
    }

    function run(options: Pick<ActOptions, 'event' | 'workflow'> & Partial<ActOptions>): Promise<ActRun> {
      github.now = seconds(Date.now());
      return act({
        program: actProgram ?? '',
        project,
        scratch: join(scratch, 'github'),
        payload: { repository: { default_branch: 'main', full_name: github.repository } },
        token: github.token,
        env: { ...account.cloud.env, ...account.issuer.githubEnv, GITHUB_API_URL: github.server.url },
        vars: {
          AWS_BUILD_ROLE: roleArn('github-build'),
          AWS_STAGING_ROLE: roleArn('github-staging'),
          AWS_PRODUCTION_ROLE: roleArn('github-production'),
        },
        // Many hide the number of their account: what the jobs hand on must not need it.
        secrets: { AWS_ACCOUNT: ACCOUNT, HAUTE_LAYERS_KEY: LAYERS_KEY },
        ownCheckouts: true,
        ...options,
      });
    }
  });

  describe.skipIf(!gitlabProgram || !rsync)('from GitLab', () => {
    const gitlab = new FakeGitLab();
    let workspace: GitlabWorkspace;
    let project = '';
    let bin = '';
    let before = '';

    beforeAll(async () => {
      await gitlab.server.start();
      bin = installPacked(join(scratch, 'gitlab'));
      workspace = gitlabWorkspace(version);
      project = workspace.project;
      before = (await releaseAt(account.url)) ?? '';
      writeAwsProject(project, account.cloud, { consumer: 'gitlab-aws-ecs', promotion: 'ramp = "0s"' });
      changeBase(project, 321.6);
      mergeOnGitLab(gitlab, project, 'feat: rates of this year');
      writeFileSync(join(project, '.git', 'info', 'exclude'), '.gitlab-ci-local*\n');
      git(project, 'remote', 'add', 'origin', 'git@gitlab.com:acme/motor.git');
      writeRoles();
    }, 300_000);
    afterAll(async () => {
      await gitlab.server.stop();
      workspace?.remove();
    });

    it('gets a release by the roles that the environments name', async () => {
      const onLine = approveOnGitLab(gitlab, 'ann', 'bo');
      const { exitCode, log } = await run({ manual: ['approve-promote'], onLine });
      expectExit(exitCode, 0, log);
      await account.expectServed(outputOf(log, 'release-id'), 932.9);
      const outputs = readFileSync(join(project, '.haute/reports/approve-promote/outputs.env'), 'utf8');
      expect(outputs).not.toContain(ACCOUNT);
    });

    it('goes back', async () => {
      const { exitCode, log } = await run({ jobs: ['rollback'] });
      expectExit(exitCode, 0, log);
      expect(await releaseAt(account.url)).toBe(before);
    });

    function run(options: Partial<GitlabOptions>): Promise<GitlabRun> {
      gitlab.now = new Date().toISOString();
      return gitlabPipeline({
        program: gitlabProgram ?? '',
        project,
        path: [bin, dirname(rsync ?? '')],
        manual: [],
        env: workspace.env,
        variables: {
          ...gitlabVariables(gitlab, project),
          ...account.cloud.env,
          HAUTE_ID_TOKEN: account.issuer.gitlabToken('gitlab.com', 'acme/motor', 'sts.amazonaws.com'),
        },
        ...options,
      });
    }

    /** What somebody has set in the project's settings, each value for its environment. */
    function writeRoles(): void {
      const values = {
        '*': roleArn('gitlab-build'),
        staging: roleArn('gitlab-staging'),
        production: roleArn('gitlab-production'),
      };
      writeFileSync(join(project, '.gitlab-ci-local-variables.yml'), JSON.stringify({ AWS_ROLE_ARN: { values } }));
    }
  });

  describe.skipIf(!tfx)('from Azure DevOps', () => {
    const azure = new FakeAzure();
    const project = join(scratch, 'azure', 'pricing');
    let taskFolder: AgentOptions['taskFolder'] = () => '';
    let commit = '';
    let before = '';

    beforeAll(async () => {
      await azure.server.start();
      taskFolder = installExtension(tfx ?? '', join(scratch, 'azure'));
      mkdirSync(project, { recursive: true });
      mkdirSync(join(scratch, 'azure', 'agent', 'temp'), { recursive: true });
      before = (await releaseAt(account.url)) ?? '';
      writeAwsProject(project, account.cloud, { consumer: 'azure-aws-ecs', promotion: 'stages = 2\nramp = "2s"' });
      changeBase(project, 322.4);
      commit = mergeOnAzure(azure, project, commit, 'feat: rates of this year');
    }, 300_000);
    afterAll(() => azure.server.stop());

    it('gets a release by the roles of three service connections', async () => {
      const run = await pipeline({ atEnvironment: approveOnAzure(azure, commit, 'ann', 'bo') });
      succeeds(run);
      const { releaseId = '', url, stages } = run.tasks.approvePromote?.outputs ?? {};
      expect([url, stages]).toEqual([account.url, '50, 100']);
      await account.expectServed(releaseId, 935.22);
    });

    it('goes back', async () => {
      const variables = { 'Build.Reason': 'Manual' };
      const parameters = { reason: 'the broker portal rounds differently' };
      succeeds(await pipeline({ pipeline: file('rollback.yml'), parameters, variables }));
      expect(await releaseAt(account.url)).toBe(before);
    });

    function pipeline({ variables, ...options }: Partial<AgentOptions>): Promise<AgentRun> {
      return runPipeline({
        pipeline: file('azure-pipelines.yml'),
        template: (path) => readFileSync(join(root, path), 'utf8'),
        repository: project,
        home: join(scratch, 'azure', 'agent'),
        taskFolder,
        node: process.execPath,
        token: azure.token,
        ...options,
        variables: {
          ...azureVariables(azure, commit),
          ...account.cloud.env,
          'System.OidcRequestUri': account.issuer.azureUri,
          buildRole: roleArn('azure-build'),
          buildConnection: CONNECTIONS.build,
          stagingRole: roleArn('azure-staging'),
          productionRole: roleArn('azure-production'),
          stagingConnection: CONNECTIONS.staging,
          productionConnection: CONNECTIONS.production,
          ...variables,
        },
      });
    }

    function file(name: string): string {
      return readFileSync(join(project, name), 'utf8');
    }
  });
});

function succeeds({ succeeded, log }: AgentRun): void {
  if (!succeeded) expect.fail(`the run failed:\n${log.slice(-4000)}`);
}
