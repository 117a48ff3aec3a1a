import { randomUUID } from 'node:crypto';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DiskFiles } from '../../shared/io/disk-files.ts';
import { NodeExec } from '../../shared/io/node-exec.ts';
import { Redactor } from '../../shared/io/redact.ts';
import { SystemClock } from '../../shared/io/system-clock.ts';
import type { ServePlan } from '../../shared/ports/engine.ts';
import type { DeployOptions, RouteMark, SettleOptions } from '../../shared/ports/target.ts';
import type { Autoscaling, Deployment, Weights } from '../../shared/release/deployment.ts';
import { newRelease, type Release } from '../../shared/release/release.ts';
import { localStatus } from '../../shared/targets/local/admin/status.ts';
import { localStop } from '../../shared/targets/local/admin/stop.ts';
import { LocalArtifactStore } from '../../shared/targets/local/artifact-store.ts';
import type { LocalTargetOptions } from '../../shared/targets/local/context.ts';
import { PLACE_MARK, placeMark } from '../../shared/targets/local/paths.ts';
import { SystemProcesses } from '../../shared/targets/local/process/processes.ts';
import { StateStore } from '../../shared/targets/local/state/store.ts';
import { LocalTarget } from '../../shared/targets/local/target.ts';
import { openStandIn, writeStandIn } from './stand-in-package.ts';

const HERE = import.meta.dirname;
export const NODE = resolve(HERE, '../../node_modules/.bin/node');
export const NEVER = new AbortController().signal;
/** Nothing sleeps, and one replica does. */
export const STEADY: Autoscaling = {
  min: 1,
  max: 1,
  concurrency: 8,
  windowMs: 60_000,
  scaleDownDelayMs: 900_000,
  utilization: 70,
};

/** A local target of the stand-in server in a folder of its own. */
export interface Bench {
  readonly root: string;
  readonly stateDir: string;
  readonly target: LocalTarget;
  readonly store: LocalArtifactStore;
  readonly state: StateStore;
  readonly processes: SystemProcesses;
  readonly options: LocalTargetOptions;
  /** Another one on the same folder, as another step would have. */
  another(change: Partial<LocalTargetOptions>): LocalTarget;
  /** A release of a stand-in package that behaves like this, in the store. */
  release(behaviour?: Readonly<Record<string, unknown>>): Promise<Release>;
  deploy(release: Release, environment: string, options?: Partial<DeployOptions>): Promise<Deployment>;
  /** Deployed, given all traffic, and settled. */
  promote(release: Release, environment: string, options?: Partial<DeployOptions & SettleOptions>): Promise<Deployment>;
  /** Pids of everything of this bench that runs. */
  running(): Promise<readonly number[]>;
  /** Pids of the servers of a deployment, as the state has them. */
  servers(deploymentId: string): Promise<readonly number[]>;
  gatewayPid(): Promise<number>;
  stop(): Promise<void>;
}

/** What a local target of the stand-in needs, for this folder. */
export function benchOptions(root: string): LocalTargetOptions {
  const stateDir = join(root, '.haute', 'local');
  return {
    stateDir,
    gatewayArgv: [NODE, join(HERE, 'gateway-main.ts'), stateDir],
    policy: { ports: {}, deploymentsPort: undefined },
    autoscaling: () => STEADY,
    openPackage: openStandIn,
    servePlan: async ({ dir, digest }) => standInPlan(dir, digest),
    baseEnv: { PATH: process.env.PATH ?? '', HOME: root },
    exec: new NodeExec(new Redactor(), { graceMs: 1_000 }),
    files: new DiskFiles(),
    clock: new SystemClock(),
    redact: (text) => text.replaceAll('hunter2', '***'),
    startupTimeoutMs: 20_000,
  };
}

