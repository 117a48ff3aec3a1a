import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RepositoryName } from '../../shared/ports/registry.ts';
import { registryClient } from '../image/processes.ts';
import { type Ended, REPOSITORY, run } from '../pipeline/cli.ts';
import { type Program, startDebianRegistry } from '../registry/programs.ts';
import { commitAll, git } from '../tools/git.ts';
import { toolOrSkip } from '../tools/install.ts';
import { Platform } from './platform.ts';

const buildah = toolOrSkip('buildah');
const debian = toolOrSkip('docker-registry');
const APPROVALS = ['--approve', 'first approver', '--approve', 'second approver'];
/** What the address of staging is asked with. */
const KEY = 'a-key-for-staging';
const QUOTE = { quote_id: 1, driver_age: 22, region: 'London', vehicle_value: 12000.0 };

const client = registryClient();
const root = mkdtempSync(join(tmpdir(), 'haute-container-'));
const project = join(root, 'project');
let registry: Program;
let name: RepositoryName;
let staging: Platform;
let production: Platform;
let firstImage: string;
let firstRelease: string;

/**
 * A pricing team with a Dockerfile of its own, buildah, a registry of Docker, and a platform that pulls tags: none of
 * it ours. The servers of staging are told their release, those of production are not.
 */
describe.skipIf(!buildah || !debian)('a project whose images a platform pulls by tag', { timeout: 300_000 }, () => {
  beforeAll(async () => {
    registry = await startDebianRegistry(debian ?? '');
    name = { registry: registry.host, repository: 'pricing/motor-pricing' };
    cpSync(join(REPOSITORY, 'tests/fixtures/motor-pricing'), project, { recursive: true });
    const common = { registry: client, name, project };
    staging = await Platform.start({ ...common, tag: 'staging', tells: true, wants: { name: 'x-key', value: KEY } });
    production = await Platform.start({ ...common, tag: 'production', tells: false });
    configure(`[ci.production]\nendpoint_url = "${production.url}"\n`);
    writeFileSync(
      join(project, 'haute.release.toml'),
      '[gates.smoke]\np95_latency = "30s"\n[gates.impact]\nkey = "quote_id"\n[targets.container]\npatience = "5m"\n',
    );
    writeFileSync(join(project, 'Dockerfile'), 'FROM scratch\nCOPY . /app\n');
    writeFileSync(join(project, '.gitignore'), '.haute/\n');
    writePortfolio();
    installBuildah();
    commitAll(project);
  }, 300_000);

  afterAll(async () => {
    await Promise.all([staging?.stop(), production?.stop()]);
    await registry?.stop();
    rmSync(root, { recursive: true, force: true });
  });

  it('builds with the project’s Dockerfile, by digest, named after the commit', async () => {
    const { json, stderr } = await passes('build-push');
    firstImage = json?.outputs.digest ?? '';
    firstRelease = json?.outputs['release-id'] ?? '';
    expect(json?.outputs.image).toBe(`${registry.host}/pricing/motor-pricing@${firstImage}`);
    expect(Number(json?.outputs['uploaded-bytes'])).toBeGreaterThan(1_000);
    expect(stderr).toContain('the project has a Dockerfile of its own');
    expect(await names(commit())).toBe(firstImage);
    expect(await names('staging')).toBeUndefined();
  });

  it('moves the tag of staging, and waits until the platform serves this release there', async () => {
    const { json } = await passes('deploy-staging');
    expect(json?.outputs.url).toBe(staging.url);
    expect(await names('staging')).toBe(firstImage);
    expect((await quote(staging)).headers.get('x-haute-release')).toBe(firstRelease);
    await passes('smoke-test');
  });

  it('refuses to move production in stages, and moves nothing', async () => {
    await passes('impact-report', '--dataset', 'portfolio.csv');
    const ended = await step('approve-promote', ...APPROVALS, '--ramp', '10m');
    expect(ended).toMatchObject({ code: 2, json: { result: 'error' } });
    expect(ended.stderr).toMatch(/UNSUPPORTED/);
    expect(await names('production')).toBeUndefined();
  });

  it('does not guess which layer of its own Dockerfile is the package', async () => {
    const ended = await step('impact-report', '--dataset', 'portfolio.csv', '--mode', 'offline');
    expect(ended).toMatchObject({ code: 2, json: { result: 'error' } });
    expect(ended.stderr).toMatch(/OFFLINE-IMAGE/);
  });

  it('promotes all at once, and knows what serves by its package where the servers do not know more', async () => {
    const { json, stderr } = await passes('approve-promote', ...APPROVALS);
    expect(json?.outputs).toMatchObject({ url: production.url, stages: '100' });
    expect(stderr).toMatch(/all at once: a tag names one image/);
    expect(await names('production')).toBe(firstImage);
    const answer = await quote(production);
    expect(answer.headers.get('x-haute-release')).toBeNull();
    expect(await answer.json()).toMatchObject({ rows: [{ premium: 928.26 }] });
  });

  it('takes the next rates to production, compared with what production serves', async () => {
    change('rating/main.py', '320.0', '323.2');
    change('tests/quotes/example.json', '928.26', '937.54');
    commitAll(project, 'feat: new rates');
    git(project, 'tag', 'v1.4.2');
    const { json } = await passes('build-push');
    expect(json?.outputs.digest).not.toBe(firstImage);
    expect(await names('1.4.2')).toBe(json?.outputs.digest);
    await passes('deploy-staging');
    await passes('smoke-test');
    const impact = await passes('impact-report', '--dataset', 'portfolio.csv');
    expect(impact.json).toMatchObject({ result: 'warn', outputs: { 'rows-scored': '300', 'rows-changed': '300' } });
    await passes('approve-promote', ...APPROVALS);
    expect(await names('production')).toBe(json?.outputs.digest);
    expect(await (await quote(production)).json()).toMatchObject({ rows: [{ premium: 937.54 }] });
  });

  it('rolls back by digest, proven at the address', async () => {
    const { json } = await passes('rollback', '--reason', 'a test');
    expect(json).toMatchObject({ result: 'pass', outputs: { url: production.url } });
    expect(await names('production')).toBe(firstImage);
    expect(await (await quote(production)).json()).toMatchObject({ rows: [{ premium: 928.26 }] });
  });

  it('warns where nobody says what serves production, and compares nothing with it', async () => {
    configure('');
    const promoted = await step('approve-promote', ...APPROVALS);
    expect(promoted, promoted.stderr).toMatchObject({ code: 0, json: { result: 'warn' } });
    expect(promoted.json?.outputs.url).toBeUndefined();
    expect(promoted.stderr).toMatch(/SERVING-NOT-PROVEN/);
    expect(readFileSync(join(project, '.haute/summary/approve-promote.md'), 'utf8')).toContain('Not proven');
    const impact = await step('impact-report', '--dataset', 'portfolio.csv');
    expect(impact).toMatchObject({ code: 2, json: { result: 'error' } });
    expect(impact.stderr).toMatch(/ENVIRONMENT-NO-ADDRESS/);
    expect([...staging.troubles, ...production.troubles]).toEqual([]);
  });
});

