import { ConfigError } from '../../errors.ts';
import type { RepositoryName } from '../../ports/registry.ts';
import { type Digest, isDigest } from '../../release/digest.ts';

/** An image as people write it: a repository, and which of its images. */
export interface ImageName {
  readonly name: RepositoryName;
  readonly tag: string | undefined;
  readonly digest: Digest | undefined;
}

/** Docker Hub under the name that images have there; its API answers on another host. */
export const DOCKER_HUB = 'docker.io';
/** Other names of Docker Hub, which stand for the one. */
export const DOCKER_HUB_ALIASES: readonly string[] = ['index.docker.io', 'registry-1.docker.io'];
/** Where Docker Hub keeps the images that have one part: `python` is `library/python`. */
const DOCKER_HUB_OFFICIAL = 'library/';
/** Longest path that registries take. */
const MAX_PATH_CHARS = 255;

const HOST_PART = '[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?';
const HOST = new RegExp(`^(?:${HOST_PART}(?:\\.${HOST_PART})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]{1,5})?$`);
const PATH_PART = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
const PATH = new RegExp(`^${PATH_PART}(?:/${PATH_PART})*$`);
const TAG = /^\w[\w.-]{0,127}$/;

/**
 * Reads the name of an image as Docker does: without a registry it is one of Docker Hub, and there without a `/` one of
 * `library/`. No tag is made up where none is written.
 *
 * @param text `python`, `eu.example.com:5000/team/motor-pricing:1.4.0`, `python@sha256:…`
 * @throws ConfigError IMAGE-NAME, IMAGE-NAME-UPPER-CASE
 * @see https://github.com/distribution/reference/blob/v0.6.0/reference.go
 */
export function parseImageName(text: string): ImageName {
  const [named = '', digest, ...more] = text.split('@');
  if (more.length > 0) throw bad(text, 'has more than one @');
  if (/^[a-z]+:\/\//i.test(named)) throw bad(text, 'is an address', 'Leave out what comes before the registry');
  if (digest !== undefined && !isDigest(digest)) {
    throw bad(text, 'has no digest of SHA-256 after the @', 'Write @sha256: and 64 digits of 0-9 and a-f');
  }
  const [, path = '', tag] = /^(.*?)(?::([^/:]*))?$/s.exec(named) ?? [];
  if (tag !== undefined && !isTag(tag)) {
    throw bad(text, 'has a tag that is none', 'A tag is up to 128 of letters, digits, _ . and -');
  }
  return { name: repositoryIn(path, text), tag, digest };
}

/** True for what registries take as a tag: up to 128 of letters, digits, `_`, `.` and `-`, the first no `.` or `-`. */
export function isTag(text: string): boolean {
  return TAG.test(text);
}

/** `eu.example.com/team/motor-pricing`: the whole name, which {@link parseImageName} reads back. */
export function describeRepository({ registry, repository }: RepositoryName): string {
  return `${registry}/${repository}`;
}

/** `eu.example.com/team/motor-pricing@sha256:…` */
export function describeImage(name: RepositoryName, digest: Digest): string {
  return `${describeRepository(name)}@${digest}`;
}

/** `eu.example.com/team/motor-pricing:1.4.0` */
export function describeTag(name: RepositoryName, tag: string): string {
  return `${describeRepository(name)}:${tag}`;
}

function repositoryIn(path: string, text: string): RepositoryName {
  const slash = path.indexOf('/');
  const first = path.slice(0, slash);
  const hasHost = slash !== -1 && (/[.:]/.test(first) || first === 'localhost');
  const written = hasHost ? path.slice(slash + 1) : path;
  const registry = hasHost ? registryOf(first, text) : DOCKER_HUB;
  const repository =
    registry === DOCKER_HUB && written !== '' && !written.includes('/') ? DOCKER_HUB_OFFICIAL + written : written;
  if (/[A-Z]/.test(repository)) throw upperCase(text, written);
  if (!PATH.test(repository)) {
    const fix = 'Between slashes write a-z and 0-9, with single . or _ or any number of - in between';
    throw bad(text, repository === '' ? 'names no repository' : 'has a repository that no registry takes', fix);
  }
  if (repository.length > MAX_PATH_CHARS) throw bad(text, `has a repository of over ${MAX_PATH_CHARS} characters`);
  // Docker reads 64 hexadecimal digits as the id of an image.
  if (!hasHost && /^[0-9a-f]{64}$/.test(written)) throw bad(text, 'is the id of an image on one machine');
  return { registry, repository };
}

function registryOf(host: string, text: string): string {
  const port = Number(/:(\d+)$/.exec(host)?.[1] ?? '1');
  if (!HOST.test(host) || port < 1 || port > 65_535) {
    throw bad(text, `has a registry that is no host: ${JSON.stringify(host.slice(0, 100))}`);
  }
  const registry = host.toLowerCase();
  return DOCKER_HUB_ALIASES.includes(registry) ? DOCKER_HUB : registry;
}

function upperCase(text: string, written: string): ConfigError {
  return new ConfigError({
    code: 'IMAGE-NAME-UPPER-CASE',
    what: `${shown(text)} has upper case in the name of its repository, which registries refuse`,
    fix: `Write ${shown(written.toLowerCase())}; a registry without a dot in its name needs its port, like REGISTRY:443`,
  });
}

function bad(text: string, why: string, fix = 'Write it like eu.example.com/team/motor-pricing:1.4.0'): ConfigError {
  return new ConfigError({ code: 'IMAGE-NAME', what: `the image ${shown(text)} ${why}`, fix });
}

function shown(text: string): string {
  return JSON.stringify(text.length > 200 ? `${text.slice(0, 200)}…` : text);
}
