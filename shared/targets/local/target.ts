import { rm } from 'node:fs/promises';
import { GateFailure } from '../../errors.ts';
import type {
  Capabilities,
  DeployOptions,
  Explanation,
  PlannedChange,
  RouteMark,
  SettleOptions,
  Target,
} from '../../ports/target.ts';
import type { Deployment, EnvironmentState, Weights } from '../../release/deployment.ts';
import { describeRelease, type Release } from '../../release/release.ts';
import { enforce, type LocalContext, type LocalTargetOptions, localContext, ownerOf, shownLog } from './context.ts';
import { deploy } from './deploy.ts';
import { unknownDeployment } from './errors.ts';
import { logFile } from './paths.ts';
import { describeEnvironment } from './report.ts';
import { reusable, withDesired, withRemoved } from './state/deploying.ts';
import { withRefused, withRoute, withSettled } from './state/promotion.ts';
import { EMPTY_STATE } from './state/schema.ts';
import { untilServing, untilStopped } from './waiting.ts';

const NEVER = new AbortController().signal;
const YES = { can: true } as const;

/**
 * Releases on this machine: each deployment one or more server processes, each environment a port of one gateway
 * process. They outlive the step that made them, and what died is brought back by the next call, or by the gateway.
 */
export class LocalTarget implements Target {
  readonly id = 'local';
  readonly supports: Capabilities = {
    weights: YES,
    darkAddress: YES,
    pause: YES,
    deactivate: YES,
    scaleToZero: YES,
    nativeRamp: { can: false, why: 'traffic moves when a step moves it' },
    redeploy: YES,
  };
  readonly #context: LocalContext;

  constructor(options: LocalTargetOptions) {
    this.#context = localContext(options);
  }

  async plan(release: Release, environment: string): Promise<readonly PlannedChange[]> {
    const state = (await this.#context.store.read()) ?? EMPTY_STATE;
    const known = state.environments[environment];
    const id = reusable(state, environment, release.id);
    return [
      known
        ? { action: 'keep', subject: `environment ${environment}`, detail: `at port ${known.port}` }
        : { action: 'create', subject: `environment ${environment}`, detail: 'an address of its own on 127.0.0.1' },
      id !== undefined
        ? { action: 'keep', subject: `deployment ${id}`, detail: `has ${describeRelease(release)} already` }
        : {
            action: 'create',
            subject: 'deployment',
            detail: `a server of ${describeRelease(release)}, without traffic`,
          },
    ];
  }

  deploy(release: Release, environment: string, options: DeployOptions): Promise<Deployment> {
    return deploy(this.#context, release, environment, options);
  }

  async inspect(environment: string): Promise<EnvironmentState> {
    const { store, autoscaling } = this.#context;
    const hasAny = (await store.read())?.environments[environment] !== undefined;
    const live = hasAny ? (await enforce(this.#context, environment)).deployments : {};
    // Read after the gateway repaired what it found.
    const state = (await store.read()) ?? EMPTY_STATE;
    return describeEnvironment(state, environment, live, await this.#owner(environment), autoscaling(environment));
  }

  async route(environment: string, weights: Weights, mark: RouteMark): Promise<void> {
    const { store, processes, clock } = this.#context;
    const owner = await processes.self();
    try {
      await store.update(async (state) => {
        const holder = await ownerOf(this.#context, state, environment);
        return withRoute(state, environment, weights, mark, { owner, nowMs: clock.now(), holder });
      });
    } catch (error) {
      if (error instanceof GateFailure)
        await store.update((state) => withRefused(state, environment, mark.candidate, clock.now()));
      throw error;
    }
    const routed = Object.entries(weights).filter(([, weight]) => weight > 0);
    await enforce(this.#context, environment, Object.fromEntries(routed.map(([id]) => [id, 1])));
  }

  async settle(environment: string, options: SettleOptions): Promise<void> {
    const { store, processes, clock } = this.#context;
    const owner = await processes.self();
    await store.update(async (state) => {
      const holder = await ownerOf(this.#context, state, environment);
      return withSettled(state, environment, options, { owner, nowMs: clock.now(), holder });
    });
    await enforce(this.#context, environment);
  }

  async setActive(deploymentId: string, active: boolean, signal: AbortSignal): Promise<void> {
    const { store } = this.#context;
    if (!active) {
      await store.update((state) => withDesired(state, deploymentId, 'inactive'));
      return untilStopped(this.#context, deploymentId, signal);
    }
    const wasOff = (await store.read())?.deployments[deploymentId]?.desired === 'inactive';
    await store.update((state) => withDesired(state, deploymentId, 'active'));
    try {
      await untilServing(this.#context, deploymentId, {
        environment: undefined,
        replicas: 1,
        signal,
        progress: () => {},
      });
    } catch (error) {
      if (wasOff) await store.update((state) => withDesired(state, deploymentId, 'inactive'));
      throw error;
    }
  }

  async remove(deploymentId: string): Promise<void> {
    const { store, stateDir } = this.#context;
    await store.update((state) => withRemoved(state, deploymentId));
    await untilStopped(this.#context, deploymentId, NEVER);
    const log = logFile(stateDir, deploymentId);
    await Promise.all([log, `${log}.1`].map((path) => rm(path, { force: true })));
  }

  async explain(deploymentId: string): Promise<Explanation> {
    const { store } = this.#context;
    const record = (await store.read())?.deployments[deploymentId];
    if (record === undefined) throw unknownDeployment(deploymentId);
    const live = (await this.#context.gateway.sync()).deployments[deploymentId];
    const exit = (await store.read())?.deployments[deploymentId]?.lastExit;
    return {
      summary: `deployment ${deploymentId} of ${describeRelease(record.release)} is ${live?.status ?? 'unknown'} (${live?.raw ?? 'not known to the gateway'})`,
      exitCode: exit?.code ?? undefined,
      reason: exit?.reason,
      log: await shownLog(this.#context, deploymentId),
      next: `haute-ci local logs --deployment ${deploymentId}`,
    };
  }

  async #owner(environment: string) {
    const state = (await this.#context.store.read()) ?? EMPTY_STATE;
    return ownerOf(this.#context, state, environment);
  }
}