export async function makeBench(change: Partial<LocalTargetOptions> = {}): Promise<Bench> {
  // A space, and a letter beyond ASCII: people have such folders.
  const root = await realpath(await mkdtemp(join(tmpdir(), 'haute lokál ')));
  const options = { ...benchOptions(root), ...change };
  const { stateDir, files, clock, exec } = options;
  const processes = new SystemProcesses(exec);
  const state = new StateStore({ stateDir, files, processes, clock });
  const target = new LocalTarget(options);
  const store = new LocalArtifactStore(options);

  const bench: Bench = {
    root,
    stateDir,
    target,
    store,
    state,
    processes,
    options,
    another: (more) => new LocalTarget({ ...options, ...more }),
    async release(behaviour = {}) {
      const dir = join(root, 'built', randomUUID());
      const pkg = await writeStandIn(dir, behaviour);
      const { artifact } = await store.push(pkg, { signal: NEVER });
      await rm(dir, { recursive: true });
      return newRelease({
        schema: 'haute.release/1',
        project: 'motor',
        model: 'motor-pricing',
        commit: null,
        target: 'local',
        artifact,
        packageDigest: pkg.digest,
        manifestDigest: pkg.manifestDigest,
        engine: pkg.engine,
      });
    },
    deploy: (release, environment, more = {}) => target.deploy(release, environment, deployOptions(more)),
    async promote(release, environment, more = {}) {
      const deployment = await target.deploy(release, environment, deployOptions(more));
      const before = await target.inspect(environment);
      const promotionId = `p-${randomUUID()}`;
      await target.route(environment, { [deployment.id]: 100 }, mark(promotionId, deployment.id, before.current?.id));
      await target.settle(environment, settling(promotionId, deployment.id, before.current?.id, more));
      return deployment;
    },
    running: async () => (await processes.marked(PLACE_MARK, placeMark(stateDir))).map(({ pid }) => pid),
    servers: async (id) => ((await state.read())?.deployments[id]?.replicas ?? []).map(({ pid }) => pid),
    async gatewayPid() {
      const { gateway } = await localStatus(options);
      if (gateway === undefined) throw new Error('no gateway runs');
      return gateway;
    },
    async stop() {
      await localStop({ ...options, purge: true });
      await rm(root, { recursive: true, force: true });
    },
  };
  return bench;
}

export function deployOptions(more: Partial<DeployOptions> = {}): DeployOptions {
  const { fresh = false, autoscaling = STEADY, signal = NEVER, progress = () => {} } = more;
  return { fresh, autoscaling, signal, progress };
}

export function mark(
  promotionId: string,
  candidate: string,
  current?: string,
  more: Partial<RouteMark> = {},
): RouteMark {
  return { promotionId, candidate, current, run: 'terminal', paused: false, supersede: false, ...more };
}

export function settling(
  promotionId: string,
  keep: string,
  previous?: string,
  more: Partial<SettleOptions> = {},
): SettleOptions {
  const {
    previousPolicy = 'scale-to-zero',
    rollbackWindowMs = 86_400_000,
    outcome = 'promoted',
    evidence = 'sha256:e',
  } = more;
  return { keep, previous, previousPolicy, rollbackWindowMs, promotionId, evidence, outcome };
}

export interface Answer {
  readonly status: number;
  readonly deployment: string | undefined;
  readonly release: string | undefined;
  readonly body: { readonly [key: string]: unknown };
}

/** Asks an address for a quote. */
export async function ask(
  url: string | undefined,
  path = '/quote',
  init: RequestInit = { method: 'POST', body: '{}' },
): Promise<Answer> {
  const response = await fetch(`${url}${path}`, init);
  const text = await response.text();
  return {
    status: response.status,
    deployment: response.headers.get('x-haute-deployment') ?? undefined,
    release: response.headers.get('x-haute-release') ?? undefined,
    body: text.startsWith('{') ? JSON.parse(text) : { text },
  };
}

/** How many of so many requests, one after the other, each deployment answered. */
export async function shares(url: string | undefined, requests: number): Promise<Weights> {
  const counts: Record<string, number> = {};
  for (let sent = 0; sent < requests; sent += 1) {
    const { deployment = 'nobody' } = await ask(url);
    counts[deployment] = (counts[deployment] ?? 0) + 1;
  }
  return counts;
}

/** Looks again until it holds; what it waits for is behaviour of other processes. */
export async function eventually<T>(
  look: () => Promise<T | undefined | false>,
  what: string,
  withinMs = 15_000,
): Promise<T> {
  const clock = new SystemClock();
  for (const giveUpAt = clock.now() + withinMs; clock.now() < giveUpAt; await clock.sleep(25, NEVER)) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
  }
  throw new Error(`never happened: ${what}`);
}

function standInPlan(dir: string, digest: string): ServePlan {
  return {
    argv: [NODE, join(HERE, 'stand-in-server.ts'), '--port', '{port}'],
    env: { PACKAGE_DIR: dir, PACKAGE_DIGEST: digest, NODE_NO_WARNINGS: '1' },
    cwd: dir,
  };
}
