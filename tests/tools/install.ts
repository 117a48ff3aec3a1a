import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where tools are kept between runs; nothing outside of it is changed. */
const CACHE = process.env.HAUTE_TEST_TOOLS ?? join(homedir(), '.cache', 'haute-deploy-tests');

interface Tool {
  /** Program or file of the installed tool, inside its folder. */
  readonly file: string;
  /** Installs the tool into an empty folder. */
  install(folder: string): void;
}

/** Google's registry serves the referrers API only to programs that ask for it. */
const REFERRERS_REGISTRY = `package main

import (
	"log"
	"net"
	"net/http"

	"github.com/google/go-containerregistry/pkg/registry"
)

func main() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	log.Printf("serving on port %d", listener.Addr().(*net.TCPAddr).Port)
	log.Fatal(http.Serve(listener, registry.New(registry.WithReferrersSupport(true))))
}
`;

/** Tools of others that tests hold our files against, each at the version whose answers were looked at. */
const TOOLS = {
  'actionlint-1.7.12': go('github.com/rhysd/actionlint/cmd/actionlint@v1.7.12', 'actionlint'),
  'act-0.2.89': go('github.com/nektos/act@v0.2.89', 'act'),
  'zizmor-1.32.0': python('zizmor==1.32.0', 'zizmor'),
  'check-jsonschema-0.39.0': python('check-jsonschema==0.39.0', 'check-jsonschema'),
  'gitlab-ci-local-4.75.1': fromNpm(['gitlab-ci-local@4.75.1'], 'node_modules/.bin/gitlab-ci-local'),
  'boto3-1.44.5': pythonPackages(['boto3==1.44.5', 'botocore==1.44.5'], 'botocore/__init__.py'),
  'moto-5.2.5': pythonPackages(['moto[server,s3]==5.2.5'], 'moto/server.py'),
  'ministack-1.5.33': pythonPackages(['ministack==1.5.33', 'docker==7.2.0'], 'ministack/__main__.py'),
  'fake-gcs-server-1.56.1': go('github.com/fsouza/fake-gcs-server@v1.56.1', 'fake-gcs-server'),
  'azurite-3.35.0': fromNpm(['azurite@3.35.0'], 'node_modules/azurite/dist/src/blob/main.js'),
  'parliament-1.6.4': pythonPackages(['parliament==1.6.4', 'setuptools==75.8.0'], 'parliament/__init__.py'),
  'tfx-cli-0.23.1': fromNpm(['tfx-cli@0.23.1'], 'node_modules/.bin/tfx'),
  'workflow-parser-0.3.61': workflowParser(),
  'actions-core-3.0.1': fromNpm(['@actions/core@3.0.1'], 'node_modules/@actions/core/lib/core.js'),
  'docker-registry': fromDebian('docker-registry', ['docker-registry']),
  'crane-0.22.1': go('github.com/google/go-containerregistry/cmd/crane@v0.22.1', 'crane'),
  'google-registry-0.22.1': go('github.com/google/go-containerregistry/cmd/registry@v0.22.1', 'registry'),
  'referrers-registry-0.22.1': goProgram(
    'github.com/google/go-containerregistry/pkg/registry@v0.22.1',
    REFERRERS_REGISTRY,
    'registry',
  ),
  openssl: fromDebian('openssl', ['openssl']),
  chromium: chromium(),
  rsync: fromDebian('rsync', ['rsync', 'libpopt0', 'libxxhash0']),
  dockerd: fromDebian('dockerd', ['docker.io', 'containerd', 'runc', 'libdevmapper1.02.1']),
  buildah: fromDebian('buildah', ['buildah', 'libgpgme11', 'libassuan0', 'libdevmapper1.02.1']),
  skopeo: fromDebian('skopeo', ['skopeo', 'libgpgme11', 'libassuan0', 'libdevmapper1.02.1']),
  podman: fromDebian('podman', [
    ...['podman', 'conmon', 'crun', 'golang-github-containers-common', 'golang-github-containers-image'],
    ...['libsubid4', 'libyajl2', 'libgpgme11', 'libassuan0', 'libdevmapper1.02.1'],
  ]),
  'cyclonedx-11.12.0': pythonPackages(['cyclonedx-python-lib[json-validation]==11.12.0'], 'cyclonedx/__init__.py'),
  'in-toto-attestation-0.9.3': pythonPackages(['in-toto-attestation==0.9.3'], 'in_toto_attestation/__init__.py'),
  'node-20': fromNpm(['node@20'], 'node_modules/node/bin/node'),
} as const satisfies Record<string, Tool>;

