import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { jobIdentity } from '../../shared/hosts/job-identity.ts';
import { JobFederation } from '../../shared/identity/federation.ts';
import type { IdentityTools } from '../../shared/identity/identity-tools.ts';
import { createIdTokens } from '../../shared/identity/index.ts';
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
