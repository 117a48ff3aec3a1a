import { spawn } from 'node:child_process';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Interrupted } from '../../shared/errors.ts';
import { AzureLogin } from '../../shared/image/login/azure-login.ts';
import { awsConfigOf, EcrLogin } from '../../shared/image/login/ecr-login.ts';
import { DEFAULT_RETRY, parseRetryAfter, retry } from '../../shared/io/retry.ts';
import { FakeClock } from '../fakes/fake-clock.ts';
import { FakeServer } from '../fakes/fake-server.ts';
import { toolOrSkip } from '../tools/install.ts';
import { signal } from './client.ts';

const moto = toolOrSkip('moto-5.2.5');
const ECR = '123456789012.dkr.ecr.eu-west-1.amazonaws.com';
const ENV = { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret-of-the-test' };
const START_MS = 60_000;

describe.skipIf(moto === undefined)('the login of Amazon', () => {
  let url = '';
  let stop = (): void => undefined;
  beforeAll(async () => {
    const env = { ...process.env, PYTHONPATH: dirname(dirname(moto ?? '')), PYTHONUNBUFFERED: '1' };
    const child = spawn('python3', ['-m', 'moto.server', '-H', '127.0.0.1', '-p', '0'], { env, stdio: 'pipe' });
    stop = () => void child.kill('SIGKILL');
    url = await new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error('moto does not start')), START_MS);
      createInterface({ input: child.stderr }).on('line', (line) => {
        const found = /Running on (http:\S+)/.exec(line)?.[1];
        if (found === undefined) return;
        clearTimeout(late);
        resolve(found);
      });
    });
  });
  afterAll(() => stop());

  const tools = (masked: string[], env = ENV) => ({
    config: { ...awsConfigOf(env), endpoint: url },
    mask: (secret: string) => void masked.push(secret),
  });

  it('is a password that AWS gives for its own registries alone', async () => {
    const masked: string[] = [];
    const login = new EcrLogin(tools(masked));
    const found = await login.login(ECR, signal);
    expect(found).toMatchObject({ kind: 'password', username: 'AWS', from: 'AWS' });
    expect(masked).toEqual([found?.kind === 'password' ? found.password : '']);
    expect(await login.login('ghcr.io', signal)).toBeUndefined();
  });

  it('ends when the run does', async () => {
    const ended = AbortSignal.abort();
    await expect(new EcrLogin(tools([])).login(ECR, ended)).rejects.toThrow(Interrupted);
  });
});

describe('the login of Amazon', () => {
  it.each([
    [403, 'AccessDeniedException', 'LOGIN-DENIED'],
    [400, 'UnrecognizedClientException', 'LOGIN-DENIED'],
    [400, 'ExpiredTokenException', 'LOGIN-DENIED.*new credentials'],
    [400, 'ThrottlingException', 'LOGIN-BUSY'],
    [500, 'ServerException', 'LOGIN-UNAVAILABLE'],
  ])('that is answered %i %s is told as %s', async (status, type, code) => {
    const server = new FakeServer({ 'POST /': () => ({ status, body: { __type: type, message: 'no' } }) });
    await server.start();
    const login = new EcrLogin({ config: { ...awsConfigOf(ENV), endpoint: server.url }, mask: () => undefined });
    await expect(login.login(ECR, signal)).rejects.toThrow(new RegExp(`${type}.*${code}`));
    await server.stop();
  });

  it('is not waited for without end', async () => {
    const server = new FakeServer({ 'POST /': () => ({ status: 200 }) });
    await server.start();
    server.fail('', 'silent', Number.POSITIVE_INFINITY);
    const config = { ...awsConfigOf(ENV), endpoint: server.url };
    const login = new EcrLogin({ config, mask: () => undefined, timeoutMs: 200 });
    await expect(login.login(ECR, signal)).rejects.toThrow('LOGIN-TIMEOUT');
    await server.stop();
  });

  it('comes from the environment of the project where that has credentials', () => {
    expect(awsConfigOf({ ...ENV, AWS_SESSION_TOKEN: 't' })).toEqual({
      credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret-of-the-test', sessionToken: 't' },
    });
    expect(awsConfigOf({ AWS_ACCESS_KEY_ID: 'x' })).toEqual({});
  });
});

describe('the login of Azure', () => {
  const REGISTRY = 'acmepricing.azurecr.io';
  const clock = new FakeClock();
  const scene = async (
    answer: { status: number; body?: unknown },
    mask: (secret: string) => void = () => undefined,
  ) => {
    const server = new FakeServer({ 'POST /oauth2/exchange': () => answer });
    await server.start();
    const login = new AzureLogin({
      fetch: globalThis.fetch,
      retry: (call, tools) => retry(DEFAULT_RETRY, { clock, random: () => 0, ...tools }, call),
      retryAfterMs: (header) => parseRetryAfter(header, clock.now()),
      mask,
      token: async () => ({ token: 'entra-token', expiresAt: 7 }),
      addressOf: () => server.url,
    });
    return { server, login };
  };

  it('is a token of Entra, exchanged for one that stands for a login at the registry', async () => {
    const masked: string[] = [];
    const { server, login } = await scene(
      { status: 200, body: { refresh_token: 'refresh' } },
      (each) => void masked.push(each),
    );
    expect(await login.login(REGISTRY, signal)).toEqual({
      kind: 'identity',
      token: 'refresh',
      expiresAt: 7,
      from: 'Microsoft Entra',
    });
    expect(server.requests.map(({ body }) => body)).toEqual([
      { grant_type: 'access_token', service: REGISTRY, access_token: 'entra-token' },
    ]);
    expect(masked).toEqual(['entra-token', 'refresh']);
    for (const other of ['ghcr.io', 'azurecr.io', 'acme.azurecr.io.example.com']) {
      expect(await login.login(other, signal)).toBeUndefined();
    }
    await server.stop();
  });

  it.each([
    [{ status: 401 }, 'LOGIN-DENIED', 1],
    [{ status: 429 }, 'LOGIN-BUSY', 5],
    [{ status: 503 }, 'LOGIN-UNAVAILABLE', 5],
    [{ status: 200, body: { token: 'entra-token' } }, 'LOGIN-BAD-ANSWER', 1],
  ])('that is answered %j is told as %s', async (answer, code, asked) => {
    const { server, login } = await scene(answer);
    const logging = login.login(REGISTRY, signal);
    await expect(logging).rejects.toThrow(code);
    await expect(logging).rejects.not.toThrow(/entra-token/);
    expect(server.requests).toHaveLength(asked);
    await server.stop();
  });
});
