import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Registry, RepositoryName } from '../../shared/ports/registry.ts';
import { exec } from '../engine/bench.ts';
import { readImage } from './workbench.ts';

/** Mounts what a container has, and becomes its user in its folder. Everything ends with the first process. */
const START = [
  'set -e',
  'root="$1"; user="$2"; group="$3"; dir="$4"; shift 4',
  'mount -t proc proc "$root/proc"',
  'mount --rbind /dev "$root/dev"',
  'mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"',
  'exec unshare --root "$root" --wd "$dir" --setgid "$group" --setuid "$user" "$@"',
].join('\n');

interface ImageConfig {
  readonly User: string;
  readonly WorkingDir: string;
  readonly Entrypoint: readonly string[];
  readonly Env: readonly string[];
  readonly Healthcheck: { readonly Test: readonly string[] };
}

/** An image whose layers lie in a folder, run as a container runtime runs it. Needs root. */
export class Unpacked {
  readonly #root: string;
  readonly #config: ImageConfig;

  private constructor(root: string, config: ImageConfig) {
    this.#root = root;
    this.#config = config;
  }

  static async of(registry: Registry, name: RepositoryName, reference: string, root: string): Promise<Unpacked> {
    const { manifest, config, pull } = await readImage(registry, name, reference);
    mkdirSync(root, { recursive: true });
    for (const layer of manifest.layers) {
      execFileSync('tar', ['-xz', '-C', root], { input: await pull(layer), stdio: ['pipe', 'ignore', 'inherit'] });
    }
    return new Unpacked(root, config.config);
  }

  /** What starts the image with these arguments in place of its own. */
  entrypoint(args: readonly string[]): readonly [string, ...string[]] {
    return this.#inside([...this.#config.Entrypoint, ...args]);
  }

  env(more: Readonly<Record<string, string>> = {}): Record<string, string> {
    const own = this.#config.Env.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]);
    return { ...Object.fromEntries(own), HOME: '/', ...more };
  }

  /** Exit code of the image's own health check, asked of another port. */
  async health(port: string): Promise<number | null> {
    const [, ...argv] = this.#config.Healthcheck.Test.map((part) => part.replace(':8080/', `:${port}/`));
    const { code } = await exec.run({
      argv: this.#inside(argv),
      cwd: join(this.#root, this.#config.WorkingDir),
      env: this.env(),
      timeoutMs: 60_000,
      signal: new AbortController().signal,
    });
    return code;
  }

  #inside(argv: readonly string[]): readonly [string, ...string[]] {
    const [user = '', group = ''] = this.#config.User.split(':');
    const unshare = ['unshare', '--mount', '--pid', '--fork', '--kill-child', 'sh', '-c', START, 'sh'] as const;
    return [...unshare, this.#root, user, group, this.#config.WorkingDir, ...argv];
  }
}

/** Whether this machine lets us run an image without a runtime. */
export function canUnshare(): boolean {
  if (process.getuid?.() !== 0) return false;
  try {
    execFileSync('unshare', ['--mount', '--pid', '--fork', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt'], {
      stdio: 'ignore',
    });
    return true;
  } catch {
    return false;
  }
}
