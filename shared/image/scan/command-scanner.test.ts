import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { MemoryRegistry } from '../../../tests/fakes/memory-registry.ts';
import { ConfigError, ProviderError } from '../../errors.ts';
import { DiskFiles } from '../../io/disk-files.ts';
import type { Command, Exec } from '../../ports/exec.ts';
import type { ScannerId } from '../../ports/image-scanner.ts';
import type { Descriptor } from '../../ports/registry.ts';
import { digestOf } from '../../release/digest.ts';
import { documentBlob, jsonDocument } from '../assemble/blobs.ts';
import { OCI_CONFIG, OCI_INDEX, OCI_MANIFEST } from '../assemble/media-types.ts';
import { CommandScanner } from './command-scanner.ts';

const NEVER = new AbortController().signal;
const TO = { registry: 'registry.example', repository: 'motor' };

/** As trivy writes it: one result for each kind of package that it knows. */
const TRIVY = {
  SchemaVersion: 2,
  Trivy: { Version: '0.67.2' },
  ArtifactName: '/tmp/image',
  ArtifactType: 'container_image',
  Results: [
    {
      Target: 'image (debian 12.8)',
      Class: 'os-pkgs',
      Type: 'debian',
      Vulnerabilities: [
        {
          VulnerabilityID: 'CVE-2024-0001',
          PkgName: 'libssl3',
          InstalledVersion: '3.0.15-1~deb12u1',
          FixedVersion: '3.0.15-1~deb12u2',
          Severity: 'CRITICAL',
          Title: 'openssl:  reads\n too far',
          PrimaryURL: 'https://avd.aquasec.com/nvd/cve-2024-0001',
        },
        { VulnerabilityID: 'CVE-2024-0002', PkgName: 'tar', InstalledVersion: '1.34', Severity: 'LOW' },
      ],
    },
    { Target: 'Python', Class: 'lang-pkgs', Type: 'python-pkg' },
  ],
};
/** As grype writes it. */
const GRYPE = {
  matches: [
    {
      vulnerability: {
        id: 'GHSA-aaaa',
        dataSource: 'https://github.com/advisories/GHSA-aaaa',
        severity: 'High',
        description: 'Bad',
        fix: { versions: ['2.32.4'], state: 'fixed' },
      },
      artifact: { name: 'requests', version: '2.31.0', type: 'python' },
    },
    {
      vulnerability: { id: 'CVE-1', severity: 'Negligible', fix: { versions: [], state: 'wont-fix' } },
      artifact: { name: 'apt', version: '2.6', type: 'deb' },
    },
  ],
  source: { type: 'image' },
  descriptor: { name: 'grype', version: '0.104.0' },
};

let registry: MemoryRegistry;
let commands: Command[];
let layouts: { folder: string; manifests: readonly Descriptor[]; isWhole: boolean }[];

beforeEach(() => {
  registry = new MemoryRegistry();
  commands = [];
  layouts = [];
});

describe('scanning an image', () => {
  it('reads what trivy found', async () => {
    const report = await scan('trivy', { report: TRIVY });
    expect(report).toEqual({
      scanner: 'trivy',
      version: '0.67.2',
      findings: [
        {
          id: 'CVE-2024-0001',
          severity: 'critical',
          package: 'libssl3',
          installed: '3.0.15-1~deb12u1',
          fixed: '3.0.15-1~deb12u2',
          title: 'openssl: reads too far',
          url: 'https://avd.aquasec.com/nvd/cve-2024-0001',
        },
        {
          id: 'CVE-2024-0002',
          severity: 'low',
          package: 'tar',
          installed: '1.34',
          fixed: undefined,
          title: '',
          url: undefined,
        },
      ],
    });
    expect(commands[0]?.argv.slice(0, 7)).toEqual([
      'trivy',
      'image',
      '--quiet',
      '--scanners',
      'vuln',
      '--format',
      'json',
    ]);
  });

  it('reads what grype found', async () => {
    const { findings, version } = await scan('grype', { report: GRYPE });
    expect(version).toBe('0.104.0');
    expect(findings.map(({ id, severity, fixed }) => [id, severity, fixed])).toEqual([
      ['GHSA-aaaa', 'high', '2.32.4'],
      ['CVE-1', 'negligible', undefined],
    ]);
  });

  it.each([
    ['trivy', '0.74.0', 'CVE-2024-3651'],
    ['grype', '0.121.2', 'GHSA-jjg7-2v4v-x38h'],
  ] as const)(
    'reads what %s %s wrote of an image of ours: a finding and its fix, and none once it is fixed',
    async (id, version, advisory) => {
      const recorded = (idna: string) =>
        JSON.parse(
          readFileSync(
            join(import.meta.dirname, `../../../tests/fixtures/scan/${id}-${version}-idna-${idna}.json`),
            'utf8',
          ),
        );
      expect((await scan(id, { report: recorded('3.6') })).findings).toMatchObject([
        { id: advisory, severity: 'high', package: 'idna', installed: '3.6', fixed: '3.7' },
      ]);
      expect((await scan(id, { report: recorded('3.11') })).findings).toEqual([]);
    },
  );

  it('hands over a layout with everything of the image, and leaves no file', async () => {
    await scan('grype', { report: GRYPE });
    expect(layouts).toMatchObject([{ isWhole: true }]);
    expect(layouts.filter(({ folder }) => existsSync(folder))).toEqual([]);
  });

  it('scans every platform of an index', async () => {
    const { findings } = await scan('grype', { report: GRYPE, platforms: ['amd64', 'arm64'] });
    expect(commands).toHaveLength(2);
    expect(new Set(layouts.flatMap(({ manifests }) => manifests.map(({ digest }) => digest))).size).toBe(2);
    expect(findings).toHaveLength(4);
  });

  it.each<[string, ScannerId, Partial<Answer>]>([
    ['an error', 'trivy', { code: 1, stderr: 'FATAL  failed to download the database' }],
    ['an end by a signal', 'grype', { code: null }],
    ['no report', 'trivy', { report: undefined }],
    ['something that is no JSON', 'grype', { report: 'not json' }],
    ['a report of another program', 'grype', { report: TRIVY }],
    ['a report that looked at nothing', 'trivy', { report: { ...TRIVY, Results: [] } }],
    ['a report without its results', 'trivy', { report: { SchemaVersion: 2 } }],
    [
      'a finding that names no package',
      'trivy',
      { report: { ...TRIVY, Results: [{ Vulnerabilities: [{ VulnerabilityID: 'CVE-1' }] }] } },
    ],
  ])('is never "nothing found" when the scanner gives %s', async (_, scanner, answer) => {
    const scanning = scan(scanner, answer);
    await expect(scanning).rejects.toThrow(ProviderError);
    await expect(scanning).rejects.toThrow(/SCAN-FAILED/);
    expect(layouts.filter(({ folder }) => existsSync(folder))).toEqual([]);
  });

  it('is never "nothing found" for an index without images', async () => {
    await expect(scan('grype', { report: GRYPE, platforms: [] })).rejects.toThrow(
      /SCAN-FAILED.*names no image|names no image.*SCAN-FAILED/s,
    );
    expect(commands).toEqual([]);
  });

  it('says what to install when the scanner is not there', async () => {
    const scanning = scan('trivy', { missing: true });
    await expect(scanning).rejects.toThrow(ConfigError);
    await expect(scanning).rejects.toThrow(/trivy\.dev/);
  });
});

