import { describe, expect, it } from 'vitest';
import { FakeExec, type Program } from '../../../tests/engine/fake-exec.ts';
import { FakeClock } from '../../../tests/fakes/fake-clock.ts';
import { MemoryFiles } from '../../../tests/fakes/memory-files.ts';
import { ConfigError } from '../../errors.ts';
import { parseImageName } from '../registry/name.ts';
import { ecrPlace } from './ecr-call.ts';
import { FoundCredentials } from './found-credentials.ts';
import { GivenLogins } from './given-logins.ts';
import { GoogleLogin } from './google-login.ts';
import { LoginFiles, loginPaths } from './login-files.ts';
import type { LoginProvider } from './login-provider.ts';
import { plainKey } from './registry-keys.ts';

const { signal } = new AbortController();
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const HOME = { HOME: '/home/ci' };
const DOCKER = '/home/ci/.docker/config.json';

interface Scene {
  readonly files?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly programs?: Readonly<Record<string, Program>>;
  readonly registry?: string;
  readonly providers?: readonly LoginProvider[];
}

function scene({ files = {}, env = {}, programs = {}, registry, providers = [] }: Scene) {
  const disk = new MemoryFiles();
  for (const [path, content] of Object.entries(files)) {
    disk.content.set(path, Buffer.from(typeof content === 'string' ? content : JSON.stringify(content)));
  }
  const exec = new FakeExec();
  const given: string[] = [];
  for (const [name, program] of Object.entries(programs)) {
    exec.programs.set(name, (command) => {
      given.push(command.stdin ?? '');
      return program(command);
    });
  }
  const masked: string[] = [];
  const notes: string[] = [];
  const clock = new FakeClock();
  const tools = { env: { ...HOME, ...env }, mask: (secret: string) => void masked.push(secret) };
  const credentials = new FoundCredentials({
    ...tools,
    configuredRegistry: registry,
    files: new LoginFiles({ ...tools, files: disk, exec, note: (line) => void notes.push(line) }),
    providers,
    clock,
  });
  const find = (image: string) => credentials.find(parseImageName(image).name, signal);
  return { find, masked, notes, exec, given, clock };
}

const password = (username: string, word: string, from: string) => ({
  kind: 'password',
  username,
  password: word,
  from,
});

describe('a login', () => {
  const auths = {
    'eu.example.com': { auth: base64('ci:pa:ss\0\0') },
    'https://old.example.com/v1/': { auth: base64('old:word') },
    'https://index.docker.io/v1/': { auth: base64('hub:word') },
    'token.example.com': { auth: base64('<token>:'), identitytoken: 'refresh' },
    'bearer.example.com': { registrytoken: 'bearer' },
    'open.example.com:5000': { username: 'open', password: 'word' },
    'kept.example.com': {},
  };

  it.each([
    ['eu.example.com/a', password('ci', 'pa:ss', DOCKER)],
    ['EU.example.com/a', password('ci', 'pa:ss', DOCKER)],
    ['old.example.com/a', password('old', 'word', DOCKER)],
    ['python', password('hub', 'word', DOCKER)],
    ['docker.io/acme/motor', password('hub', 'word', DOCKER)],
    ['token.example.com/a', { kind: 'identity', token: 'refresh', from: DOCKER }],
    ['bearer.example.com/a', { kind: 'bearer', token: 'bearer', from: DOCKER }],
    ['open.example.com:5000/a', password('open', 'word', DOCKER)],
    ['open.example.com/a', undefined],
    ['kept.example.com/a', undefined],
    ['ample.com/a', undefined],
  ])('for %s is read from what docker login left', async (image, expected) => {
    const { find, masked } = scene({ files: { [DOCKER]: { auths } } });
    expect(await find(image)).toEqual(expected);
    expect(masked).toHaveLength(expected === undefined ? 0 : 1);
  });

  it('of podman may be for a path alone, and the narrowest counts', async () => {
    const path = '/run/user/1/containers/auth.json';
    const auth = (user: string) => ({ auth: base64(`${user}:word`) });
    const files = {
      [path]: {
        auths: { 'a.example.com': auth('all'), 'a.example.com/team': auth('team'), 'a.example.com/team/x': auth('x') },
      },
    };
    const { find } = scene({ files, env: { XDG_RUNTIME_DIR: '/run/user/1' } });
    expect(await find('a.example.com/team/x')).toMatchObject({ username: 'x' });
    expect(await find('a.example.com/team/y/z')).toMatchObject({ username: 'team' });
    expect(await find('a.example.com/teams')).toMatchObject({ username: 'all' });
  });

  it('is looked for in the place that is named, then where each program keeps it', () => {
    const env = { ...HOME, DOCKER_CONFIG: '/d', REGISTRY_AUTH_FILE: '/r.json', XDG_RUNTIME_DIR: '/run' };
    expect(loginPaths(env)).toEqual([
      '/r.json',
      '/d/config.json',
      '/run/containers/auth.json',
      '/home/ci/.config/containers/auth.json',
    ]);
    expect(loginPaths({})).toEqual([]);
  });

  it.each([
    ['no JSON', '{ "auths": secret-word', /it is not JSON/],
    ['another shape', { auths: 'secret-word' }, /its 'auths' is not/],
    [
      'a broken login',
      { auths: { 'a.example.com': { auth: base64('secret-word') } } },
      /not a user name and a password/,
    ],
  ])('in a file with %s is an error that shows nothing of it', async (_, content, why) => {
    const { find } = scene({ files: { [DOCKER]: content } });
    await expect(find('a.example.com/x')).rejects.toThrow(why);
    await expect(find('a.example.com/x')).rejects.toThrow(ConfigError);
    await expect(find('a.example.com/x')).rejects.not.toThrow(/secret-word/);
  });
});

