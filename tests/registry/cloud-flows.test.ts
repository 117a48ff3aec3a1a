import { Agent, type Dispatcher } from 'undici';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cloudLogins, composeImages } from '../../shared/compose-images.ts';
import { FoundCredentials } from '../../shared/image/login/found-credentials.ts';
import { OciRegistry } from '../../shared/image/registry/oci-registry.ts';
import { DEFAULT_LIMITS } from '../../shared/image/registry/registry-tools.ts';
import type { Federation } from '../../shared/ports/identity.ts';
import type { Project } from '../../shared/project/project.ts';
import { FakeClock } from '../fakes/fake-clock.ts';
import { type FakeAnswer, type FakeRequest, FakeServer } from '../fakes/fake-server.ts';
import { nameIn, signal } from './client.ts';

const ACR = 'acmepricing.azurecr.io';
const GAR = 'europe-docker.pkg.dev';
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const BODY = { schemaVersion: 2, mediaType: MANIFEST, config: { mediaType: 'x', size: 2 }, layers: [] };
const PROJECT = {
  config: { deploy: { target: 'container', modelName: 'motor', awsEcs: { region: '' } } },
  policy: { targets: {} },
} as unknown as Project;

/** Says who may come in as both clouds document it: a challenge, a token for a scope, and then the answer. */
function challenge(realm: string, service: string, scope: string): FakeAnswer {
  const header = `Bearer realm="${realm}",service="${service}",scope="${scope}"`;
  return { status: 401, headers: { 'www-authenticate': header }, body: { errors: [{ code: 'UNAUTHORIZED' }] } };
}

function manifestFor(token: string, refusal: FakeAnswer) {
  return ({ headers }: FakeRequest): FakeAnswer =>
    headers.authorization === `Bearer ${token}`
      ? { status: 200, headers: { 'content-type': MANIFEST }, body: BODY }
      : refusal;
}

let server: FakeServer;
const asked: unknown[] = [];
/** What a job proves itself by, and what it is given for that. */
const federation = {
  azure: async (...[application]: Parameters<Federation['azure']>) => {
    asked.push(application);
    return { token: 'entra-token', expiresAt: 9e15 };
  },
  google: async (...[pool]: Parameters<Federation['google']>) => {
    asked.push(pool);
    return { token: 'ya29.pool', expiresAt: 9e15 };
  },
} as unknown as Federation;

beforeEach(async () => {
  asked.length = 0;
  server = new FakeServer({
    'GET /v2/motor/manifests/v1': manifestFor(
      'acr-access',
      challenge(`https://${ACR}/oauth2/token`, ACR, 'repository:motor:pull'),
    ),
    'POST /oauth2/exchange': ({ body }) =>
      answerTo(body, { access_token: 'entra-token', service: ACR }, 'refresh_token'),
    'POST /oauth2/token': ({ body }) =>
      answerTo(body, { grant_type: 'refresh_token', refresh_token: 'acr-refresh_token', service: ACR }, 'access_token'),
    'GET /oauth2/token': ({ headers }) =>
      headers.authorization === basic('app-id:app-secret')
        ? { status: 200, body: { access_token: 'acr-access' } }
        : { status: 401 },
    'GET /v2/acme/pricing/motor/manifests/v1': manifestFor(
      'gar-access',
      challenge(`https://${GAR}/v2/token`, GAR, 'repository:acme/pricing/motor:pull'),
    ),
    'GET /v2/token': ({ headers }) =>
      [basic('oauth2accesstoken:ya29.pool'), basic('oauth2accesstoken:ya29.given')].includes(
        headers.authorization ?? '',
      )
        ? { status: 200, body: { token: 'gar-access', expires_in: 3600 } }
        : { status: 403, body: { errors: [{ code: 'DENIED' }] } },
  });
  await server.start();
});
afterEach(() => server.stop());

function basic(login: string): string {
  return `Basic ${Buffer.from(login).toString('base64')}`;
}

function answerTo(body: unknown, wanted: Readonly<Record<string, string>>, field: string): FakeAnswer {
  const form = body as Readonly<Record<string, string>>;
  const isRight = Object.entries(wanted).every(([key, value]) => form[key] === value);
  const value = field === 'access_token' ? 'acr-access' : `acr-${field}`;
  return isRight ? { status: 200, body: { [field]: value } } : { status: 401 };
}

/** The client as it is composed for a step, whose requests to these clouds arrive at the server of the test. */
function clientWith(env: Readonly<Record<string, string>>, known: Federation | undefined) {
  const clock = new FakeClock(Date.parse('2026-03-01T12:00:00Z'));
  const masked: string[] = [];
  const mask = (secret: string) => void masked.push(secret);
  const outside = {
    federation: known,
    clock,
    retry: <T>(call: () => Promise<T>) => call(),
    retryAfterMs: () => undefined,
    host: { mask },
    fetch: ((url: string, init?: RequestInit) =>
      fetch(url.replace(`https://${ACR}`, server.url), init)) as typeof fetch,
  };
  const dispatcher: Dispatcher = new Agent().compose(
    (dispatch) => (options, handler) => dispatch({ ...options, origin: server.url }, handler),
  );
  const credentials = new FoundCredentials({
    env,
    configuredRegistry: undefined,
    files: { find: async () => undefined },
    providers: cloudLogins(PROJECT, env, outside),
    mask,
    clock,
  });
  const registry = new OciRegistry({
    ...outside,
    dispatcher,
    credentials,
    mask,
    redact: (text) => text,
    note: () => undefined,
    insecure: [],
    limits: DEFAULT_LIMITS,
  });
  return { registry, masked };
}

