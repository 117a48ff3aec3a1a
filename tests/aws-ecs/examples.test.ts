import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { PolicyDocument } from '../../shared/targets/aws-ecs/iam/document.ts';
import { IAM_STEPS } from '../../shared/targets/aws-ecs/iam/place.ts';
import { iamPolicy } from '../../shared/targets/aws-ecs/iam/policy.ts';
import { azureTrust, githubTrust, gitlabTrust } from '../../shared/targets/aws-ecs/iam/trust.ts';
import { stsHandlers } from '../fakes/aws/sts/handlers.ts';
import { World } from '../fakes/aws/world.ts';
import { toolOrSkip } from '../tools/install.ts';

const examples = resolve(import.meta.dirname, '../../examples/aws-ecs');
const read = (path: string) => readFileSync(join(examples, path), 'utf8');
const parliament = toolOrSkip('parliament-1.6.4');
const ROLES = ['build', 'staging', 'production'];
/** Programs that are looked for and not installed: Terraform cannot be, and cfn-lint takes minutes. */
const has = (program: string) => spawnSync(program, ['--version'], { encoding: 'utf8' }).status === 0;
/** Newer than the lists of actions that the checkers carry; the published model of the API has them. */
const NEWER = /ecs:(Continue|Stop)ServiceDeployment/i;

function run(program: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): string {
  const options = { env: { ...process.env, ...env }, encoding: 'utf8', timeout: 120_000 } as const;
  const { stdout, stderr, error } = spawnSync(program, [...args], options);
  if (error) throw error;
  return stdout || stderr;
}

describe.skipIf(parliament === undefined)('the policies, by a checker of others', { timeout: 180_000 }, () => {
  it('have actions that there are, with resources and conditions that these know', () => {
    const place = {
      account: '111122223333',
      region: 'eu-west-1',
      cluster: 'pricing',
      service: { production: 'motor', staging: 'motor-staging' },
      family: 'motor',
      repository: 'motor',
      logGroup: '/ecs/motor',
      taskRoles: ['task', 'execution'],
      balancerRole: 'balancer',
      secretPrefix: 'motor/',
      self: 'deploy',
    };
    const features = { createRepository: true, createStaging: true, autoscaling: true };
    const policy = JSON.stringify(iamPolicy({ ...place, steps: IAM_STEPS, features }));
    const script = [
      'import json, sys',
      'from parliament import analyze_policy_string',
      'found = analyze_policy_string(sys.argv[1]).findings',
      'print(json.dumps([f"{finding.issue} {finding.detail}" for finding in found]))',
    ].join('\n');
    const env = { PYTHONPATH: dirname(dirname(parliament ?? '')) };
    const findings = JSON.parse(run('python3', ['-c', script, policy], env)) as readonly string[];
    expect(findings.filter((finding) => !(finding.startsWith('UNKNOWN_ACTION') && NEWER.test(finding)))).toEqual([
      // AWS has no ARN for the tasks of a service; the condition names the cluster.
      "RESOURCE_STAR ['ecs:ListTasks']",
    ]);
  });
});

describe.skipIf(!has('cfn-lint'))('the CloudFormation templates', { timeout: 180_000 }, () => {
  it.each(['service.yaml', 'roles.json'])('%s is as the published schemas say', (template) => {
    const path = join(examples, 'cloudformation', template);
    const out = run('cfn-lint', ['--format', 'json', '--regions', 'eu-west-1', '--', path]);
    const findings = (JSON.parse(out || '[]') as readonly { Rule: { Id: string }; Message: string }[]).map(
      ({ Rule, Message }) => `${Rule.Id} ${Message.slice(0, 60)}`,
    );
    expect(findings.filter((finding) => !finding.startsWith("W3037 'continueservicedeployment'"))).toEqual([]);
  });
});

describe('the Terraform example', () => {
  it('gives every policy all that it leaves open', () => {
    const given = read('terraform/pipeline.tf').split('templatefile(')[1]?.split('})')[0] ?? '';
    const names = [...given.matchAll(/^\s*(\w+)\s*=/gm)].map(([, name]) => name);
    for (const role of ROLES) {
      const open = [...read(`iam/${role}.json`).matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name);
      expect(open.filter((name) => !names.includes(name))).toEqual([]);
    }
  });

  it.skipIf(!has('terraform'))('is formatted, and can be read', () => {
    const args = ['fmt', '-check', '-recursive', join(examples, 'terraform')];
    expect(execFileSync('terraform', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })).toBe('');
  });
});