function step(id: string, ...flags: readonly string[]): Promise<Ended> {
  const env = { PATH: `${join(root, 'bin')}:${process.env.PATH}`, HAUTE_STAGING_HEADERS: `X-Key: ${KEY}` };
  return run([id, '--project', project, '--target', 'container', '--json', ...flags], env).ended;
}

async function passes(id: string, ...flags: readonly string[]): Promise<Ended> {
  const ended = await step(id, ...flags);
  expect(ended, `${id}: ${ended.stderr}`).toMatchObject({ code: 0, json: { step: id } });
  expect(ended.stdout + ended.stderr).not.toContain(KEY);
  return ended;
}

function quote(platform: Platform): Promise<Response> {
  const headers = { 'content-type': 'application/json', 'x-key': KEY };
  return fetch(`${platform.url}/quote`, { method: 'POST', headers, body: JSON.stringify(QUOTE) });
}

async function names(tag: string): Promise<string | undefined> {
  return (await client.manifest(name, tag, { signal: new AbortController().signal }))?.descriptor.digest;
}

function commit(): string {
  return git(project, 'rev-parse', '--short=12', 'HEAD').trim();
}

/** haute.toml as the fixture has it, with this registry and the address of staging. @param more further tables */
function configure(more: string): void {
  const toml = readFileSync(join(REPOSITORY, 'tests/fixtures/motor-pricing/haute.toml'), 'utf8');
  const ours = toml
    .replace('"127.0.0.1:5000"', `"${registry.host}/pricing"`)
    .replace('[ci.staging]\n', `[ci.staging]\nendpoint_url = "${staging.url}"\n`);
  writeFileSync(join(project, 'haute.toml'), `${ours}\n${more}`);
}

function change(file: string, from: string, to: string): void {
  const path = join(project, file);
  const before = readFileSync(path, 'utf8');
  expect(before).toContain(from);
  writeFileSync(path, before.replace(from, to));
}

function writePortfolio(): void {
  const regions = ['London', 'Scotland', 'Wales'];
  const rows = Array.from({ length: 300 }, (_, i) => [i + 1, 18 + (i % 60), regions[i % 3], 4000 + i * 31].join(','));
  writeFileSync(join(project, 'portfolio.csv'), `quote_id,driver_age,region,vehicle_value\n${rows.join('\n')}\n`);
}

/** buildah with a home and a store of its own, as an image of a runner has it. */
function installBuildah(): void {
  const home = join(root, 'buildah');
  mkdirSync(join(home, '.config/containers'), { recursive: true });
  mkdirSync(join(root, 'bin'));
  writeFileSync(join(home, '.config/containers/policy.json'), '{"default":[{"type":"insecureAcceptAnything"}]}');
  writeFileSync(
    join(home, 'storage.conf'),
    `[storage]\ndriver = "vfs"\ngraphroot = "${home}/graph"\nrunroot = "${home}/run"\n`,
  );
  const lines = [
    '#!/bin/sh',
    `export HOME="${home}" CONTAINERS_STORAGE_CONF="${home}/storage.conf" BUILDAH_ISOLATION=chroot`,
    `exec "${buildah}" "$@"`,
    '',
  ];
  writeFileSync(join(root, 'bin', 'buildah'), lines.join('\n'));
  chmodSync(join(root, 'bin', 'buildah'), 0o755);
  // Whatever else this machine has is not what is tested here.
  for (const other of ['docker', 'podman']) {
    writeFileSync(join(root, 'bin', other), '#!/bin/sh\nexit 1\n');
    chmodSync(join(root, 'bin', other), 0o755);
  }
}
