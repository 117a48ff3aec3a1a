import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ecrConfig } from '../../shared/compose-images.ts';
import { jobIdentity } from '../../shared/hosts/job-identity.ts';
import { JobFederation } from '../../shared/identity/federation.ts';
import type { IdentityTools } from '../../shared/identity/identity-tools.ts';
import { createIdTokens } from '../../shared/identity/index.ts';
import type { Project } from '../../shared/project/project.ts';
import { roleCredentials } from '../../shared/targets/aws-ecs/credentials.ts';
import { FakeAws } from '../fakes/aws/fake-aws.ts';
import { FakeClock } from '../fakes/fake-clock.ts';
import { type FakeRequest, FakeServer } from '../fakes/fake-server.ts';

const NOW = Date.parse('2026-03-01T12:00:00Z');
const ROLE = 'arn:aws:iam::123456789012:role/haute-deploy';
const NEVER = new AbortController().signal;
const AZURE_AUDIENCE = 'api://AzureADTokenExchange';

function jwt(aud: string): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'RS256' })}.${part({ iss: 'https://issuer.example', sub: 'a job', aud, exp: NOW / 1000 + 300 })}.c2ln`;
}

const TAKEN = `<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult><Credentials>
  <SessionToken>session</SessionToken><SecretAccessKey>secret</SecretAccessKey>
  <Expiration>2026-03-01T13:00:00Z</Expiration><AccessKeyId>ASIA1</AccessKeyId>
  </Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>`;

let server: FakeServer;
beforeEach(async () => {
  server = new FakeServer({
    'GET /github': ({ query }: FakeRequest) => ({ status: 200, body: { value: jwt(query.get('audience') ?? '') } }),
    'POST /azure': () => ({ status: 200, body: { oidcToken: jwt(AZURE_AUDIENCE) } }),
    'POST /aws/': () => ({ status: 200, headers: { 'content-type': 'text/xml' }, body: TAKEN }),
  });
  await server.start();
});
afterEach(() => server.stop());

/** As a job of this host would take the role, by nothing but its variables. */
function credentialsOf(host: string, env: Readonly<Record<string, string>>) {
  const clock = new FakeClock(NOW);
  const tools: IdentityTools = {
    fetch,
    mask: () => undefined,
    clock,
    retry: (call) => call(),
    retryAfterMs: () => undefined,
    timeoutMs: 30_000,
  };
  const access = jobIdentity(host, env);
  const federation = access && new JobFederation(createIdTokens(access, tools), tools, { aws: `${server.url}/aws/` });
  const place = { roleArn: ROLE, region: 'eu-west-1', session: 'motor', sessionMs: 3_600_000 };
  return roleCredentials({ ...place, federation, clock })(NEVER);
}

const variables = (): Readonly<Record<string, Readonly<Record<string, string>>>> => ({
  github: { ACTIONS_ID_TOKEN_REQUEST_URL: `${server.url}/github?x=1`, ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'request' },
  gitlab: { HAUTE_ID_TOKEN_AZURE: jwt(AZURE_AUDIENCE), HAUTE_ID_TOKEN_AWS: jwt('sts.amazonaws.com') },
  azure: {
    SYSTEM_OIDCREQUESTURI: `${server.url}/azure`,
    SYSTEM_ACCESSTOKEN: 'access',
    AZURESUBSCRIPTION_SERVICE_CONNECTION_ID: 'c-1',
  },
});

describe('the role of [targets.aws-ecs]', () => {
  it.each([
    ['github', 'sts.amazonaws.com'],
    ['gitlab', 'sts.amazonaws.com'],
    ['azure', AZURE_AUDIENCE],
  ])('is taken by the own token of a job on %s', async (host, audience) => {
    const taken = await credentialsOf(host, variables()[host] ?? {});
    expect(taken).toEqual({
      accessKeyId: 'ASIA1',
      secretAccessKey: 'secret',
      sessionToken: 'session',
      expiration: new Date('2026-03-01T13:00:00Z'),
    });
    const asked = server.requests.find(({ route }) => route === 'POST /aws/');
    expect(asked?.body).toMatchObject({
      RoleArn: ROLE,
      RoleSessionName: 'haute-motor',
      WebIdentityToken: jwt(audience),
    });
  });

  it.each(['github', 'gitlab', 'azure', 'terminal'])('is refused on %s where the job has no token', async (host) => {
    await expect(credentialsOf(host, {})).rejects.toThrow('AWS-ROLE-WITHOUT-TOKEN');
    expect(server.requests).toEqual([]);
  });
});

describe('the login at Amazon’s registry', () => {
  const clock = new FakeClock(NOW);
  const keys = { accessKeyId: 'ASIA2', secretAccessKey: 's', sessionToken: 't', expiresAt: NOW + 3_600_000 };
  const asked: string[] = [];
  const federation = {
    aws: async ({ roleArn }: { readonly roleArn: string }) => {
      asked.push(roleArn);
      return keys;
    },
  } as never;
  const projectOf = (target: string, section: object) =>
    ({
      config: { deploy: { target, modelName: 'motor', awsEcs: { region: 'eu-west-1' } } },
      policy: { targets: { 'aws-ecs': section } },
    }) as unknown as Project;

  it('is the role’s where the run was given no keys', async () => {
    const { credentials } = ecrConfig(projectOf('aws-ecs', { role: ROLE }), {}, { federation, clock });
    const taken = typeof credentials === 'function' ? await credentials() : credentials;
    expect([taken?.accessKeyId, asked]).toEqual(['ASIA2', [ROLE]]);
  });

  it('is that of the role that the job names, before the policy’s', async () => {
    const env = { AWS_ROLE_ARN: 'arn:aws:iam::123456789012:role/build' };
    const { credentials } = ecrConfig(projectOf('aws-ecs', { role: ROLE }), env, { federation, clock });
    if (typeof credentials === 'function') await credentials();
    expect(asked.at(-1)).toBe(env.AWS_ROLE_ARN);
  });

  it('is that of the keys that the run was given', () => {
    const env = { AWS_ACCESS_KEY_ID: 'AKIA1', AWS_SECRET_ACCESS_KEY: 'x' };
    const { credentials } = ecrConfig(projectOf('aws-ecs', { role: ROLE }), env, { federation, clock });
    expect(credentials).toMatchObject({ accessKeyId: 'AKIA1' });
  });

  it.each([
    ['no role is named', projectOf('aws-ecs', {}), federation],
    ['the target is another', projectOf('container', { role: ROLE }), federation],
    ['the job has no token', projectOf('aws-ecs', { role: ROLE }), undefined],
  ])('is found as every SDK finds it where %s', (_what, project, known) => {
    expect(ecrConfig(project, {}, { federation: known, clock })).toEqual({});
  });
});

describe('a session of the role at STS', () => {
  const ISSUER = 'gitlab.example.com';
  const TOKEN_ENDS_AT = Math.round(Date.now() / 1000) + 1_200;
  let fake: FakeAws;
  let later = 0;
  const clock = { ...new FakeClock(0), now: () => Date.now() + later } as unknown as FakeClock;
  const tools: IdentityTools = {
    fetch,
    mask: () => undefined,
    clock,
    retry: (call) => call(),
    retryAfterMs: () => undefined,
    timeoutMs: 30_000,
  };

  beforeEach(async () => {
    later = 0;
    fake = new FakeAws();
    await fake.start();
    fake.world.identityProviders.add(ISSUER);
    const Statement = [{ Effect: 'Allow', Action: 'sts:AssumeRoleWithWebIdentity' }] as const;
    fake.world.roles.push({ arn: ROLE, name: 'haute-deploy', trust: { Statement }, maxSessionSeconds: 7_200 });
  });
  afterEach(async () => {
    expect(fake.violations).toEqual([]);
    await fake.stop();
  });

  function onGitLab(sessionMs: number) {
    const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const claims = {
      iss: `https://${ISSUER}`,
      sub: 'project_path:acme/motor',
      aud: 'sts.amazonaws.com',
      exp: TOKEN_ENDS_AT,
    };
    const access = jobIdentity('gitlab', { HAUTE_ID_TOKEN_AWS: `${part({ alg: 'RS256' })}.${part(claims)}.c2ln` });
    if (!access) throw new Error('the job has no identity');
    const federation = new JobFederation(createIdTokens(access, tools), tools, { aws: `${fake.url}/` });
    return roleCredentials({ roleArn: ROLE, region: 'eu-west-1', session: 'motor', sessionMs, federation, clock });
  }

  it('is taken once more before GitLab’s token runs out, and explained once it is over', async () => {
    const take = onGitLab(3_600_000);
    expect((await take(NEVER)).expiration?.getTime()).toBe(TOKEN_ENDS_AT * 1000);
    later = 16 * 60_000;
    expect((await take(NEVER)).expiration?.getTime()).toBeGreaterThan(Date.now() + 3_000_000);
    expect(fake.callsOf('AssumeRoleWithWebIdentity')).toHaveLength(2);
    later = 90 * 60_000;
    await expect(take(NEVER)).rejects.toThrow(/token in HAUTE_ID_TOKEN_AWS has expired.*AWS-ROLE-NOT-RENEWED/);
  });

  it('is as long as the role gives, and longer ones are refused with what to change', async () => {
    expect((await onGitLab(7_200_000)(NEVER)).accessKeyId).toMatch(/^ASIA/);
    await expect(onGitLab(7_260_000)(NEVER)).rejects.toThrow(/AWS-ROLE-SESSION/);
  });
});