export type ToolName = keyof typeof TOOLS;

/** A tool that can be used, or why it cannot. */
export type FoundTool = { readonly path: string } | { readonly missing: string };

/** The tool from the cache, installed first where it is not there. */
export function findTool(name: ToolName): FoundTool {
  const folder = join(CACHE, name);
  const path = join(folder, TOOLS[name].file);
  if (existsSync(path)) return { path };
  mkdirSync(CACHE, { recursive: true });
  const making = mkdtempSync(join(CACHE, '.making-'));
  try {
    TOOLS[name].install(making);
    if (existsSync(join(making, TOOLS[name].file))) putInPlace(making, folder);
    return existsSync(path) ? { path } : { missing: `${name} was installed without ${TOOLS[name].file}` };
  } catch (error) {
    return { missing: error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error) };
  } finally {
    rmSync(making, { recursive: true, force: true });
  }
}

/**
 * The path of a tool, or undefined where it cannot be had: then the tests that need it are skipped by name. In CI
 * nothing is skipped.
 * @throws Error in CI, when the tool cannot be had
 */
export function toolOrSkip(name: ToolName): string | undefined {
  const found = findTool(name);
  if ('path' in found) return found.path;
  if (process.env.CI) throw new Error(`${name} is needed in CI: ${found.missing}`);
  process.stderr.write(`skipped without ${name}: ${found.missing}\n`);
  return undefined;
}

/** Another worker may have been faster: its folder is as good. */
function putInPlace(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if (!existsSync(to)) throw error;
  }
}

function go(module: string, file: string): Tool {
  return { file, install: (folder) => run('go', ['install', module], folder, { GOBIN: folder }) };
}

function python(requirement: string, program: string): Tool {
  return {
    file: `tool/bin/${program}`,
    install(folder) {
      const venv = join(folder, 'tool');
      run('python3', ['-m', 'venv', venv], folder);
      // Scripts of a virtual environment name it by its path, and this one is moved.
      run(join(venv, 'bin', 'python'), ['-m', 'pip', 'install', '--quiet', requirement], folder);
      relocate(folder, venv, program);
    },
  };
}

/** A program of ours over a package of others. */
function goProgram(dependency: string, source: string, file: string): Tool {
  return {
    file,
    install(folder) {
      writeFileSync(join(folder, 'main.go'), source);
      run('go', ['mod', 'init', 'test/program'], folder);
      run('go', ['get', dependency], folder);
      run('go', ['build', '-o', file, '.'], folder);
    },
  };
}

/** Packages in a folder of their own, for `PYTHONPATH`. */
function pythonPackages(requirements: readonly string[], file: string): Tool {
  return {
    file,
    install(folder) {
      const args = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--target', folder];
      run('python3', [...args, ...requirements], folder);
    },
  };
}

function relocate(folder: string, venv: string, program: string): void {
  const script = join(venv, 'bin', program);
  const module = program.replaceAll('-', '_');
  if (program === 'zizmor') return;
  rmSync(script);
  const lines = ['#!/bin/sh', `exec "$(dirname "$0")/python" -m ${module} "$@"`, ''];
  writeFileSync(script, lines.join('\n'), { mode: 0o755 });
  run(script, ['--version'], folder);
}

/** A program of the system: the one that is there, or Debian's, unpacked beside the other tools. */
function fromDebian(program: string, packages: readonly string[]): Tool {
  return {
    file: `bin/${program}`,
    install(folder) {
      const bin = join(folder, 'bin');
      mkdirSync(bin);
      const there = which(program);
      if (there !== undefined) return symlinkSync(there, join(bin, program));
      unpackFromDebian(folder, () => packages);
      const lines = [
        '#!/bin/sh',
        'root="$(dirname "$(readlink -f "$0")")/../root"',
        'export LD_LIBRARY_PATH="$(echo "$root"/usr/lib/*-linux-gnu)"',
        // Some start other programs of their packages.
        'export PATH="$root/usr/sbin:$root/usr/bin:$PATH"',
        `exec ${program} "$@"`,
        '',
      ];
      writeFileSync(join(bin, program), lines.join('\n'), { mode: 0o755 });
    },
  };
}

