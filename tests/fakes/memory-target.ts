import { GateFailure } from '../../shared/errors.ts';
import type {
  DeployOptions,
  Explanation,
  PlannedChange,
  RouteMark,
  SettleOptions,
  Target,
} from '../../shared/ports/target.ts';
import type {
  Deployment,
  EnvironmentState,
  HistoryEntry,
  PromotionMark,
  Weights,
} from '../../shared/release/deployment.ts';
import type { Release } from '../../shared/release/release.ts';

interface Environment {
  weights: Weights;
  mark: (RouteMark & { owner: PromotionMark['owner'] }) | undefined;
  history: HistoryEntry[];
  /** What serves and is no release, until traffic is given to one. */
  foreign?: string | undefined;
}

/** A target in memory: deployments are records, environments are weights. */
export class MemoryTarget implements Target {
  readonly id = 'local';
  readonly supports = {
    weights: { can: true },
    darkAddress: { can: true },
    pause: { can: true },
    deactivate: { can: true },
    scaleToZero: { can: true },
    nativeRamp: { can: false, why: 'nobody moves it' },
    redeploy: { can: true },
  } as const;
  readonly deployments = new Map<string, Deployment>();
  readonly #environments = new Map<string, Environment>();
  /** Called before each method; may throw. */
  before: (method: string) => void = () => undefined;

  environment(name: string): Environment {
    const environment = this.#environments.get(name) ?? { weights: {}, mark: undefined, history: [] };
    this.#environments.set(name, environment);
    return environment;
  }

  /** The deployment that an address belongs to: its own, or the one with most of the environment's traffic. */
  behind(url: string): Deployment | undefined {
    const [, kind, name = ''] = /^http:\/\/(deployment|environment)\/(.+)$/.exec(url) ?? [];
    if (kind === 'deployment') return this.deployments.get(name);
    const [most] = Object.entries(this.environment(name).weights).toSorted((a, b) => b[1] - a[1]);
    return most && this.deployments.get(most[0]);
  }

  async plan(release: Release, environment: string): Promise<readonly PlannedChange[]> {
    return [{ action: 'create', subject: `environment ${environment}`, detail: release.id }];
  }

  async deploy(release: Release, _environment: string, options: DeployOptions): Promise<Deployment> {
    this.before('deploy');
    const existing = [...this.deployments.values()].find((each) => each.releaseId === release.id);
    if (existing && !options.fresh) return existing;
    const id = `d-${this.deployments.size + 1}`;
    const deployment: Deployment = {
      id,
      releaseId: release.id,
      packageDigest: release.core.packageDigest,
      status: 'active',
      rawStatus: 'running',
      address: { url: `http://deployment/${id}`, wire: 'haute' },
      createdAt: '2026-01-01T00:00:00.000Z',
      replicas: 1,
    };
    this.deployments.set(id, deployment);
    return deployment;
  }

  async inspect(name: string): Promise<EnvironmentState> {
    const { weights, mark, history, foreign } = this.environment(name);
    const find = (id: string | undefined): Deployment | undefined =>
      id === undefined ? undefined : this.deployments.get(id);
    return {
      name,
      address: { url: `http://environment/${name}`, wire: 'haute' },
      weights,
      ...(foreign !== undefined && { foreign }),
      current: find(history[0]?.deploymentId),
      candidate: find(mark?.candidate),
      promotion: mark && {
        id: mark.promotionId,
        candidate: mark.candidate,
        current: mark.current,
        startedAt: '2026-01-01T00:00:00.000Z',
        run: mark.run,
        owner: mark.paused ? 'paused' : mark.owner,
      },
      history,
      deployments: [...this.deployments.values()],
      autoscaling: { min: 1, max: 1, concurrency: 8, windowMs: 60_000, scaleDownDelayMs: 900_000, utilization: 70 },
    };
  }

  async route(name: string, weights: Weights, mark: RouteMark): Promise<void> {
    this.before('route');
    const environment = this.environment(name);
    if (environment.mark && environment.mark.promotionId !== mark.promotionId && !mark.supersede) {
      throw new GateFailure({ code: 'PROMOTION-ACTIVE', what: `held by ${environment.mark.promotionId}`, fix: 'wait' });
    }
    const serves = environment.history[0]?.deploymentId;
    if (!environment.mark && serves !== mark.current) {
      throw new GateFailure({ code: 'ENVIRONMENT-MOVED', what: `${serves} serves, not ${mark.current}`, fix: 'look' });
    }
    environment.weights = weights;
    if (Object.keys(weights).length > 0) environment.foreign = undefined;
    environment.mark = { ...mark, owner: 'alive' };
  }

  async settle(name: string, options: SettleOptions): Promise<void> {
    this.before('settle');
    const environment = this.environment(name);
    environment.mark = undefined;
    const releaseId = this.deployments.get(options.keep)?.releaseId;
    if (options.outcome === 'reverted' || !releaseId) return;
    environment.history.unshift({
      deploymentId: options.keep,
      releaseId,
      settledAt: '2026-01-01T00:00:00.000Z',
      evidence: options.evidence,
    });
  }

  async setActive(deploymentId: string, active: boolean): Promise<void> {
    const deployment = this.deployments.get(deploymentId);
    if (deployment) this.deployments.set(deploymentId, { ...deployment, status: active ? 'active' : 'inactive' });
  }

  async remove(deploymentId: string): Promise<void> {
    this.deployments.delete(deploymentId);
  }

  async explain(): Promise<Explanation> {
    return { summary: '', exitCode: undefined, reason: undefined, log: [], next: 'look at the log' };
  }
}
