/**
 * Building and pushing an image: ours, `docker build` and `docker push` (BuildKit), and `buildah`, from the same package,
 * base, registry and package index, on this machine, in one run. `npm run bench:image`; needs root and Debian's packages.
 */
import { execFile, execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { readBaseImage } from '../../shared/image/assemble/base-image.ts';
import type { AssembledImage } from '../../shared/image/assemble/image-input.ts';
import { generatedDockerfile } from '../../shared/image/builders/dockerfile.ts';
import type { EnginePackage } from '../../shared/ports/engine.ts';
import { Running, registryClient } from '../../tests/image/processes.ts';
import { architectureHere, pythonLayer } from '../../tests/image/python-base.ts';
import { env, inputFor } from '../../tests/image/workbench.ts';
import { findTool, type ToolName } from '../../tests/tools/install.ts';
import { bundleProgram } from './bundle-program.ts';
import type { OursInput } from './image-ours.ts';
import {
  downloadWheels,
  OTHER_REQUIREMENTS,
  REQUIREMENTS,
  startIndex,
  storePipBase,
  writePackage,
} from './image-scene.ts';

const REPEATS = Number(process.env.BENCH_REPEATS ?? '3');
const work = mkdtempSync(join(tmpdir(), 'haute-bench-image-'));
/** Inside of the repository, where packages are found, and ignored by git. */
/** The bundle of ours; what else is in build/ is not of this program. */
const built = join(import.meta.dirname, '../../build/bench');
const wheels = join(homedir(), '.cache', 'haute-deploy-tests', 'bench-wheels', 'wheels');
const signal = new AbortController().signal;
const processes: Running[] = [];
const contenders: Contender[] = [];

function tool(name: ToolName): string {
  const found = findTool(name);
  if ('path' in found) return found.path;
  throw new Error(`${name}: ${found.missing}`);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}

async function startRegistry(): Promise<string> {
  const host = `127.0.0.1:${await freePort()}`;
  mkdirSync(join(work, 'registry'));
  const config = {
    version: 0.1,
    log: { level: 'error' },
    storage: { filesystem: { rootdirectory: join(work, 'registry') } },
    http: { addr: host },
  };
  writeFileSync(join(work, 'registry.yml'), JSON.stringify(config));
  const running = new Running(tool('docker-registry'), ['serve', join(work, 'registry.yml')]);
  processes.push(running);
  await running.until(async () => ((await fetch(`http://${host}/v2/`).catch(() => undefined))?.ok ? true : undefined));
  return host;
}

interface Timed {
  readonly seconds: number;
  /** Largest of the processes that were started, in megabytes. */
  readonly megabytes: number;
}

/** Itself: what is called python3 may be a script that looks for one first. */
const PYTHON = execFileSync('python3', ['-c', 'import sys; print(sys.executable)']).toString().trim();
const MEASURE =
  'import resource,subprocess,sys; code=subprocess.call(sys.argv[2:]); open(sys.argv[1],"w").write(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)); sys.exit(code)';

/** Runs commands one after another. Not blocking: the registry's log is read meanwhile, or the registry waits for that. */
async function time(
  commands: readonly (readonly string[])[],
  cwd: string,
  variables: Readonly<Record<string, string>> = {},
): Promise<Timed> {
  const peak = join(work, 'peak');
  let megabytes = 0;
  const start = process.hrtime.bigint();
  for (const argv of commands) {
    await promisify(execFile)(PYTHON, ['-S', '-c', MEASURE, peak, ...argv], {
      cwd,
      env: { ...env, ...variables },
      maxBuffer: 1 << 28,
    });
    megabytes = Math.max(megabytes, Number(readFileSync(peak, 'utf8')) / 1024);
  }
  return { seconds: Number(process.hrtime.bigint() - start) / 1e9, megabytes };
}

/** Bytes of blobs that a registry has. */
function stored(): number {
  const blobs = join(work, 'registry/docker/registry/v2/blobs');
  if (!existsSync(blobs)) return 0;
  return readdirSync(blobs, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.name === 'data')
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}

interface Contender {
  readonly name: string;
  /** Forgets everything but what the registry has. */
  reset(): Promise<void>;
  build(pkg: EnginePackage, repository: string): Promise<Timed>;
  stop(): Promise<void>;
}

/** @param sealed false: without a key, so that no layer of packages is taken from the registry */
function ours(host: string, index: string, sealed = true): Contender {
  const program = bundleProgram('image-ours', 'compress', built);
  const root = join(work, 'project');
  const cache = join(work, 'uv-cache');
  mkdirSync(root, { recursive: true });
  return {
    name: sealed ? 'haute-ci' : 'haute-ci without a key',
    async reset() {
      rmSync(cache, { recursive: true, force: true });
    },
    build(pkg, repository) {
      const input: OursInput = {
        pkg,
        bases: { registry: host, repository: 'library/python' },
        to: { registry: host, repository },
        architecture: architectureHere(),
        root,
        temp: work,
        sealed,
        env: { ...env, UV_CACHE_DIR: cache, UV_INDEX_URL: index },
      };
      writeFileSync(join(work, 'input.json'), JSON.stringify(input));
      return time([[process.execPath, program, join(work, 'input.json'), join(work, 'image.json')]], work);
    },
    async stop() {},
  };
}

function docker(host: string, index: string): Contender {
  const dockerd = tool('dockerd');
  const client = join(dirname(dockerd), '../root/usr/bin/docker');
  const dir = join(work, 'docker');
  let daemon: Running | undefined;
  const stop = async () => {
    await daemon?.stop();
    daemon = undefined;
    rmSync(dir, { recursive: true, force: true });
  };
  return {
    name: 'docker build + push',
    async reset() {
      await stop();
      mkdirSync(dir, { recursive: true });
      daemon = new Running('unshare', [
        '--mount',
        dockerd,
        '--host',
        `unix://${dir}/docker.sock`,
        '--data-root',
        join(dir, 'data'),
        '--exec-root',
        join(dir, 'exec'),
        '--pidfile',
        join(dir, 'd.pid'),
        '--iptables=false',
        '--ip6tables=false',
        '--bridge=none',
      ]);
      await daemon.until(() => (daemon?.log.includes('API listen on') ? true : undefined));
    },
    build(pkg, repository) {
      const tag = `${host}/${repository}:latest`;
      const variables = { DOCKER_HOST: `unix://${dir}/docker.sock`, DOCKER_BUILDKIT: '1' };
      const args = [
        '--network',
        'host',
        '--quiet',
        '--build-arg',
        `PIP_INDEX_URL=${index}`,
        '--file',
        join(work, 'Dockerfile'),
      ];
      return time(
        [
          [client, 'build', ...args, '--tag', tag, '.'],
          [client, 'push', '--quiet', tag],
        ],
        pkg.dir,
        variables,
      );
    },
    stop,
  };
}

function buildah(host: string, index: string): Contender {
  const program = tool('buildah');
  const dir = join(work, 'buildah');
  const policy = join(work, 'policy.json');
  writeFileSync(policy, '{"default":[{"type":"insecureAcceptAnything"}]}');
  // It starts itself again without our environment: its libraries are laid over the system's, for it alone.
  const libraries = join(dirname(program), '../root/usr/lib/x86_64-linux-gnu');
  const system = '/usr/lib/x86_64-linux-gnu';
  const overlay = `mount -t overlay overlay -o lowerdir=${libraries}:${system} ${system} && exec "$0" "$@"`;
  const alone = existsSync(libraries) ? ['unshare', '--mount', 'sh', '-c', overlay] : [];
  const base = [
    ...alone,
    program,
    '--root',
    join(dir, 'root'),
    '--runroot',
    join(dir, 'run'),
    '--storage-driver',
    'overlay',
  ];
  const reset = async () => {
    if (existsSync(dir))
      execFileSync('unshare', ['--mount', 'sh', '-c', `umount -l ${dir}/root/overlay 2>/dev/null; rm -rf ${dir}`]);
    mkdirSync(dir, { recursive: true });
  };
  return {
    name: 'buildah',
    reset,
    build(pkg, repository) {
      const tag = `${host}/${repository}:latest`;
      const build = [
        'bud',
        '--quiet',
        '--layers',
        '--isolation',
        'chroot',
        '--network',
        'host',
        '--format',
        'oci',
        '--tls-verify=false',
        '--signature-policy',
        policy,
        '--build-arg',
        `PIP_INDEX_URL=${index}`,
        '--file',
        join(work, 'Dockerfile'),
        '--tag',
        tag,
        '.',
      ];
      return time(
        [
          [...base, ...build],
          [...base, 'push', '--quiet', '--tls-verify=false', '--signature-policy', policy, tag],
        ],
        pkg.dir,
      );
    },
    stop: reset,
  };
}

const CASES = ['cold', 'unchanged', 'changed rates', 'changed rates, fresh runner', 'changed dependency'] as const;
interface Result extends Timed {
  readonly sent: number;
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

async function measure(contender: Contender, repository: string): Promise<Readonly<Record<string, Result>>> {
  const dir = join(work, 'package', repository);
  let rates = 100;
  const results: Record<string, Result> = {};
  const run = async (name: (typeof CASES)[number], repeats: number, prepare: () => Promise<EnginePackage>) => {
    const all: Result[] = [];
    for (let repeat = 0; repeat < repeats; repeat++) {
      const pkg = await prepare();
      const before = stored();
      const timed = await contender.build(pkg, repository);
      all.push({ ...timed, sent: stored() - before });
      process.stderr.write(`${contender.name}, ${name}: ${timed.seconds.toFixed(2)} s\n`);
    }
    results[name] = {
      seconds: median(all.map(({ seconds }) => seconds)),
      megabytes: Math.max(...all.map(({ megabytes }) => megabytes)),
      sent: median(all.map(({ sent }) => sent)),
    };
  };
  const changed = (list: readonly string[] = REQUIREMENTS) => writePackage(dir, ++rates, list);
  await contender.reset();
  await run('cold', 1, async () => changed());
  await run('unchanged', REPEATS, async () => writePackage(dir, rates, REQUIREMENTS));
  await run('changed rates', REPEATS, async () => changed());
  await run('changed dependency', 1, async () => changed(OTHER_REQUIREMENTS));
  await run('changed rates, fresh runner', 1, async () => {
    await contender.reset();
    return changed();
  });
  await contender.stop();
  return results;
}

try {
  downloadWheels(wheels);
  const { url: index, running: indexing } = await startIndex(wheels, join(work, 'index'));
  processes.push(indexing);
  const host = await startRegistry();
  const registry = registryClient();
  const bases = { registry: host, repository: 'library/python' };
  await storePipBase(registry, bases, work, pythonLayer());
  const base = await readBaseImage(
    registry,
    { name: bases, reference: 'here', text: 'python:here' },
    { os: 'linux', architecture: architectureHere() },
    { signal },
  );
  const sample = writePackage(join(work, 'sample'), 100, REQUIREMENTS);
  const dockerfile = generatedDockerfile(inputFor(sample), base).replace(
    '\nCOPY requirements.txt',
    '\nARG PIP_INDEX_URL\nCOPY requirements.txt',
  );
  writeFileSync(join(work, 'Dockerfile'), dockerfile);
  const only = (process.env.BENCH_ONLY ?? '').split(',').filter(Boolean);
  const all = [ours(host, index), ours(host, index, false), docker(host, index), buildah(host, index)];
  contenders.push(...all.filter(({ name }) => only.length === 0 || only.includes(name)));
  const results = new Map<string, Readonly<Record<string, Result>>>();
  for (const [number, contender] of contenders.entries()) {
    results.set(contender.name, await measure(contender, `bench/number${number}`));
  }
  const own = join(work, 'image.json');
  const image = existsSync(own) ? (JSON.parse(readFileSync(own, 'utf8')) as AssembledImage) : undefined;
  const application = image?.layers.find(({ role }) => role === 'application')?.size;
  const packageBytes = sample.files.reduce((sum, { bytes }) => sum + bytes, 0);
  console.log(
    `node ${process.version}; ${REQUIREMENTS.length} packages; package of ${packageBytes} bytes, ${application} compressed`,
  );
  console.log(
    `| case | ${contenders.map(({ name }) => `${name} s | MB | bytes stored`).join(' | ')} | best other / ours |`,
  );
  for (const name of CASES) {
    const row = contenders.map((contender) => results.get(contender.name)?.[name]);
    const [own] = row;
    const others = row.filter((_, index) => !contenders[index]?.name.startsWith('haute-ci'));
    const best = Math.min(...others.map((each) => each?.seconds ?? Number.NaN));
    const cells = row.map((each) => `${each?.seconds.toFixed(2)} | ${each?.megabytes.toFixed(0)} | ${each?.sent}`);
    console.log(`| ${name} | ${cells.join(' | ')} | ${(best / (own?.seconds ?? Number.NaN)).toFixed(1)} |`);
  }
} finally {
  for (const contender of contenders) await contender.stop();
  for (const running of processes) await running.stop();
  for (const dir of [work, built]) rmSync(dir, { recursive: true, force: true });
}
