import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../../tests/fakes/fake-clock.ts';
import { type FakeAnswer, FakeServer, type Fault } from '../../tests/fakes/fake-server.ts';
import { ConfigError, Interrupted } from '../errors.ts';
import { parseRetryAfter, retry } from '../io/retry.ts';
import type { IdTokens } from '../ports/identity.ts';
import { JobFederation } from './federation.ts';
import type { IdentityTools } from './identity-tools.ts';
import { createIdTokens } from './index.ts';

const NOW = Date.parse('2026-03-01T12:00:00Z');
const signal = new AbortController().signal;
const SUBJECT = 'repo:acme@7/motor@8:environment:production';

function jwt(audience: string, lifeSeconds = 300, secret = 'c2lnbmF0dXJl'): string {
  const claims = { iss: 'https://issuer.example', sub: SUBJECT, aud: audience, exp: NOW / 1000 + lifeSeconds };
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'RS256' })}.${part(claims)}.${secret}`;
}

let server: FakeServer;
let clock: FakeClock;
let masked: string[];
let tools: IdentityTools;
const answers = new Map<string, FakeAnswer>();

beforeEach(async () => {
  answers.clear();
  const say = (name: string) => (): FakeAnswer => answers.get(name) ?? { status: 500, body: {} };
  server = new FakeServer({
    'GET /github': (request) =>
      answers.get('github') ?? { status: 200, body: { value: jwt(request.query.get('audience') ?? '') } },
    'POST /azure-devops': say('azure-devops'),
    'POST /aws/': say('aws'),
    'POST /entra/{tenant}/oauth2/v2.0/token': say('entra'),
    'POST /google-sts/v1/token': say('google-sts'),
    'POST /google-iam/v1/projects/-/serviceAccounts/{account}': say('google-iam'),
    'POST /oidc/v1/token': say('databricks'),
  });
  await server.start();
  clock = new FakeClock(NOW);
  masked = [];
  tools = {
    fetch,
    mask: (secret) => masked.push(secret),
    clock,
    retry: (act, { signal: until, onRetry }) =>
      retry(
        { attempts: 3, baseMs: 100, capMs: 20_000 },
        { clock, random: () => 0.5, signal: until, ...(onRetry && { onRetry }) },
        act,
      ),
    retryAfterMs: (header) => parseRetryAfter(header, clock.now()),
    timeoutMs: 500,
  };
});
afterEach(() => server.stop());

const github = (): IdTokens =>
  createIdTokens({ kind: 'github', requestUrl: `${server.url}/github?x=1`, requestToken: 'request-token' }, tools);
const azure = (): IdTokens =>
  createIdTokens(
    { kind: 'azure', oidcUri: `${server.url}/azure-devops`, accessToken: 'access-token', serviceConnectionId: 'c-1' },
    tools,
  );
const gitlab = (tokens: Readonly<Record<string, string>>): IdTokens =>
  createIdTokens({ kind: 'gitlab', tokens }, tools);

describe('a token of a job', () => {
  it('on GitHub is asked for with its audience, and hidden', async () => {
    const token = await github().getIdToken('sts.amazonaws.com', signal);
    expect(token).toBe(jwt('sts.amazonaws.com'));
    expect(masked).toEqual(['request-token', token]);
    const [request] = server.requests;
    expect(request?.headers.authorization).toBe('Bearer request-token');
    expect(request?.query.get('x')).toBe('1');
  });

  it('on Azure DevOps is asked for with its service connection, and hidden', async () => {
    answers.set('azure-devops', { status: 200, body: { oidcToken: jwt('api://AzureADTokenExchange') } });
    const token = await azure().getIdToken('api://AzureADTokenExchange', signal);
    expect(masked).toEqual(['access-token', token]);
    expect(server.requests[0]?.query.get('serviceConnectionId')).toBe('c-1');
    expect(server.requests[0]?.headers.authorization).toBe('Bearer access-token');
  });

  it('on Azure DevOps has one audience alone', async () => {
    answers.set('azure-devops', { status: 200, body: { oidcToken: jwt('api://AzureADTokenExchange') } });
    await expect(azure().getIdToken('sts.amazonaws.com', signal)).rejects.toThrow('ID-TOKEN-AUDIENCE');
  });

  it('on GitLab is the one for the audience, and all of them are hidden before one is asked for', async () => {
    const [one, other] = [jwt('sts.amazonaws.com'), jwt('https://vault')];
    const tokens = gitlab({ HAUTE_ID_TOKEN: one, HAUTE_ID_TOKEN_VAULT: other });
    expect(masked).toEqual([one, other]);
    expect(await tokens.getIdToken('https://vault', signal)).toBe(other);
  });

  it.each<[string, Readonly<Record<string, string>>, string]>([
    ['none', {}, 'ID-TOKEN-UNAVAILABLE'],
    ['one for somebody else', { HAUTE_ID_TOKEN: jwt('https://vault') }, 'ID-TOKEN-AUDIENCE'],
    ['one that is no token', { HAUTE_ID_TOKEN: 'nonsense' }, 'ID-TOKEN-AUDIENCE'],
    ['one that is over', { HAUTE_ID_TOKEN: jwt('sts.amazonaws.com', 0) }, 'ID-TOKEN-EXPIRED'],
  ])('on GitLab with %s says what to write', async (_, given, code) => {
    const error = await gitlab(given)
      .getIdToken('sts.amazonaws.com', signal)
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as ConfigError).problems[0]).toMatchObject({ code, place: { file: '.gitlab-ci.yml' } });
  });

  it.each<[string, () => Promise<unknown>, string]>([
    ['GitHub', () => github().getIdToken('x', signal), 'id-token: write'],
    ['Azure DevOps', () => azure().getIdToken('x', signal), 'service connection'],
  ])('that %s refuses says what to add', async (name, ask, fix) => {
    answers.set(name === 'GitHub' ? 'github' : 'azure-devops', { status: 403, body: {} });
    const error = await ask().catch((thrown: unknown) => thrown);
    expect((error as ConfigError).problems[0]).toMatchObject({
      code: 'ID-TOKEN-UNAVAILABLE',
      fix: expect.stringContaining(fix),
    });
  });

  it.each<[string, Fault, string]>([
    ['asks too much', { status: 429, headers: { 'retry-after': '1' }, body: {} }, 'LOGIN-BUSY'],
    ['is down', { status: 503, body: {} }, 'LOGIN-UNAVAILABLE'],
    ['breaks off', 'lost', 'LOGIN-UNREACHABLE'],
    ['says nothing', 'silent', 'LOGIN-TIMEOUT'],
    ['sends it elsewhere', { status: 302, headers: { location: '/azure-devops' }, body: '' }, 'LOGIN-UNREACHABLE'],
    ['answers with half of it', 'cut', 'LOGIN-BAD-ANSWER'],
    ['answers something else', { status: 200, body: '<html>' }, 'LOGIN-BAD-ANSWER'],
  ])('from a service that %s is an error', async (_, fault, code) => {
    server.fail('GET /github', fault, 9);
    await expect(github().getIdToken('x', signal)).rejects.toThrow(code);
  });

  it('is asked for again after a passing fault', async () => {
    server.fail('GET /github', { status: 503, body: {} });
    server.fail('GET /github', 'lost');
    expect(await github().getIdToken('x', signal)).toBe(jwt('x'));
  });

  it('is not asked for when the job is cancelled', async () => {
    await expect(github().getIdToken('x', AbortSignal.abort())).rejects.toBeInstanceOf(Interrupted);
  });
});

describe('logging in to clouds', () => {
  const federation = (tokens: IdTokens = github()): JobFederation =>
    new JobFederation(tokens, tools, {
      aws: `${server.url}/aws/`,
      azureAuthority: `${server.url}/entra`,
      googleSts: `${server.url}/google-sts`,
      googleIam: `${server.url}/google-iam`,
    });
  const role = {
    roleArn: 'arn:aws:iam::123456789012:role/haute',
    region: 'eu-west-1',
    sessionName: 'haute-7',
    durationSeconds: 900,
  };
  const application = { tenantId: 't-1', clientId: 'c-1', scope: 'https://management.azure.com/.default' };
  const pool = {
    provider: 'projects/1/locations/global/workloadIdentityPools/p/providers/x',
    serviceAccount: 'haute@acme.iam.gserviceaccount.com',
    scopes: ['https://www.googleapis.com/auth/cloud-platform'],
    lifetimeSeconds: 1800,
  };
  const granted: FakeAnswer = {
    status: 200,
    body: { access_token: 'cloud-token', expires_in: 3600, token_type: 'Bearer' },
  };
  const bodyOf = (route: string): unknown => server.requests.find((request) => request.route === route)?.body;

  const stsAnswer = `<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleWithWebIdentityResult>
    <Credentials><SessionToken>session&amp;/+==</SessionToken><SecretAccessKey>secret/key</SecretAccessKey>
    <Expiration>2026-03-01T12:15:00Z</Expiration><AccessKeyId>ASIA1</AccessKeyId></Credentials>
    </AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>`;

  it('AWS: takes the role by the token', async () => {
    answers.set('aws', { status: 200, headers: { 'content-type': 'text/xml' }, body: stsAnswer });
    expect(await federation().aws(role, signal)).toEqual({
      accessKeyId: 'ASIA1',
      secretAccessKey: 'secret/key',
      sessionToken: 'session&/+==',
      expiresAt: Date.parse('2026-03-01T12:15:00Z'),
    });
    expect(masked).toEqual(expect.arrayContaining(['secret/key', 'session&/+==']));
    expect(bodyOf('POST /aws/')).toEqual({
      Action: 'AssumeRoleWithWebIdentity',
      Version: '2011-06-15',
      RoleArn: role.roleArn,
      RoleSessionName: 'haute-7',
      DurationSeconds: '900',
      WebIdentityToken: jwt('sts.amazonaws.com'),
    });
  });

  it('AWS: asks again when STS could not ask the issuer', async () => {
    const body = '<ErrorResponse><Error><Code>IDPCommunicationError</Code></Error></ErrorResponse>';
    server.fail('POST /aws/', { status: 400, body });
    answers.set('aws', { status: 200, body: stsAnswer });
    expect((await federation().aws(role, signal)).accessKeyId).toBe('ASIA1');
  });

  it('Azure: asserts the application by the token', async () => {
    answers.set('entra', granted);
    expect(await federation().azure(application, signal)).toEqual({ token: 'cloud-token', expiresAt: NOW + 3_600_000 });
    expect(masked).toContain('cloud-token');
    const [request] = server.requests.filter(({ method }) => method === 'POST');
    expect(request?.params.tenant).toBe('t-1');
    expect(request?.body).toMatchObject({ client_id: 'c-1', client_assertion: jwt('api://AzureADTokenExchange') });
  });

  it('Google: exchanges the token and acts as the service account', async () => {
    answers.set('google-sts', granted);
    answers.set('google-iam', {
      status: 200,
      body: { accessToken: 'acting-token', expireTime: '2026-03-01T12:30:00Z' },
    });
    expect(await federation().google(pool, signal)).toEqual({
      token: 'acting-token',
      expiresAt: Date.parse('2026-03-01T12:30:00Z'),
    });
    expect(masked).toEqual(expect.arrayContaining(['cloud-token', 'acting-token']));
    expect(bodyOf('POST /google-sts/v1/token')).toMatchObject({
      audience: `//iam.googleapis.com/${pool.provider}`,
      subject_token: jwt(`https://iam.googleapis.com/${pool.provider}`),
    });
    const acting = server.requests.at(-1);
    expect(acting?.params.account).toBe('haute@acme.iam.gserviceaccount.com:generateAccessToken');
    expect(acting?.headers.authorization).toBe('Bearer cloud-token');
    expect(acting?.body).toEqual({ scope: pool.scopes, lifetime: '1800s' });
  });

  it('Google: stays the pool’s identity where no service account is named', async () => {
    answers.set('google-sts', granted);
    const { serviceAccount: _, ...own } = pool;
    expect((await federation().google(own, signal)).token).toBe('cloud-token');
  });

  it('Databricks: exchanges the token at the workspace', async () => {
    answers.set('databricks', granted);
    await federation().databricks({ host: `${server.url}/`, clientId: 'sp-1' }, signal);
    expect(bodyOf('POST /oidc/v1/token')).toMatchObject({
      client_id: 'sp-1',
      subject_token: jwt(`${server.url}/oidc/v1/token`),
      scope: 'all-apis',
    });
    await federation().databricks({ host: server.url, audience: 'account-1' }, signal);
    expect(server.requests.at(-1)?.body).toMatchObject({ subject_token: jwt('account-1') });
  });

  it('by the one audience that Azure DevOps has', async () => {
    answers.set('azure-devops', { status: 200, body: { oidcToken: jwt('api://AzureADTokenExchange') } });
    answers.set('aws', { status: 200, body: stsAnswer });
    expect((await federation(azure()).aws(role, signal)).accessKeyId).toBe('ASIA1');
  });

  const refusals: readonly [string, string, FakeAnswer, () => Promise<unknown>, RegExp][] = [
    [
      'AWS',
      'aws',
      { status: 403, body: '<Error><Code>AccessDenied</Code><Message>Not authorized</Message></Error>' },
      () => federation().aws(role, signal),
      /AccessDenied: Not authorized.*trust policy of arn:aws/s,
    ],
    [
      'Azure',
      'entra',
      { status: 401, body: { error: 'invalid_client', error_description: 'AADSTS700213: no match\r\nTrace ID: 1' } },
      () => federation().azure(application, signal),
      /AADSTS700213: no match\..*federated credential/s,
    ],
    [
      'Google',
      'google-sts',
      { status: 400, body: { error: 'invalid_target', error_description: 'nope' } },
      () => federation().google(pool, signal),
      /invalid_target: nope.*provider projects\/1/s,
    ],
    [
      'Databricks',
      'databricks',
      { status: 400, body: { error: 'invalid_grant' } },
      () => federation().databricks({ host: server.url }, signal),
      /invalid_grant.*federation policy/s,
    ],
  ];

  it.each(refusals)(
    '%s: a token that is not trusted says what the cloud must trust',
    async (_, name, answer, log, message) => {
      answers.set(name, answer);
      const error = await log().catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(ConfigError);
      expect((error as Error).message).toMatch(message);
      expect((error as Error).message).toContain(`issuer https://issuer.example, subject ${SUBJECT}`);
    },
  );

  it('Google: a service account that may not be acted as says which role is missing', async () => {
    answers.set('google-sts', granted);
    answers.set('google-iam', { status: 403, body: { error: { message: 'Permission denied' } } });
    await expect(federation().google(pool, signal)).rejects.toThrow(/Permission denied.*Workload Identity User/s);
  });

  it('hides every secret and puts none into an error, whatever the answer', async () => {
    const shapes: readonly unknown[] = [
      { access_token: 'cloud-token', accessToken: 'cloud-token' },
      { access_token: 'cloud-token', expires_in: 'soon', accessToken: 'cloud-token', expireTime: 'never' },
      stsAnswer.replace('<AccessKeyId>ASIA1</AccessKeyId>', ''),
      '{"access_token": "cloud-token", "expires',
    ];
    const logins = [
      () => federation().aws(role, signal),
      () => federation().azure(application, signal),
      () => federation().google(pool, signal),
      () => federation().databricks({ host: server.url }, signal),
    ];
    for (const body of shapes) {
      for (const status of [200, 400]) {
        for (const name of ['aws', 'entra', 'google-sts', 'databricks']) answers.set(name, { status, body });
        for (const login of logins) {
          const error = await login().catch((thrown: unknown) => thrown);
          expect(error).toBeInstanceOf(Error);
          expect(JSON.stringify([error, (error as Error).message])).not.toMatch(/cloud-token|secret\/key|c2lnbmF0dXJl/);
        }
      }
    }
    expect(masked).toEqual(expect.arrayContaining(['cloud-token', 'secret/key', jwt('sts.amazonaws.com')]));
  });
});
