import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { IamRequest, IamStep } from '../../shared/targets/aws-ecs/iam/place.ts';
import { iamPolicy } from '../../shared/targets/aws-ecs/iam/policy.ts';
import { azureTrust, githubTrust, gitlabTrust } from '../../shared/targets/aws-ecs/iam/trust.ts';
import { Cloud } from '../aws-ecs/cloud.ts';
import { BALANCER_ROLE, EXECUTION_ROLE, LOG_GROUP, TASK_ROLE } from '../fakes/aws/account.ts';
import { FakeAzure } from '../fakes/azure/fake-azure.ts';
import { FakeGitHub } from '../fakes/github/fake-github.ts';
import { FakeGitLab } from '../fakes/gitlab/fake-gitlab.ts';
import { JobIssuer } from '../fakes/job-issuer.ts';
import { canUnshare } from '../image/unpacked.ts';
import { git } from '../tools/git.ts';
import { gitlabWorkspace } from '../tools/gitlab-remotes.ts';
import { toolOrSkip } from '../tools/install.ts';
import { type ActOptions, type ActRun, act } from './act.ts';
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

const ACCOUNT = '111122223333';
const ORGANIZATION_ID = '0f1e2d3c-0000-4000-8000-000000000000';
const CONNECTIONS = {
  build: '9a8b7c6d-0000-4000-8000-000000000000',
  staging: '9a8b7c6d-0000-4000-8000-000000000001',
  production: '9a8b7c6d-0000-4000-8000-000000000002',
} as const;
const STEPS: Readonly<Record<string, readonly IamStep[]>> = {
  build: ['build-push'],
  staging: ['deploy-staging', 'smoke-test', 'impact-report'],
  production: ['approve-promote', 'rollback'],
};
const QUOTE = { quote_id: 1, driver_age: 22, region: 'London', vehicle_value: 12000.0 };

/**
 * One account, to which three teams release one after the other, each from another host and with the files of its
 * example. The registry, the images and what runs in them are real; nobody has a key, and each role may do what the
 * generated policy for its steps says, and no more.
 */
