import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigError, ProviderError } from '../../errors.ts';
import type { BuilderId } from '../../ports/artifact-store.ts';
import type { Exec } from '../../ports/exec.ts';
import { digestOf } from '../../release/digest.ts';
import { chooseBuilder } from './choose.ts';
import { checkBases, generatedDockerfile } from './dockerfile.ts';

const DIGEST = `sha256:${'a'.repeat(64)}` as const;

describe('a generated Dockerfile', () => {
  const text = generatedDockerfile(
    {
      pkg: {
        digest: digestOf('p'),
        engine: { name: 'haute', version: '0.6.0' },
        requirements: ['polars==1.0.0'],
      } as never,
      port: 9000,
      origin: {
        title: 'motor',
        source: undefined,
        revision: undefined,
        version: undefined,
        createdAt: undefined,
        builder: '',
      },
    },
    {
      reference: {
        name: { registry: 'eu.example.com', repository: 'library/python' },
        reference: '3.11.9',
        text: 'python:3.11.9',
      },
      digest: DIGEST,
      layers: [],
      config: { architecture: 'amd64', os: 'linux', config: { Env: ['PATH=/bin'] }, rootfs: { diff_ids: [] } },
    },
  );

  it('builds on the base by its digest, and leaves the base’s own environment to it', () => {
    expect(text).toMatch(/^FROM eu\.example\.com\/library\/python@sha256:a{64}\n/);
    expect(text).not.toContain('PATH=/bin');
  });

  it('is served as an assembled image is: same folder, user, port, environment, start and health', () => {
    expect(text).toContain('WORKDIR /app\n');
    expect(text).toContain('"--target", "/opt/haute/packages"');
    expect(text).toContain('ENV PYTHONPATH="/opt/haute/packages"\n');
    expect(text).toContain('USER 65532:65532\n');
    expect(text).toContain('EXPOSE 9000/tcp\n');
    expect(text).toContain('ENTRYPOINT ["python3","haute_release_serve.py"]\n');
    expect(text).toContain('CMD ["--host","0.0.0.0","--port","9000"]\n');
    expect(text).toContain('os.chown(path, 65532, 65532)"]\n');
    expect(text).toMatch(/HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD \["python3"/);
  });

  it('has an empty folder that the service may write to, whatever the engine left in the package', () => {
    const line = text.split('\n').find((each) => each.includes('.haute_cache')) ?? '';
    expect(text.indexOf(line)).toBeGreaterThan(text.indexOf('COPY . ./'));
    expect(text.indexOf(line)).toBeLessThan(text.indexOf('USER '));
    const root = mkdtempSync(join(tmpdir(), 'haute-dockerfile-'));
    try {
      const own = join(root, '.haute_cache');
      mkdirSync(own);
      writeFileSync(join(own, 'notes'), 'x');
      const [, , program = ''] = JSON.parse(line.replace(/^RUN /, '')) as string[];
      // As the same user: only root may give a folder away.
      const here = program.replace('/app/.haute_cache', own).replaceAll('65532', '-1');
      execFileSync('python3', ['-c', here]);
      expect(readdirSync(own)).toEqual([]);
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  });
});

describe('a project’s own Dockerfile', () => {
  it.each([
    ['a patch version', 'FROM python:3.11.9-slim'],
    ['a digest', `FROM python@${DIGEST}`],
    ['scratch', 'FROM scratch\nCOPY . /'],
    ['a stage before', 'FROM --platform=linux/amd64 python:3.11.9 AS build\nFROM build'],
    ['an argument with a default', 'ARG BASE=python:3.11.9\nFROM $BASE'],
    ['lower case', 'from python:3.11.9 as build\nfrom BUILD'],
  ])('may build on %s', (_, text) => {
    expect(() => checkBases(text, 'Dockerfile')).not.toThrow();
  });

  it.each([
    ['a floating tag', 'FROM python:3.11-slim', 'BASE-IMAGE-NOT-PINNED'],
    ['latest', 'FROM python', 'BASE-IMAGE-NOT-PINNED'],
    ['an argument without a default', 'ARG BASE\nFROM $BASE', 'BASE-IMAGE-NOT-PINNED'],
    ['a floating second stage', 'FROM python:3.11.9 AS a\n# no\nFROM debian:bookworm', 'BASE-IMAGE-NOT-PINNED'],
    ['nothing at all', '# empty\n', 'DOCKERFILE-BROKEN'],
  ])('may not build on %s', (_, text, code) => {
    const check = () => checkBases(text, 'Dockerfile');
    expect(check).toThrow(ConfigError);
    expect(check).toThrow(code);
  });

  it('is told with its line', () => {
    expect(() => checkBases('# one\nFROM python:3', 'Dockerfile')).toThrow(/Dockerfile:2/);
  });
});

describe('the builder', () => {
  it.each<[BuilderId, boolean, readonly string[], string]>([
    ['auto', false, ['docker'], 'oci'],
    ['auto', true, ['docker', 'buildah'], 'docker'],
    ['auto', true, ['buildah'], 'buildah'],
    ['oci', true, [], 'oci'],
    ['podman', false, ['podman'], 'podman'],
    ['buildx', false, ['docker'], 'buildx'],
  ])('for %s, with a Dockerfile: %s, where %j work, is %s', async (wanted, hasDockerfile, working, builder) => {
    expect(await choose(wanted, hasDockerfile, working)).toMatchObject({ builder });
  });

  it('is said to be missing where a Dockerfile has to be built and nothing could', async () => {
    await expect(choose('auto', true, [])).rejects.toThrow(/BUILDER-MISSING/);
    await expect(choose('podman', false, ['docker'])).rejects.toThrow(/BUILDER-MISSING/);
  });

  function choose(wanted: BuilderId, hasDockerfile: boolean, working: readonly string[]) {
    const exec = {
      async run({ argv: [program] }: Parameters<Exec['run']>[0]) {
        if (!working.includes(program))
          throw new ProviderError({ code: 'EXEC-NOT-FOUND', what: program, fix: 'install' });
        return { code: 0, stdout: '', stderr: '', timedOut: false };
      },
    } as Exec;
    return chooseBuilder(wanted, hasDockerfile, { exec, env: {}, cwd: '/', signal: new AbortController().signal });
  }
});