describe('a role for the pipeline', () => {
  const account = '111122223333';
  const github = { account, owner: 'acme', repository: 'motor', ownerId: 12, repositoryId: 34 };
  const GITHUB = { iss: 'https://token.actions.githubusercontent.com', aud: 'sts.amazonaws.com' };
  const GITLAB = { iss: 'https://gitlab.com', aud: 'sts.amazonaws.com' };
  const AZURE = { iss: 'https://vstoken.dev.azure.com/o-1', aud: 'api://AzureADTokenExchange' };
  const trusts = {
    github: githubTrust(github, { environment: 'production' }),
    gitlab: gitlabTrust({ account, host: 'gitlab.com', project: 'acme/motor' }, { branch: 'main' }),
    azure: azureTrust({ account, organizationId: 'o-1', organization: 'acme', project: 'motor', connection: 'aws' }),
    cloudformation: fromCloudFormation(),
  };

  /** The trust policy of the template, its parameters put in. */
  function fromCloudFormation(): PolicyDocument {
    const { Resources } = JSON.parse(read('cloudformation/roles.json'));
    const values: Readonly<Record<string, string>> = {
      'AWS::Partition': 'aws',
      'AWS::AccountId': account,
      Issuer: 'token.actions.githubusercontent.com',
      Audience: 'sts.amazonaws.com',
      ProductionSubject: 'repo:acme/motor:environment:production',
      ProductionSubjectById: 'repo:acme@12/motor@34:environment:production',
    };
    const text: string = Resources.ProductionRole.Properties.AssumeRolePolicyDocument['Fn::Sub'];
    return JSON.parse(text.replaceAll(/\$\{([\w:]+)\}/g, (_, name: string) => values[name] ?? ''));
  }

  function taken(trust: PolicyDocument, claims: Readonly<Record<string, string>>): boolean {
    const world = new World(account, 'eu-west-1', 0);
    const arn = `arn:aws:iam::${account}:role/production`;
    world.roles.push({ arn, name: 'production', trust });
    for (const { iss } of [GITHUB, GITLAB, AZURE]) world.identityProviders.add(iss.replace('https://', ''));
    const payload = Buffer.from(JSON.stringify({ exp: 9_999_999_999, ...claims })).toString('base64url');
    const input = { RoleArn: arn, RoleSessionName: 'run', WebIdentityToken: `e30.${payload}.sig` };
    try {
      stsHandlers.AssumeRoleWithWebIdentity?.(world, input, { arn: '', userId: '', endpoint: '' });
      return true;
    } catch {
      return false;
    }
  }

  it.each([
    ['github', { ...GITHUB, sub: 'repo:acme/motor:environment:production' }, true],
    ['github', { ...GITHUB, sub: 'repo:acme@12/motor@34:environment:production' }, true],
    ['github', { ...GITHUB, sub: 'repo:acme@99/motor@34:environment:production' }, false],
    ['github', { ...GITHUB, sub: 'repo:acme/motor:ref:refs/heads/main' }, false],
    ['github', { ...GITHUB, sub: 'repo:acme/motor:pull_request' }, false],
    ['github', { ...GITHUB, aud: 'https://github.com/acme', sub: 'repo:acme/motor:environment:production' }, false],
    ['cloudformation', { ...GITHUB, sub: 'repo:acme/motor:environment:production' }, true],
    ['cloudformation', { ...GITHUB, sub: 'repo:acme@12/motor@34:environment:production' }, true],
    ['cloudformation', { ...GITHUB, sub: 'repo:acme/motor:environment:staging' }, false],
    ['gitlab', { ...GITLAB, sub: 'project_path:acme/motor:ref_type:branch:ref:main' }, true],
    ['gitlab', { ...GITLAB, sub: 'project_path:acme/motor:ref_type:branch:ref:mine' }, false],
    ['gitlab', { ...GITHUB, sub: 'project_path:acme/motor:ref_type:branch:ref:main' }, false],
    ['azure', { ...AZURE, sub: 'sc://acme/motor/aws' }, true],
    ['azure', { ...AZURE, sub: 'sc://acme/home/aws' }, false],
  ] as const)('on %s is taken by %o: %s', (host, claims, wanted) => {
    expect(taken(trusts[host], claims)).toBe(wanted);
  });
});
