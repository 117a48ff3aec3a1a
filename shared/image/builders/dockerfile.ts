import { ConfigError, type Problem, throwIfAny } from '../../errors.ts';
import { isPinnedImage } from '../../project/base-image.ts';
import { type Digest, digestOf } from '../../release/digest.ts';
import { WRITABLE } from '../assemble/application-layer.ts';
import type { BaseImage } from '../assemble/base-image.ts';
import { imageConfig, PACKAGES_DIR } from '../assemble/image-config.ts';
import type { ImageInput } from '../assemble/image-input.ts';

/** What an image's configuration has that a Dockerfile says. */
interface Said {
  readonly User: string;
  readonly ExposedPorts: Readonly<Record<string, unknown>>;
  readonly Env: readonly string[];
  readonly Entrypoint: readonly string[];
  readonly Cmd: readonly string[];
  readonly WorkingDir: string;
  readonly StopSignal: string;
  readonly Healthcheck: {
    readonly Test: readonly [string, ...string[]];
    readonly Interval: number;
    readonly Timeout: number;
    readonly StartPeriod: number;
    readonly Retries: number;
  };
}

/**
 * Makes the one folder that the service may write to. What the engine left there beside the package is no part of it,
 * and does not get into the image.
 */
const MAKE_WRITABLE = [
  'import os, shutil',
  `path = "/${WRITABLE.path}"`,
  'shutil.rmtree(path, ignore_errors=True)',
  'os.mkdir(path, 0o755)',
  `os.chown(path, ${WRITABLE.owner}, ${WRITABLE.owner})`,
].join('; ');

/** Of no package: the instructions are the same for all of them. */
const NONE: Digest = digestOf('');

/**
 * The Dockerfile of a project that has none: the image has the files, the settings and the start of an assembled one,
 * with packages from source where there is no wheel. Its context is the package.
 */
export function generatedDockerfile(input: Pick<ImageInput, 'pkg' | 'port' | 'origin'>, base: BaseImage): string {
  const added = {
    dependencies: [],
    application: { diffId: NONE },
  };
  const bare = { ...base, config: { ...base.config, config: null, rootfs: { diff_ids: [] }, history: [] } };
  const config = imageConfig(input as ImageInput, bare, added).config as unknown as Said;
  const { registry, repository } = base.reference.name;
  const health = config.Healthcheck;
  const lines = [
    `FROM ${registry}/${repository}@${base.digest}`,
    `WORKDIR ${config.WorkingDir}`,
    'COPY requirements.txt ./',
    `RUN ["python3", "-m", "pip", "install", "--no-cache-dir", "--no-deps", "--target", "/${PACKAGES_DIR}", "--requirement", "requirements.txt"]`,
    'COPY . ./',
    `RUN ${JSON.stringify(['python3', '-c', MAKE_WRITABLE])}`,
    ...config.Env.map((line) => `ENV ${environmentLine(line)}`),
    ...Object.keys(config.ExposedPorts).map((port) => `EXPOSE ${port}`),
    `USER ${config.User}`,
    `STOPSIGNAL ${config.StopSignal}`,
    `HEALTHCHECK --interval=${seconds(health.Interval)} --timeout=${seconds(health.Timeout)} --start-period=${seconds(health.StartPeriod)} --retries=${health.Retries} CMD ${JSON.stringify(health.Test.slice(1))}`,
    `ENTRYPOINT ${JSON.stringify(config.Entrypoint)}`,
    `CMD ${JSON.stringify(config.Cmd)}`,
  ];
  return `${lines.join('\n')}\n`;
}

/**
 * Checks the base images of a project's own Dockerfile.
 * @throws ConfigError BASE-IMAGE-NOT-PINNED for each that is another image from one month to the next, with its line;
 *   DOCKERFILE-BROKEN for one that has none
 * @see https://docs.docker.com/reference/dockerfile/#from
 */
export function checkBases(dockerfile: string, file: string): void {
  const args: Record<string, string> = {};
  const stages = new Set(['scratch']);
  const problems: Problem[] = [];
  let hasBase = false;
  for (const [index, line] of dockerfile.split(/\r?\n/).entries()) {
    const [, name, value] = /^\s*ARG\s+(\w+)=(\S+)/i.exec(line) ?? [];
    if (name !== undefined && value !== undefined && !hasBase) args[name] = value.replaceAll(/^["']|["']$/g, '');
    const [, written, stage] = /^\s*FROM\s+(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?/i.exec(line) ?? [];
    if (written === undefined) continue;
    hasBase = true;
    const image = written.replaceAll(/\$\{?(\w+)\}?/g, (whole, variable: string) => args[variable] ?? whole);
    if (!stages.has(image.toLowerCase()) && !isPinnedImage(image)) problems.push(floating(image, file, index + 1));
    if (stage !== undefined) stages.add(stage.toLowerCase());
  }
  if (!hasBase) throw noBase(file);
  throwIfAny(problems);
}

function environmentLine(line: string): string {
  const [name = '', ...value] = line.split('=');
  return `${name}=${JSON.stringify(value.join('='))}`;
}

function seconds(nanoseconds: number): string {
  return `${nanoseconds / 1e9}s`;
}

function floating(image: string, file: string, line: number): Problem {
  return {
    code: 'BASE-IMAGE-NOT-PINNED',
    what: `the Dockerfile builds on ${JSON.stringify(image)}, which is another image from one month to the next`,
    fix: 'Write a patch version, like python:3.11.9-slim, or a digest, like python@sha256:…',
    place: { file, line },
  };
}

function noBase(file: string): ConfigError {
  return new ConfigError({
    code: 'DOCKERFILE-BROKEN',
    what: 'the Dockerfile has no FROM',
    fix: 'Begin it with FROM and a base image, or remove it: then the image is made without one',
    place: { file },
  });
}
