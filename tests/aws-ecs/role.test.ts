import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ecrConfig } from '../../shared/compose-images.ts';
import { jobIdentity } from '../../shared/hosts/job-identity.ts';
import { JobFederation } from '../../shared/identity/federation.ts';
import type { IdentityTools } from '../../shared/identity/identity-tools.ts';
import { createIdTokens } from '../../shared/identity/index.ts';
import type { Project } from '../../shared/project/project.ts';
import { roleCredentials } from '../../shared/targets/aws-ecs/credentials.ts';
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
  return roleCredentials({ roleArn: ROLE, region: 'eu-west-1', session: 'motor', federation, clock })(NEVER);
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