const AZURE = { AZURE_TENANT_ID: 'tenant', AZURE_CLIENT_ID: 'app-id' };
const GOOGLE = { GOOGLE_WORKLOAD_IDENTITY_PROVIDER: 'projects/1/…/providers/ci' };

describe('a registry of Azure', () => {
  it('is read as the job: its token is exchanged for a login, and that for one repository', async () => {
    const { registry, masked } = clientWith(AZURE, federation);
    expect(await registry.manifest(nameIn(ACR, 'motor'), 'v1', { signal })).toBeDefined();
    expect(asked).toEqual([
      { tenantId: 'tenant', clientId: 'app-id', scope: 'https://containerregistry.azure.net/.default' },
    ]);
    expect(server.requests.map(({ route }) => route)).toEqual([
      'GET /v2/motor/manifests/v1',
      'POST /oauth2/exchange',
      'POST /oauth2/token',
      'GET /v2/motor/manifests/v1',
    ]);
    expect(masked).toEqual(expect.arrayContaining(['entra-token', 'acr-refresh_token', 'acr-access']));
  });

  it('is read as an application with a secret, which nobody exchanges', async () => {
    const { registry, masked } = clientWith({ ...AZURE, AZURE_CLIENT_SECRET: 'app-secret' }, federation);
    expect(await registry.manifest(nameIn(ACR, 'motor'), 'v1', { signal })).toBeDefined();
    expect(asked).toEqual([]);
    expect(masked).toContain('app-secret');
  });

  it.each([
    ['the job cannot prove what it is', AZURE, undefined],
    ['no application is named', {}, federation],
  ])('is asked without a login where %s', async (_, env, known) => {
    const { registry } = clientWith(env, known);
    await expect(registry.manifest(nameIn(ACR, 'motor'), 'v1', { signal })).rejects.toThrow('REGISTRY-NOT-LOGGED-IN');
    expect(server.requests.map(({ route }) => route)).not.toContain('POST /oauth2/exchange');
  });
});

describe('a registry of Google', () => {
  const name = nameIn(GAR, 'acme/pricing/motor');

  it.each([
    [
      'as the job',
      GOOGLE,
      [
        {
          provider: 'projects/1/…/providers/ci',
          scopes: [expect.stringMatching(/cloud-platform$/)],
          lifetimeSeconds: 3600,
        },
      ],
    ],
    [
      'as a service account of the job',
      { ...GOOGLE, GOOGLE_SERVICE_ACCOUNT: 'ci@acme' },
      [expect.objectContaining({ serviceAccount: 'ci@acme' })],
    ],
    ['with the token that the run was given', { ...GOOGLE, GOOGLE_OAUTH_ACCESS_TOKEN: 'ya29.given' }, []],
  ])('is read %s', async (_, env, exchanged) => {
    const { registry, masked } = clientWith(env, federation);
    expect(await registry.manifest(name, 'v1', { signal })).toBeDefined();
    expect(asked).toEqual(exchanged);
    expect(masked.some((secret) => secret.startsWith('ya29.'))).toBe(true);
  });

  it('is asked without a login where the job has none', async () => {
    const { registry } = clientWith({}, undefined);
    await expect(registry.manifest(name, 'v1', { signal })).rejects.toThrow();
    const token = server.requests.find(({ route }) => route === 'GET /v2/token');
    expect(token?.headers.authorization).toBeUndefined();
  });
});

describe('registries that are spoken to over plain http', () => {
  /** The parts of a step for a project whose registry is the server of the test, by an address that is no loopback. */
  function composed(listed: boolean) {
    const warned: string[] = [];
    const registry = `0.0.0.0:${new URL(server.url).port}`;
    const insecure = listed ? [registry] : [];
    const project = {
      root: '/nowhere',
      config: {
        deploy: { target: 'container', modelName: 'motor', container: { registry: `${registry}/team` }, awsEcs: {} },
        ci: {},
      },
      policy: { targets: { container: { insecure } } },
    } as unknown as Project;
    const parts = composeImages({
      env: {},
      files: { read: async () => undefined, size: async () => undefined, find: async () => undefined },
      host: { mask: () => undefined, log: { warn: (line: string) => void warned.push(line), info: () => undefined } },
      redactor: { text: (text: string) => text },
      clock: new FakeClock(),
      retry: <T>(call: () => Promise<T>) => call(),
      retryAfterMs: () => undefined,
      federation: undefined,
    } as unknown as Parameters<typeof composeImages>[0]);
    return { warned, registry, parts, project };
  }

  const routes = () => server.requests.map(({ route }) => route);

  it('are those that the policy lists, and are warned of once', async () => {
    const { warned, registry, parts, project } = composed(true);
    const { target } = await parts.target(project, 'container');
    await target.inspect('staging').catch(() => undefined);
    expect(routes()).toContainEqual(expect.stringMatching(/^GET \/v2\/team\/motor\/manifests\/staging/));
    await parts.scanner(project);
    expect(warned).toEqual([expect.stringContaining(`${registry} is spoken to over plain http`)]);
  });

  it('are no others', async () => {
    const { warned, parts, project } = composed(false);
    const { target } = await parts.target(project, 'container');
    await expect(target.inspect('staging')).rejects.toThrow('REGISTRY-');
    expect([routes(), warned]).toEqual([[], []]);
  });
});
