import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { packageList } from '../../shared/engine/package-digest.ts';
import type { BaseReference, ImageInput, ImageTools } from '../../shared/image/assemble/image-input.ts';
import { LayersSeal } from '../../shared/image/dependencies/layers-seal.ts';
import { DiskFiles } from '../../shared/io/disk-files.ts';
import { NodeExec } from '../../shared/io/node-exec.ts';
import { Redactor } from '../../shared/io/redact.ts';
import { SystemClock } from '../../shared/io/system-clock.ts';
import type { EnginePackage } from '../../shared/ports/engine.ts';
import type { Descriptor, Registry, RepositoryName, StoredManifest } from '../../shared/ports/registry.ts';
import { digestOf } from '../../shared/release/digest.ts';
import type { Json } from '../../shared/release/json.ts';
import { zipOf } from '../fakes/zip.ts';

export const BASES: RepositoryName = { registry: 'registry.example', repository: 'library/python' };
export const APP: RepositoryName = { registry: 'registry.example', repository: 'team/motor' };
const OCI = 'application/vnd.oci.image';
export const MANIFEST = `${OCI}.manifest.v1+json`;
export const INDEX = `${OCI}.index.v1+json`;

/** Of jobs that have the key. */
export const SEAL = new LayersSeal('0123456789abcdef0123456789abcdef');

/** Folders of a test, all gone after it. */
export class Folders {
  readonly #made: string[] = [];

  empty(): string {
    const dir = realpathSync(mkdtempSync(join(tmpdir(), 'haute-image-test-')));
    this.#made.push(dir);
    return dir;
  }

  remove(): void {
    for (const dir of this.#made.splice(0)) rmSync(dir, { recursive: true, force: true });
  }
}

/** A package on disk as the engine writes it: its files, and the list of them. */
export function packageIn(
  dir: string,
  files: Readonly<Record<string, string | Uint8Array>>,
  requirements: readonly string[] = ['greeter==1.0'],
): EnginePackage {
  const listed = Object.entries(files).map(([path, content]) => {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), content);
    return { path, mode: '0644', digest: digestOf(content), bytes: Buffer.byteLength(content) };
  });
  const list = packageList(listed);
  writeFileSync(join(dir, 'package-files.json'), list);
  return {
    dir,
    digest: digestOf(list),
    manifestDigest: digestOf('manifest'),
    files: listed,
    engine: { name: 'haute', version: '0.6.0' },
    requirements,
  };
}

/** A wheel that holds one module. */
export function writeWheel(
  dir: string,
  name: string,
  version: string,
  {
    python = 'py3',
    platform = 'any',
    files: more = {},
    unlisted = [],
  }: {
    readonly python?: string;
    readonly platform?: string;
    /** Files besides its module. */
    readonly files?: Readonly<Record<string, string>>;
    /** Those of them that its list of files leaves out. */
    readonly unlisted?: readonly string[];
  } = {},
): void {
  const info = `${name}-${version}.dist-info`;
  const files = {
    [`${name}/__init__.py`]: `VERSION = "${version}"\n`,
    [`${info}/METADATA`]: `Metadata-Version: 2.4\nName: ${name}\nVersion: ${version}\nSummary: Says hello\nLicense-Expression: MIT\nProject-URL: Home, https://example.com/${name}\n\nLong text\n`,
    [`${info}/WHEEL`]: `Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: ${python}-none-${platform}\n`,
    [`${info}/entry_points.txt`]: `[console_scripts]\n${name} = ${name}:main\n`,
    ...more,
  };
  const lines = Object.entries(files)
    .filter(([path]) => !unlisted.includes(path))
    .map(([path, content]) => {
      const hash = createHash('sha256').update(content).digest('base64url');
      return `${path},sha256=${hash},${Buffer.byteLength(content)}`;
    });
  const record = [...lines, `${info}/RECORD,,`].join('\n');
  mkdirSync(dir, { recursive: true });
  writeFileSync(
    join(dir, `${name}-${version}-${python}-none-${platform}.whl`),
    zipOf({ ...files, [`${info}/RECORD`]: record }),
  );
}

/** A project whose only packages are those of a folder: no index is asked. */
export function projectWithWheels(root: string): string {
  writeWheel(join(root, 'wheels'), 'greeter', '1.0');
  writeWheel(join(root, 'wheels'), 'greeter', '1.1');
  writeFileSync(join(root, 'uv.toml'), 'no-index = true\nfind-links = ["wheels"]\n');
  return root;
}

export interface BaseOptions {
  readonly os?: string;
  readonly architecture?: string;
  readonly env?: readonly string[];
  readonly layers?: readonly { readonly mediaType: string; readonly bytes: Uint8Array }[];
  readonly manifestType?: string;
  readonly configType?: string;
  readonly diffIds?: number;
  readonly tag?: string;
}

/** A layer without any file, of its own digest for each number. */
export function tinyLayer(number: number): { readonly mediaType: string; readonly bytes: Uint8Array } {
  return { mediaType: `${OCI}.layer.v1.tar+gzip`, bytes: gzipSync(Buffer.alloc(1024 * number)) };
}