describe('a credential helper', () => {
  const answers: Program = () => ({ stdout: JSON.stringify({ ServerURL: 'x', Username: 'u', Secret: 's3cret' }) });
  const files = (more: object) => ({
    [DOCKER]: { auths: { 'a.example.com': { auth: base64('file:word') } }, ...more },
  });

  it('is asked by standard input, and for its registry before all others', async () => {
    const { find, exec, given, masked } = scene({
      files: files({ credHelpers: { 'a.example.com': 'own' }, credsStore: 'all' }),
      programs: { 'docker-credential-own': answers, 'docker-credential-all': answers },
    });
    expect(await find('a.example.com/x')).toEqual(password('u', 's3cret', 'docker-credential-own'));
    expect(await find('python')).toMatchObject({ from: 'docker-credential-all' });
    expect(exec.commands).toEqual(['docker-credential-own get', 'docker-credential-all get']);
    expect(given).toEqual(['a.example.com\n', 'https://index.docker.io/v1/\n']);
    expect(masked).toContain('s3cret');
  });

  it('may give a token that stands for a login', async () => {
    const stdout = JSON.stringify({ Username: '<token>', Secret: 'refresh' });
    const { find } = scene({
      files: files({ credsStore: 'all' }),
      programs: { 'docker-credential-all': () => ({ stdout }) },
    });
    expect(await find('a.example.com/x')).toMatchObject({ kind: 'identity', token: 'refresh' });
  });

  it('is asked once', async () => {
    const { find, exec } = scene({
      files: files({ credsStore: 'all' }),
      programs: { 'docker-credential-all': answers },
    });
    await Promise.all([find('a.example.com/x'), find('a.example.com/x')]);
    expect(exec.commands).toHaveLength(1);
  });

  it('may know no login, and then the file counts', async () => {
    const unknown: Program = () => ({ code: 1, stdout: 'credentials not found in native keychain\n' });
    const { find } = scene({ files: files({ credsStore: 'all' }), programs: { 'docker-credential-all': unknown } });
    expect(await find('a.example.com/x')).toMatchObject({ username: 'file' });
  });

  it('may not be here: an error where it is named for the registry, a note where it is for all', async () => {
    const all = scene({ files: files({ credsStore: 'desktop' }) });
    expect(await all.find('a.example.com/x')).toMatchObject({ username: 'file' });
    expect(all.notes.join()).toContain('docker-credential-desktop, which is not on this machine');
    const own = scene({ files: files({ credHelpers: { 'a.example.com': 'own' } }) });
    await expect(own.find('a.example.com/x')).rejects.toThrow('REGISTRY-HELPER');
  });

  it.each<[string, Program]>([
    ['fails', () => ({ code: 2, stdout: 's3cret' })],
    ['says something else', () => ({ stdout: 's3cret' })],
    ['hangs', () => ({ code: null, timedOut: true })],
  ])('that %s is an error without its words', async (_, program) => {
    const { find } = scene({ files: files({ credsStore: 'all' }), programs: { 'docker-credential-all': program } });
    await expect(find('a.example.com/x')).rejects.toThrow(/REGISTRY-HELPER/);
    await expect(find('a.example.com/x')).rejects.not.toThrow(/s3cret/);
  });

  it('has a name that is no path and no option', async () => {
    const { find } = scene({ files: files({ credsStore: '../../bin/sh -c' }) });
    await expect(find('a.example.com/x')).rejects.toThrow('a name that no program has');
  });
});