describe.skipIf(!registry || !openssl || !canUnshare())('a service on AWS ECS', { timeout: 900_000 }, () => {
  const scratch = mkdtempSync(join(tmpdir(), 'haute-aws-ecs-'));
  const issuer = new JobIssuer({
    github: { repository: 'acme/motor', environments: jobEnvironments('github-aws-ecs') },
    azure: {
      organizationId: ORGANIZATION_ID,
      connections: {
        [CONNECTIONS.build]: 'sc://acme/pricing/aws-build',
        [CONNECTIONS.staging]: 'sc://acme/pricing/aws-staging',
        [CONNECTIONS.production]: 'sc://acme/pricing/aws-production',
      },
    },
  });
  let cloud: Cloud;

  beforeAll(async () => {
    await issuer.server.start();
    cloud = await Cloud.start({
      account: ACCOUNT,
      repository: 'pricing/motor-pricing',
      configuration: { strategy: 'BLUE_GREEN' },
      tools: { registry: registry ?? '', openssl: openssl ?? '' },
    });
    const github = { account: ACCOUNT, owner: 'acme', repository: 'motor' };
    addRole('github-build', githubTrust(github, { branch: 'main' }), 'build');
    addRole('github-staging', githubTrust(github, { environment: 'staging' }), 'staging');
    addRole('github-production', githubTrust(github, { environment: 'production' }), 'production');
    const gitlab = gitlabTrust({ account: ACCOUNT, host: 'gitlab.com', project: 'acme/motor' }, { branch: 'main' });
    for (const name of ['build', 'staging', 'production']) addRole(`gitlab-${name}`, gitlab, name);
    const azure = { account: ACCOUNT, organizationId: ORGANIZATION_ID, organization: 'acme', project: 'pricing' };
    for (const name of ['build', 'staging', 'production']) {
      addRole(`azure-${name}`, azureTrust({ ...azure, connection: `aws-${name}` }), name);
    }
    for (const name of [
      'token.actions.githubusercontent.com',
      'gitlab.com',
      `vstoken.dev.azure.com/${ORGANIZATION_ID}`,
    ]) {
      cloud.fake.world.identityProviders.add(name);
    }
  }, 300_000);

  afterAll(async () => {
    await cloud?.stop();
    await issuer.server.stop();
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
      writeAwsProject(project, cloud, { consumer: 'github-aws-ecs', promotion: 'stages = 4\nramp = "4s"' });
      commit = mergeOnGitHub(github, project, commit, 'feat: rates of this year');
      git(project, 'remote', 'add', 'origin', `https://github.com/${github.repository}.git`);
    });
    afterAll(() => github.server.stop());

    it('gets its first release, built, tested and promoted by three roles', async () => {
      const { exitCode, log } = await run({ event: 'push', workflow: 'pricing.yml', onLine: approve() });
      expectExit(exitCode, 0, log);
      expect(log).toMatch(/motor-pricing:1 serves production and is no release: nothing is compared/);
      first = outputOf(log, 'release-id');
      await serves(first, 928.26);
    });

    it('gets the next rates in steps', async () => {
      const premium = changeBase(project, 323.2);
      commit = mergeOnGitHub(github, project, commit, 'feat: rates of next year');
      const { exitCode, log } = await run({ event: 'push', workflow: 'pricing.yml', onLine: approve() });
      expectExit(exitCode, 0, log);
      await serves(outputOf(log, 'release-id'), premium);
    });

    it('goes back', async () => {
      const inputs = { to: '', reason: 'the broker portal rounds differently' };
      const { exitCode, log } = await run({
        event: 'workflow_dispatch',
        workflow: 'rollback.yml',
        payload: { inputs },
      });
      expectExit(exitCode, 0, log);
      await serves(first, 928.26);
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
        env: { ...cloud.env, ...issuer.githubEnv, GITHUB_API_URL: github.server.url },
        vars: {
          AWS_BUILD_ROLE: roleArn('github-build'),
          AWS_STAGING_ROLE: roleArn('github-staging'),
          AWS_PRODUCTION_ROLE: roleArn('github-production'),
        },
        // Many hide the number of their account: what the jobs hand on must not need it.
        secrets: { AWS_ACCOUNT: ACCOUNT },
        ownCheckouts: true,
        ...options,
      });
    }
  });

  describe.skipIf(!gitlabProgram || !rsync)('from GitLab', () => {
    const gitlab = new FakeGitLab();
    const workspace = gitlabWorkspace(version);
    const { project } = workspace;
    let bin = '';
    let before = '';

    beforeAll(async () => {
      await gitlab.server.start();
      bin = installPacked(join(scratch, 'gitlab'));
      before = (await releaseAt(cloud.production.productionUrl)) ?? '';
      writeAwsProject(project, cloud, { consumer: 'gitlab-aws-ecs', promotion: 'ramp = "0s"' });
      changeBase(project, 321.6);
      mergeOnGitLab(gitlab, project, 'feat: rates of this year');
      writeFileSync(join(project, '.git', 'info', 'exclude'), '.gitlab-ci-local*\n');
      git(project, 'remote', 'add', 'origin', 'git@gitlab.com:acme/motor.git');
      writeRoles();
    }, 300_000);
    afterAll(async () => {
      await gitlab.server.stop();
      workspace.remove();
    });

    it('gets a release by the roles that the environments name', async () => {
      const onLine = approveOnGitLab(gitlab, 'ann', 'bo');
      const { exitCode, log } = await run({ manual: ['approve-promote'], onLine });
      expectExit(exitCode, 0, log);
      await serves(outputOf(log, 'release-id'), 932.9);
      const outputs = readFileSync(join(project, '.haute/reports/approve-promote/outputs.env'), 'utf8');
      expect(outputs).not.toContain(ACCOUNT);
    });

    it('goes back', async () => {
      const { exitCode, log } = await run({ jobs: ['rollback'] });
      expectExit(exitCode, 0, log);
      expect(await releaseAt(cloud.production.productionUrl)).toBe(before);
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
          ...cloud.env,
          HAUTE_ID_TOKEN: issuer.gitlabToken('gitlab.com', 'acme/motor', 'sts.amazonaws.com'),
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
      before = (await releaseAt(cloud.production.productionUrl)) ?? '';
      writeAwsProject(project, cloud, { consumer: 'azure-aws-ecs', promotion: 'stages = 2\nramp = "2s"' });
      changeBase(project, 322.4);
      commit = mergeOnAzure(azure, project, commit, 'feat: rates of this year');
    }, 300_000);
    afterAll(() => azure.server.stop());

    it('gets a release by the roles of three service connections', async () => {
      const run = await pipeline({ atEnvironment: approveOnAzure(azure, commit, 'ann', 'bo') });
      succeeds(run);
      const { releaseId = '', url } = run.tasks.approvePromote?.outputs ?? {};
      expect(url).toBe(cloud.production.productionUrl);
      await serves(releaseId, 935.22);
    });

    it('goes back', async () => {
      const variables = { 'Build.Reason': 'Manual' };
      const parameters = { reason: 'the broker portal rounds differently' };
      succeeds(await pipeline({ pipeline: file('rollback.yml'), parameters, variables }));
      expect(await releaseAt(cloud.production.productionUrl)).toBe(before);
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
          ...cloud.env,
          'System.OidcRequestUri': issuer.azureUri,
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

  function addRole(name: string, trust: unknown, steps: string): void {
    const request: IamRequest = {
      steps: STEPS[steps] ?? [],
      account: ACCOUNT,
      region: 'eu-west-1',
      cluster: 'pricing',
      service: { production: 'motor-pricing', staging: 'motor-pricing-staging' },
      family: 'motor-pricing',
      repository: 'pricing/motor-pricing',
      logGroup: LOG_GROUP,
      taskRoles: [TASK_ROLE, EXECUTION_ROLE],
      balancerRole: BALANCER_ROLE,
      secretPrefix: 'motor/',
      self: name,
    };
    cloud.fake.world.roles.push({ name, arn: roleArn(name), trust, policy: iamPolicy(request) });
  }

  /** Callers of production are answered by this release, with this premium; and AWS was asked nothing wrong. */
  async function serves(release: string, premium: number): Promise<void> {
    const url = cloud.production.productionUrl;
    expect(release).toMatch(/^sha256:/);
    expect(await releaseAt(url)).toBe(release);
    const answer = await fetch(`${url}/quote`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify([QUOTE]),
    });
    expect(await answer.json()).toMatchObject({ rows: [{ premium }] });
    expect(cloud.fake.violations).toEqual([]);
    expect(cloud.fake.calls.filter(({ error }) => error?.startsWith('AccessDenied'))).toEqual([]);
  }
});

function succeeds({ succeeded, log }: AgentRun): void {
  if (!succeeded) expect.fail(`the run failed:\n${log.slice(-4000)}`);
}

function roleArn(name: string): string {
  return `arn:aws:iam::${ACCOUNT}:role/${name}`;
}

/** The environment of each job, by the files that the example has. */
function jobEnvironments(consumer: string): Readonly<Record<string, string>> {
  const folder = join(root, 'examples/consumers', consumer, '.github/workflows');
  const jobs = ['pricing.yml', 'rollback.yml'].flatMap((file) =>
    Object.entries(
      (parse(readFileSync(join(folder, file), 'utf8')) as { jobs: Record<string, { environment?: unknown }> }).jobs,
    ),
  );
  return Object.fromEntries(
    jobs.flatMap(([name, { environment }]) => {
      const named = typeof environment === 'object' ? (environment as { name: string }).name : environment;
      return named === undefined ? [] : [[name, String(named)]];
    }),
  );
}