/** Stores a base image. @returns its manifest, as the registry has it */
export async function storeBase(
  registry: Registry,
  name: RepositoryName = BASES,
  {
    os = 'linux',
    architecture = 'amd64',
    env = ['PATH=/usr/local/bin:/usr/bin:/bin', 'PYTHON_VERSION=3.11.9'],
    layers = [tinyLayer(1), tinyLayer(2)],
    manifestType = MANIFEST,
    configType = `${OCI}.config.v1+json`,
    diffIds = layers.length,
    tag = '3.11.9-slim',
  }: BaseOptions = {},
): Promise<StoredManifest> {
  const config = await storeBlob(registry, name, configType, {
    architecture,
    os,
    config: { Env: env, Cmd: ['python3'], Labels: { maintainer: 'base' } },
    rootfs: { type: 'layers', diff_ids: layers.slice(0, diffIds).map(({ bytes }) => digestOf(unpacked(bytes))) },
    history: [{ created: '2024-01-01T00:00:00Z', created_by: 'base' }],
  });
  const described = [];
  for (const { mediaType, bytes } of layers) described.push(await storeBytes(registry, name, mediaType, bytes));
  return storeManifest(registry, name, manifestType, { config, layers: described }, tag);
}

function unpacked(bytes: Uint8Array): Uint8Array {
  return bytes[0] === 0x1f ? gunzipSync(bytes) : bytes;
}

export async function storeManifest(
  registry: Registry,
  name: RepositoryName,
  mediaType: string,
  value: Record<string, unknown>,
  tag: string | undefined,
): Promise<StoredManifest> {
  const bytes = new TextEncoder().encode(JSON.stringify({ schemaVersion: 2, mediaType, ...value }));
  const stored = { descriptor: { mediaType, digest: digestOf(bytes), size: bytes.length }, bytes };
  await registry.pushManifest(name, stored, tag, { signal: new AbortController().signal });
  return stored;
}

export function storeBlob(
  registry: Registry,
  name: RepositoryName,
  mediaType: string,
  value: Json,
): Promise<Descriptor> {
  return storeBytes(registry, name, mediaType, new TextEncoder().encode(JSON.stringify(value)));
}

export async function storeBytes(
  registry: Registry,
  name: RepositoryName,
  mediaType: string,
  bytes: Uint8Array,
): Promise<Descriptor> {
  const digest = digestOf(bytes);
  await registry.pushBlob(
    name,
    {
      digest,
      size: bytes.length,
      async *open() {
        yield bytes;
      },
    },
    { signal: new AbortController().signal },
  );
  return { mediaType, digest, size: bytes.length };
}

export const FILES = {
  'app.py': 'app = 1\n',
  'deploy_manifest.json': '{ "haute_version": "0.6.0" }\n',
  'haute_release_serve.py': 'print("serving")\n',
  'artifacts/rates.json': '{ "base": 100 }\n',
} as const;

export function baseReference(reference = '3.11.9-slim', name: RepositoryName = BASES): BaseReference {
  return { name, reference, text: `python:${reference}` };
}

export function inputFor(pkg: EnginePackage, change: Partial<ImageInput> = {}): ImageInput {
  return {
    pkg,
    base: baseReference(),
    to: APP,
    tags: ['abc1234'],
    platform: { os: 'linux', architecture: 'amd64' },
    libc: 'glibc',
    python: undefined,
    port: 8080,
    origin: {
      title: 'motor',
      source: 'https://github.com/acme/motor',
      revision: 'a'.repeat(40),
      version: '1.4.0',
      createdAt: '2026-01-01T12:00:00Z',
      builder: 'https://github.com/acme/motor/actions',
    },
    ...change,
  };
}

export const env = Object.fromEntries(
  Object.entries(process.env).filter((pair): pair is [string, string] => pair[1] !== undefined),
);

/** Tools on a disk of their own, whose temporary files are seen. */
export function toolsIn(
  registry: Registry,
  root: string,
  temp: string,
  change: Partial<ImageTools> & { readonly said?: string[] } = {},
): ImageTools {
  const { said = [], ...rest } = change;
  return {
    registry,
    exec: new NodeExec(new Redactor(), { graceMs: 2_000 }),
    files: new DiskFiles(undefined, temp),
    clock: new SystemClock(),
    root,
    env: { ...env, UV_CACHE_DIR: join(root, 'uv-cache') },
    seal: SEAL,
    signal: new AbortController().signal,
    progress: (line) => said.push(line),
    ...rest,
  };
}

export function leftIn(dir: string): readonly string[] {
  return readdirSync(dir);
}

/** The documents of an image, as a client that follows its digests reads them. */
export async function readImage(registry: Registry, name: RepositoryName, reference: string) {
  const call = { signal: new AbortController().signal };
  const stored = await registry.manifest(name, reference, call);
  if (!stored) throw new Error(`there is no ${reference}`);
  const manifest = JSON.parse(new TextDecoder().decode(stored.bytes)) as {
    readonly config: Descriptor;
    readonly layers: readonly Descriptor[];
    readonly annotations: Readonly<Record<string, string>>;
    readonly subject?: Descriptor;
  };
  const pull = async (blob: Descriptor) => {
    const pieces: Uint8Array[] = [];
    for await (const piece of registry.pullBlob(name, blob, call)) pieces.push(piece);
    return Buffer.concat(pieces);
  };
  const config = manifest.config.size > 2 ? JSON.parse((await pull(manifest.config)).toString()) : {};
  return { stored, manifest, config, pull };
}

export function readText(...path: readonly string[]): string {
  return readFileSync(join(...path), 'utf8');
}