describe('the login of the environment', () => {
  const env = { DOCKER_USERNAME: 'ci', DOCKER_PASSWORD: 'word' };

  it.each([
    ['eu.example.com/team', 'eu.example.com/team/motor', 'ci'],
    ['eu.example.com', 'eu.example.com/motor', 'ci'],
    ['eu.example.com/', 'other.example.com/motor', undefined],
    ['eu.example.com', 'python', undefined],
    ['acme', 'docker.io/acme/motor', 'ci'],
    ['', 'docker.io/acme/motor', 'ci'],
    [undefined, 'docker.io/acme/motor', undefined],
  ])('with the registry %j is for %s: %s', async (registry, image, username) => {
    const { find, masked } = scene({ env, ...(registry !== undefined && { registry }) });
    expect(await find(image)).toEqual(username && password(username, 'word', 'DOCKER_USERNAME'));
    expect(masked).toEqual(username ? ['word'] : []);
  });

  it('comes before what somebody logged in to, and that before what the job has by itself', async () => {
    const files = { [DOCKER]: { auths: { 'eu.example.com': { auth: base64('file:word') } } } };
    const given = ['eu.example.com', 'ghcr.io'].map((registry) => ({
      registry,
      username: 'job',
      password: 't',
      from: 'job',
    }));
    const providers = [new GivenLogins(given)];
    const all = scene({ env, files, providers, registry: 'eu.example.com' });
    expect(await all.find('eu.example.com/x')).toMatchObject({ username: 'ci' });
    const without = scene({ files, providers });
    expect(await without.find('eu.example.com/x')).toMatchObject({ username: 'file' });
    expect(await without.find('ghcr.io/acme/x')).toMatchObject({ username: 'job' });
    expect(await without.find('quay.io/acme/x')).toBeUndefined();
  });
});

describe('the login of a cloud', () => {
  it.each([
    ['europe-west1-docker.pkg.dev/p/r/x', true],
    ['eu.gcr.io/p/x', true],
    ['gcr.io/p/x', true],
    ['docker.pkg.dev.example.com/x', false],
    ['evilgcr.io/x', false],
  ])('of Google is for %s: %s', async (image, isGoogle) => {
    const token = async () => ({ token: 'ya29', expiresAt: Date.UTC(2026, 0, 1) + 3_600_000 });
    const { find } = scene({ providers: [new GoogleLogin(token)] });
    const expected = { username: 'oauth2accesstoken', password: 'ya29' };
    const found = await find(image);
    if (isGoogle) expect(found).toMatchObject(expected);
    else expect(found).toBeUndefined();
  });

  it('is asked for again before it expires', async () => {
    let asked = 0;
    const start = Date.UTC(2026, 0, 1);
    const google = new GoogleLogin(async () => ({ token: `ya29-${++asked}`, expiresAt: start + asked * 3_600_000 }));
    const { find, clock } = scene({ providers: [google] });
    for (const minutes of [0, 30, 20, 10]) {
      clock.pass(minutes * 60_000);
      await find('gcr.io/p/x');
    }
    expect(asked).toBe(2);
    expect(await find('gcr.io/p/x')).toMatchObject({ password: 'ya29-2' });
  });

  it.each([
    ['123456789012.dkr.ecr.eu-west-1.amazonaws.com', 'eu-west-1'],
    ['123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com', 'us-gov-west-1'],
    ['123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn', 'cn-north-1'],
    ['123456789012.dkr-ecr.eu-west-1.on.aws', 'eu-west-1'],
    ['public.ecr.aws', undefined],
    ['123456789012.dkr.ecr.eu-west-1.amazonaws.com.example.com', undefined],
    ['12345.dkr.ecr.eu-west-1.amazonaws.com', undefined],
  ])('of Amazon for %s is for the region %s', (registry, region) => {
    expect(ecrPlace(registry)?.region).toBe(region);
  });
});

describe('a key of a login file', () => {
  it.each([
    ['https://index.docker.io/v1/', 'index.docker.io'],
    ['https://a.example.com', 'a.example.com'],
    ['a.example.com/v2/', 'a.example.com'],
    ['A.example.com:5000/Team', 'a.example.com:5000/Team'],
  ])('%s is %s', (key, plain) => {
    expect(plainKey(key)).toBe(plain);
  });
});
