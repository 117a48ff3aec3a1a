import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRegistry } from '../../shared/image/registry/index.ts';
import { DiskFiles } from '../../shared/io/disk-files.ts';
import { NodeExec } from '../../shared/io/node-exec.ts';
import { Redactor } from '../../shared/io/redact.ts';
import { DEFAULT_RETRY, retry } from '../../shared/io/retry.ts';
import { FakeClock } from '../fakes/fake-clock.ts';
import { toolOrSkip } from '../tools/install.ts';
import { nameIn, signal } from './client.ts';
import { blobOf, noise, read } from './images.ts';
import { CI_LOGIN, type Program, startDebianRegistry } from './programs.ts';
import { FaultyProxy } from './proxy.ts';

const debian = toolOrSkip('docker-registry');

describe.skipIf(debian === undefined)('a registry of this machine and this job', () => {
  let server: Program;
  let home = '';
  beforeAll(async () => {
    server = await startDebianRegistry(debian ?? '', { auth: 'htpasswd' });
    home = await mkdtemp(join(tmpdir(), 'haute-home-'));
  });
  afterAll(async () => {
    await server.stop();
    await rm(home, { recursive: true, force: true });
  });

  const create = (env: Record<string, string>, more: object = {}) => {
    const redactor = new Redactor();
    const clock = new FakeClock();
    const registry = createRegistry({
      env: { PATH: process.env.PATH ?? '', ...env },
      clock,
      exec: new NodeExec(redactor),
      files: new DiskFiles(),
      retry: (call, tools) => retry(DEFAULT_RETRY, { clock, random: Math.random, ...tools }, call),
      retryAfterMs: () => undefined,
      configuredRegistry: undefined,
      given: [],
      providers: [],
      insecure: [],
      mask: (secret) => void redactor.add(secret),
      redact: (text) => redactor.text(text),
      note: () => undefined,
      ...more,
    });
    return { registry, redactor };
  };

  it('is logged in to by what docker login left, or the helper that it names', async () => {
    const config = join(home, 'config.json');
    const auth = Buffer.from(`${CI_LOGIN.username}:${CI_LOGIN.password}`).toString('base64');
    await writeFile(config, JSON.stringify({ auths: { [server.host]: { auth } } }));
    const { registry, redactor } = create({ DOCKER_CONFIG: home });
    const blob = blobOf(noise(5_000));
    expect(await registry.pushBlob(nameIn(server.host), blob, { signal })).toBe(5_000);
    expect(redactor.text(`Basic ${auth}`)).not.toContain(auth);

    const bin = join(home, 'bin');
    await mkdir(bin, { recursive: true });
    const secret = JSON.stringify({ ServerURL: server.host, Username: CI_LOGIN.username, Secret: CI_LOGIN.password });
    const lines = ['#!/bin/sh', `[ "$*" = get ] && [ "$(cat)" = '${server.host}' ] && echo '${secret}'`, ''];
    await writeFile(join(bin, 'docker-credential-lab'), lines.join('\n'));
    await chmod(join(bin, 'docker-credential-lab'), 0o755);
    await writeFile(config, JSON.stringify({ credHelpers: { [server.host]: 'lab' } }));
    const helped = create({ DOCKER_CONFIG: home, PATH: `${bin}:${process.env.PATH}` });
    expect(await read(helped.registry.pullBlob(nameIn(server.host), blob, { signal }))).toHaveLength(5_000);
  });

  it('is logged in to by the environment, and by what the job was given', async () => {
    const { username, password } = CI_LOGIN;
    const env = { DOCKER_USERNAME: username, DOCKER_PASSWORD: password };
    const name = nameIn(server.host);
    expect(await create(env, { configuredRegistry: `${server.host}/team` }).registry.tags(name, { signal })).toEqual(
      [],
    );
    await expect(create(env).registry.tags(name, { signal })).rejects.toThrow('REGISTRY-NOT-LOGGED-IN');
    const given = [{ registry: server.host, username, password, from: 'the token of this job' }];
    expect(await create({}, { given }).registry.tags(name, { signal })).toEqual([]);
  });

  it('is spoken to without the proxy that others are spoken to through', async () => {
    const proxy = await FaultyProxy.start(server.host);
    const env = { http_proxy: `http://${proxy.host}`, HTTPS_PROXY: `http://${proxy.host}` };
    const { registry } = create(env, { insecure: ['registry.example.test:5000'] });
    await expect(registry.tags(nameIn(server.host), { signal })).rejects.toThrow('REGISTRY-NOT-LOGGED-IN');
    expect(proxy.seen).toEqual([]);
    // Whoever is not this machine is asked for by way of the proxy.
    let connects = 0;
    proxy.onConnect = () => {
      connects += 1;
    };
    await expect(registry.tags(nameIn('registry.example.test:5000'), { signal })).rejects.toThrow('REGISTRY-');
    expect(connects).toBeGreaterThan(0);
    await proxy.stop();
  });
});
