import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { parse } from 'yaml';
import type { IamRequest, IamStep } from '../../shared/targets/aws-ecs/iam/place.ts';
import { iamPolicy } from '../../shared/targets/aws-ecs/iam/policy.ts';
import { azureTrust, githubTrust, gitlabTrust } from '../../shared/targets/aws-ecs/iam/trust.ts';
import { Cloud } from '../aws-ecs/cloud.ts';
import { BALANCER_ROLE, EXECUTION_ROLE, LOG_GROUP, TASK_ROLE } from '../fakes/aws/account.ts';
import { JobIssuer } from '../fakes/job-issuer.ts';
import { releaseAt, root } from './pricing-project.ts';

export const ACCOUNT = '111122223333';
const ORGANIZATION_ID = '0f1e2d3c-0000-4000-8000-000000000000';
/** Ids of the service connections of Azure DevOps. */
export const CONNECTIONS = {
  build: '9a8b7c6d-0000-4000-8000-000000000000',
  staging: '9a8b7c6d-0000-4000-8000-000000000001',
  production: '9a8b7c6d-0000-4000-8000-000000000002',
} as const;
/** What each role is for, as docs/aws-ecs.md has it. */
const ROLES = {
  build: ['build-push'],
  staging: ['deploy-staging', 'smoke-test', 'impact-report'],
  production: ['approve-promote', 'rollback'],
} as const satisfies Record<string, readonly IamStep[]>;
type Role = keyof typeof ROLES;

const REPOSITORY = 'pricing/motor-pricing';
const QUOTE = { quote_id: 1, driver_age: 22, region: 'London', vehicle_value: 12000.0 };

/**
 * An account that three CI systems release to, each by roles of its own. Nobody has a key, and a role may do what the
 * generated policy for its steps says, and no more.
 */
export class ReleaseAccount {
  readonly cloud: Cloud;
  readonly issuer: JobIssuer;

  private constructor(cloud: Cloud, issuer: JobIssuer) {
    this.cloud = cloud;
    this.issuer = issuer;
  }

  static async start(tools: { readonly registry: string; readonly openssl: string }): Promise<ReleaseAccount> {
    const issuer = new JobIssuer({
      github: { repository: 'acme/motor', environments: jobEnvironments('github-aws-ecs') },
      azure: {
        organizationId: ORGANIZATION_ID,
        connections: Object.fromEntries(
          Object.entries(CONNECTIONS).map(([role, id]) => [id, `sc://acme/pricing/aws-${role}`]),
        ),
      },
    });
    await issuer.server.start();
    const configuration = { strategy: 'BLUE_GREEN' } as const;
    const cloud = await Cloud.start({ account: ACCOUNT, repository: REPOSITORY, configuration, tools });
    const made = new ReleaseAccount(cloud, issuer);
    made.#addRoles();
    return made;
  }

  async stop(): Promise<void> {
    await this.cloud.stop();
    await this.issuer.server.stop();
  }

  /** Address of production. */
  get url(): string {
    return this.cloud.production.productionUrl;
  }

  /** Callers of production are answered by this release, with this premium; and AWS was asked nothing wrong. */
  async expectServed(release: string, premium: number): Promise<void> {
    expect(release).toMatch(/^sha256:/);
    expect(await releaseAt(this.url)).toBe(release);
    const answer = await fetch(`${this.url}/quote`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify([QUOTE]),
    });
    expect(await answer.json()).toMatchObject({ rows: [{ premium }] });
    expect(this.cloud.fake.violations).toEqual([]);
    expect(this.cloud.fake.calls.filter(({ error }) => error?.startsWith('AccessDenied'))).toEqual([]);
  }

  #addRoles(): void {
    const { world } = this.cloud.fake;
    const github = { account: ACCOUNT, owner: 'acme', repository: 'motor' };
    const gitlab = gitlabTrust({ account: ACCOUNT, host: 'gitlab.com', project: 'acme/motor' }, { branch: 'main' });
    const azure = { account: ACCOUNT, organizationId: ORGANIZATION_ID, organization: 'acme', project: 'pricing' };
    for (const role of ['build', 'staging', 'production'] as const) {
      const scope = role === 'build' ? { branch: 'main' } : { environment: role };
      this.#addRole('github', role, githubTrust(github, scope));
      this.#addRole('gitlab', role, gitlab);
      this.#addRole('azure', role, azureTrust({ ...azure, connection: `aws-${role}` }));
    }
    const issuers = ['token.actions.githubusercontent.com', 'gitlab.com', `vstoken.dev.azure.com/${ORGANIZATION_ID}`];
    for (const issuer of issuers) world.identityProviders.add(issuer);
  }

  #addRole(host: string, role: Role, trust: unknown): void {
    const name = `${host}-${role}`;
    const request: IamRequest = {
      steps: ROLES[role],
      account: ACCOUNT,
      region: 'eu-west-1',
      cluster: 'pricing',
      service: { production: 'motor-pricing', staging: 'motor-pricing-staging' },
      family: 'motor-pricing',
      repository: REPOSITORY,
      logGroup: LOG_GROUP,
      taskRoles: [TASK_ROLE, EXECUTION_ROLE],
      balancerRole: BALANCER_ROLE,
      secretPrefix: 'motor/',
      self: name,
    };
    this.cloud.fake.world.roles.push({ name, arn: roleArn(name), trust, policy: iamPolicy(request) });
  }
}

/** @param name `github-build` */
export function roleArn(name: string): string {
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