interface Answer {
  readonly code: number | null;
  readonly stderr: string;
  readonly report: unknown;
  readonly missing: boolean;
  readonly platforms: readonly string[];
}

async function scan(scanner: ScannerId, answer: Partial<Answer>) {
  const exec = {
    async run(command: Command) {
      commands.push(command);
      if (answer.missing) throw new ProviderError({ code: 'EXEC-NOT-FOUND', what: 'not there', fix: 'install' });
      const folder =
        command.argv.map((word) => word.replace(/^oci-dir:/, '')).find((word) => word.endsWith('/image')) ?? '';
      layouts.push(look(folder));
      const file = command.argv.find((word) => word.endsWith('report.json')) ?? '';
      const text = typeof answer.report === 'string' ? answer.report : JSON.stringify(answer.report);
      if (text !== undefined) await new DiskFiles().write(file, text);
      return {
        code: answer.code === undefined ? 0 : answer.code,
        stdout: '',
        stderr: answer.stderr ?? '',
        timedOut: false,
      };
    },
  } as unknown as Exec;
  const { platforms = ['amd64'] } = answer;
  const images = [];
  for (const architecture of platforms) images.push(await image(architecture));
  const digest = images.length === 1 ? images[0]?.digest : await index(images);
  if (!digest) throw new Error('no image');
  const tools = { exec, registry, files: new DiskFiles(), env: {} };
  const artifact = { kind: 'image', name: 'registry.example/motor', digest } as const;
  return new CommandScanner(tools).scan(scanner, artifact, { signal: NEVER, progress: () => undefined });
}

/** As a scanner would read it: from index.json to every blob. */
function look(folder: string) {
  const read = (path: string) => JSON.parse(readFileSync(join(folder, path), 'utf8'));
  const path = (digest: string) => join('blobs', ...digest.split(':'));
  const { manifests } = read('index.json') as { manifests: Descriptor[] };
  const isWhole = manifests.every(({ digest }) => {
    const { config, layers } = read(path(digest)) as { config: Descriptor; layers: Descriptor[] };
    return [config, ...layers].every((blob) => digestOf(readFileSync(join(folder, path(blob.digest)))) === blob.digest);
  });
  return { folder, manifests, isWhole: isWhole && read('oci-layout').imageLayoutVersion === '1.0.0' };
}

async function image(architecture: string): Promise<Descriptor> {
  const config = jsonDocument(OCI_CONFIG, { architecture, os: 'linux', rootfs: { diff_ids: [] } });
  const { mediaType, digest, size } = config.descriptor;
  const manifest = jsonDocument(OCI_MANIFEST, {
    schemaVersion: 2,
    mediaType: OCI_MANIFEST,
    config: { mediaType, digest, size },
    layers: [{ mediaType: 'application/vnd.oci.image.layer.v1.tar', digest, size }],
  });
  await registry.pushBlob(TO, documentBlob(config), { signal: NEVER });
  await registry.pushManifest(TO, manifest, undefined, { signal: NEVER });
  return manifest.descriptor;
}

async function index(images: readonly Descriptor[]) {
  const manifests = images.map(({ mediaType, digest, size }) => ({ mediaType, digest, size }));
  const document = jsonDocument(OCI_INDEX, { schemaVersion: 2, mediaType: OCI_INDEX, manifests });
  await registry.pushManifest(TO, document, undefined, { signal: NEVER });
  return document.descriptor.digest;
}