/**
 * Debian's Chromium with whatever it needs that this machine has not, unpacked beside the other tools. The names of its
 * packages are asked of apt, as they differ from release to release.
 */
function chromium(): Tool {
  return {
    file: 'bin/chromium',
    install(folder) {
      const bin = join(folder, 'bin');
      mkdirSync(bin);
      const there = which('chromium');
      if (there !== undefined) return symlinkSync(there, join(bin, 'chromium'));
      const wanted = ['install', '--print-uris', '--yes', '--no-install-recommends', 'chromium', 'fonts-dejavu-core'];
      unpackFromDebian(folder, (apt) =>
        [...apt(wanted).matchAll(/^'\S+' ([\w.+-]+?)_\S+\.deb /gm)].map(([, name = '']) => name),
      );
      const lines = [
        '#!/bin/sh',
        'root="$(dirname "$(readlink -f "$0")")/../root"',
        'libraries="$(echo "$root"/usr/lib/*-linux-gnu)"',
        'export LD_LIBRARY_PATH="$libraries:$libraries/pulseaudio"',
        'exec "$root/usr/lib/chromium/chromium" "$@"',
        '',
      ];
      writeFileSync(join(bin, 'chromium'), lines.join('\n'), { mode: 0o755 });
    },
  };
}

type Apt = (args: readonly string[]) => string;

/**
 * Packages of Debian, unpacked into `root` of a folder. By lists that are fetched for it: those of the machine may be
 * old or not there, and are left as they are.
 */
function unpackFromDebian(folder: string, choose: (apt: Apt) => readonly string[]): void {
  const state = join(folder, '.apt');
  for (const part of ['lists', 'cache/archives']) mkdirSync(join(state, part, 'partial'), { recursive: true });
  const own = ['-o', `Dir::State::Lists=${state}/lists`, '-o', `Dir::Cache=${state}/cache`, '--quiet'];
  const apt: Apt = (args) => run('apt-get', [...own, ...args], folder);
  apt(['update']);
  apt(['download', ...choose(apt)]);
  for (const archive of readdirSync(folder).filter((name) => name.endsWith('.deb'))) {
    run('dpkg-deb', ['--extract', archive, 'root'], folder);
    rmSync(join(folder, archive));
  }
  rmSync(state, { recursive: true });
}

function which(program: string): string | undefined {
  const folders = (process.env.PATH ?? '').split(':');
  return folders.map((folder) => join(folder, program)).find((path) => existsSync(path));
}

function fromNpm(packages: readonly string[], file: string): Tool {
  return { file, install: (folder) => installPackages(packages, folder) };
}

/** GitHub's own parser imports JSON as a bundler does, so it is bundled. */
function workflowParser(): Tool {
  return {
    file: 'parser.mjs',
    install(folder) {
      installPackages(['@actions/workflow-parser@0.3.61', 'esbuild@0.25.12'], folder);
      const entry = [
        `export * from '@actions/workflow-parser';`,
        `export { parseAction } from '@actions/workflow-parser/actions/action-parser';`,
        '',
      ].join('\n');
      writeFileSync(join(folder, 'entry.mjs'), entry);
      const banner = `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);`;
      const args = ['entry.mjs', '--bundle', '--platform=node', '--format=esm', '--outfile=parser.mjs'];
      run(join(folder, 'node_modules', '.bin', 'esbuild'), [...args, `--banner:js=${banner}`], folder);
    },
  };
}

function installPackages(packages: readonly string[], folder: string): void {
  writeFileSync(join(folder, 'package.json'), '{ "name": "test-tools", "private": true }\n');
  run('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', ...packages], folder);
}

function run(program: string, args: readonly string[], cwd: string, env: Record<string, string> = {}): string {
  return execFileSync(program, args, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 600_000,
  });
}
