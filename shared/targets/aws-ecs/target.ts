import { DeregisterTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import type {
  Capabilities,
  DeployOptions,
  Explanation,
  PlannedChange,
  RouteMark,
  RouteWatch,
  SettleOptions,
  Target,
} from '../../ports/target.ts';
import type { Deployment, EnvironmentState, Weights } from '../../release/deployment.ts';
import type { Release } from '../../release/release.ts';
import { type EcsContext, type EcsTargetOptions, ecsContext, SILENT } from './context.ts';
import { deploy } from './deploy.ts';
import { deploymentInUse, unknownDeployment } from './errors.ts';
import { explain } from './explain.ts';
import { isDeploymentId } from './names.ts';
import { planChanges } from './plan.ts';
import { turnOff, turnOn } from './power.ts';
import { describeEnvironment, neverDeployed } from './report.ts';
import { route } from './route.ts';
import { settle } from './settle.ts';
import { findSnapshot, type Snapshot } from './snapshot.ts';
import { readHistory, readMark, taggedRelease, tagsOf } from './tags.ts';
import { findTask } from './tasks.ts';

const YES = { can: true } as const;

/**
 * Releases on Amazon ECS: an environment is a service, a deployment a revision of its task definition. What serves, what
 * served before and who promotes is read from AWS alone: from the service, its deployments and tags.
 */
export class EcsTarget implements Target {
  readonly id = 'aws-ecs';
  readonly supports: Capabilities = {
    weights: YES,
    darkAddress: YES,
    pause: YES,
    deactivate: YES,
    scaleToZero: { can: false, why: 'a service of ECS that wants no tasks is not woken by a caller' },
    nativeRamp: YES,
    redeploy: YES,
  };
  readonly #context: EcsContext;

  constructor(options: EcsTargetOptions) {
    this.#context = ecsContext(options);
  }

  plan(release: Release, environment: string): Promise<readonly PlannedChange[]> {
    return planChanges(this.#context, release, environment);
  }

  deploy(release: Release, environment: string, options: DeployOptions): Promise<Deployment> {
    return deploy(this.#context, release, environment, options);
  }

  async inspect(environment: string): Promise<EnvironmentState> {
    const snapshot = await findSnapshot(this.#context, environment);
    return snapshot
      ? describeEnvironment(this.#context, snapshot)
      : neverDeployed(environment, this.#context.autoscaling(environment));
  }

  route(environment: string, weights: Weights, mark: RouteMark, watch?: RouteWatch): Promise<void> {
    const { signal, progress = SILENT.progress } = watch ?? {};
    return route(this.#context, environment, weights, mark, { signal, progress });
  }

  settle(environment: string, options: SettleOptions): Promise<void> {
    return settle(this.#context, environment, options);
  }

  /** A deployment that serves is turned off and on with its service; any other runs nowhere, and starts when it is given traffic. */
  async setActive(deploymentId: string, active: boolean, signal: AbortSignal): Promise<void> {
    await this.#known(deploymentId);
    for (const snapshot of await this.#servedBy(deploymentId)) {
      const watch = { signal, progress: SILENT.progress };
      await (active ? turnOn(this.#context, snapshot, watch) : turnOff(this.#context, snapshot, watch));
    }
  }

  async remove(deploymentId: string): Promise<void> {
    await this.#known(deploymentId);
    const [used] = await this.#usedBy(deploymentId);
    if (used) throw deploymentInUse(deploymentId, `the service ${used.service.serviceName} needs it`);
    await this.#context.aws.ask(`the task definition ${deploymentId}`, ({ ecs }, options) =>
      ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition: deploymentId }), options),
    );
    this.#context.tasks.delete(deploymentId);
  }

  async explain(deploymentId: string): Promise<Explanation> {
    await this.#known(deploymentId);
    const [used] = await this.#usedBy(deploymentId);
    if (used) return explain(this.#context, used.service, deploymentId);
    // One that was given up is held by nobody any more, and its tasks are known where it ran.
    for (const { service } of await this.#snapshots()) {
      const explained = await explain(this.#context, service, deploymentId);
      if (explained.reason !== undefined) return explained;
    }
    return explain(this.#context, undefined, deploymentId);
  }

  /** @throws ConfigError ECS-DEPLOYMENT-UNKNOWN for what is no deployment of ours */
  async #known(id: string): Promise<void> {
    const task = isDeploymentId(id) ? await findTask(this.#context, id) : undefined;
    if (!task || !taggedRelease(tagsOf(task.tags))) throw unknownDeployment(id);
  }

  async #servedBy(id: string): Promise<readonly Snapshot[]> {
    return (await this.#snapshots()).filter(({ serving }) => serving === id);
  }

  async #usedBy(id: string): Promise<readonly Snapshot[]> {
    return (await this.#snapshots()).filter(
      ({ serving, underWay, tags }) =>
        [serving, underWay?.to, readMark(tags)?.candidate].includes(id) || readHistory(tags)[0]?.deploymentId === id,
    );
  }

  /** Of the environments that are known: production, staging, those that the policy names, and those that were looked at. */
  async #snapshots(): Promise<readonly Snapshot[]> {
    const { policy, environments } = this.#context;
    const named = [...policy.create, ...Object.keys(policy.environments), ...environments];
    const names = new Set(['production', 'staging', ...named]);
    const found: Snapshot[] = [];
    for (const name of names) {
      const snapshot = await findSnapshot(this.#context, name);
      if (snapshot) found.push(snapshot);
    }
    return found;
  }
}
