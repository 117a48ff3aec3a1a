import { Interrupted } from '../../errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { StoredManifest } from '../../ports/registry.ts';
import type {
  Capabilities,
  DeployOptions,
  Explanation,
  PlannedChange,
  RouteMark,
  SettleOptions,
  Target,
} from '../../ports/target.ts';
import type { Autoscaling, Deployment, EnvironmentState, ServingAddress, Weights } from '../../release/deployment.ts';
import type { Digest } from '../../release/digest.ts';
import { describeRelease, type Release } from '../../release/release.ts';
import { Environments, type EnvironmentsOptions } from './environments.ts';
import {
  badWeights,
  cannot,
  imageMissing,
  inUse,
  notSettled,
  otherRepository,
  tagMovedByOthers,
  unknownDeployment,
  unknownEnvironment,
  wrongArtifact,
} from './errors.ts';
import type { ContainerPolicy } from './policy.ts';
import { deploymentId, withDeployment, withMark, withSettled } from './record.ts';
import { describeDeployment, describeEnvironment, neverDeployed, strayed } from './report.ts';
import { type EnvironmentRecord, emptyRecord } from './schema.ts';

const NO_SERVERS = 'it moves tags in a registry; the servers that pull them are started by others';
const ONE_TAG = 'a tag names one image, so all traffic moves at once; write ramp = "0s", or leave the ramp out';
/** The longest that one move of a tag may take, with everything that is read before and after it. */
const CALL_TIMEOUT_MS = 5 * 60_000;
/** What a promotion may take besides waiting for servers: a runner that is silent for longer is taken for gone. */
const SILENCE_MS = 15 * 60_000;

export interface ContainerTargetOptions extends EnvironmentsOptions {
  readonly policy: Pick<ContainerPolicy, 'patienceMs'>;
  /** Where an environment answers, by the project's files; undefined where they do not say. */
  readonly url: (environment: string) => string | undefined;
  /** What its address is asked with: secret. @throws ConfigError for what is no header */
  readonly headers: (environment: string) => Readonly<Record<string, string>>;
  readonly autoscaling: (environment: string) => Autoscaling;
  readonly clock: Clock;
}

/**
 * Environments that are tags of one repository: a platform of the user's pulls them. Deploying and promoting move a
 * tag by digest; what serves is asked at the addresses that the project's files name.
 */
export class ContainerTarget implements Target {
  readonly id = 'container';
  readonly supports: Capabilities = {
    weights: { can: false, why: ONE_TAG },
    darkAddress: { can: false, why: NO_SERVERS },
    pause: { can: true },
    deactivate: { can: false, why: NO_SERVERS },
    scaleToZero: { can: false, why: NO_SERVERS },
    nativeRamp: { can: false, why: 'a tag is moved at once' },
    redeploy: { can: false, why: 'a deployment is the image itself, and there is one of it' },
  };
  readonly #options: ContainerTargetOptions;
  readonly #environments: Environments;

  constructor(options: ContainerTargetOptions) {
    this.#options = options;
    this.#environments = new Environments(options);
  }

  async plan(release: Release, environment: string): Promise<readonly PlannedChange[]> {
    const signal = callSignal();
    const record = await this.#environments.read(environment, signal);
    const served = await this.#environments.served(environment, signal);
    const image = this.#imageOf(release);
    const tag = `tag ${this.#environments.reference(environment)}`;
    const move = { subject: tag, detail: `from ${served ?? 'nothing'} to ${image}, all at once` };
    return [
      record
        ? {
            action: 'keep',
            subject: `environment ${environment}`,
            detail: `its record is in ${this.#environments.name}`,
          }
        : { action: 'create', subject: `environment ${environment}`, detail: 'its record is kept beside its tag' },
      served === image
        ? { action: 'keep', subject: tag, detail: `names ${describeRelease(release)} already` }
        : { action: served === undefined ? 'create' : 'update', ...move },
    ];
  }

  async deploy(release: Release, environment: string, options: DeployOptions): Promise<Deployment> {
    if (options.signal.aborted) throw new Interrupted();
    if (options.fresh) throw cannot('make another deployment of the same release', 'a deployment is the image itself');
    const { signal } = options;
    const image = this.#imageOf(release);
    await this.#stored(image, signal);
    const known = await this.#environments.read(environment, signal);
    const record = known ?? emptyRecord(environment, await this.#environments.served(environment, signal));
    const next = withDeployment(record, release, image, this.#now());
    const id = deploymentId(release.id);
    if (known?.deployments[id] === undefined) await this.#environments.write(next, signal);
    const deployment = describeDeployment(next, id, this.#environments.name);
    if (!deployment) throw new Error('the deployment was not recorded');
    return deployment;
  }

  async inspect(environment: string): Promise<EnvironmentState> {
    const { autoscaling, clock } = this.#options;
    const signal = callSignal();
    const record = await this.#environments.read(environment, signal);
    const served = await this.#environments.served(environment, signal);
    if (record === undefined) return neverDeployed(environment, autoscaling(environment), served);
    return describeEnvironment({
      record,
      repository: this.#environments.name,
      served,
      ...this.#address(environment),
      autoscaling: autoscaling(environment),
      nowMs: clock.now(),
    });
  }

  /** The mark is written before the tag is moved: a move that was cut off is always one that somebody can read. */
  async route(environment: string, weights: Weights, mark: RouteMark): Promise<void> {
    const signal = callSignal();
    const record = await this.#record(environment, signal);
    const image = await this.#wanted(record, weights, signal);
    const served = await this.#environments.served(environment, signal);
    const marked = withMark(record, mark, this.#times());
    const astray = strayed(record, served);
    if (astray && !mark.supersede) throw this.#moved(record, served);
    await this.#environments.write(marked, signal);
    if (image === undefined) await this.#environments.clear(environment, signal);
    else if (image !== 'as it is') await this.#environments.move(environment, image, signal);
    // Somebody else may have read the same record at the same time and written after us.
    withMark(await this.#record(environment, signal), { ...mark, supersede: false }, this.#times());
  }

  async settle(environment: string, options: SettleOptions): Promise<void> {
    const signal = callSignal();
    const record = await this.#record(environment, signal);
    const settled = withSettled(record, options, this.#now());
    const served = await this.#environments.served(environment, signal);
    const kept = record.deployments[options.keep]?.image;
    // Only where nothing was ever promoted: later, a tag that is gone is no way back.
    const isFirst = record.history.length === 0;
    const isEmptyAgain = isFirst && options.outcome === 'reverted' && served === (record.before ?? undefined);
    if (served !== kept && !isEmptyAgain)
      throw notSettled(this.#environments.reference(environment), served ?? 'nothing');
    await this.#environments.write(settled, signal);
  }

  async setActive(): Promise<void> {
    throw cannot('start or stop servers', NO_SERVERS);
  }

  async remove(deploymentIdToForget: string): Promise<void> {
    const signal = callSignal();
    const records = await this.#recordsWith(deploymentIdToForget, signal);
    if (records.length === 0) throw unknownDeployment(deploymentIdToForget);
    const users = records.filter(({ promotion, history }) =>
      [promotion?.candidate, promotion?.current, history[0]?.deploymentId].includes(deploymentIdToForget),
    );
    if (users.length > 0)
      throw inUse(
        deploymentIdToForget,
        users.map((record) => record.environment),
      );
    for (const record of records) {
      const deployments = Object.entries(record.deployments).filter(([id]) => id !== deploymentIdToForget);
      await this.#environments.write({ ...record, deployments: Object.fromEntries(deployments) }, signal);
    }
  }

  async explain(id: string): Promise<Explanation> {
    const signal = callSignal();
    const [record] = await this.#recordsWith(id, signal);
    const found = record?.deployments[id];
    if (found === undefined) throw unknownDeployment(id);
    const reference = `${this.#environments.name}@${found.image}`;
    const isThere = (await this.#environments.image(found.image, signal)) !== undefined;
    return {
      summary: `deployment ${id} is the image ${reference}, ${isThere ? 'which is in the registry' : 'which the registry has no more'}`,
      exitCode: undefined,
      reason: undefined,
      log: [],
      next: `look at the servers that pull ${reference}: this suite did not start them`,
    };
  }

  /** The manifest that the tag is to name: `as it is` where it is not to be touched, undefined where it is to name nothing. */
  async #wanted(
    record: EnvironmentRecord,
    weights: Weights,
    signal: AbortSignal,
  ): Promise<StoredManifest | 'as it is' | undefined> {
    const id = onlyOne(weights);
    if (id !== undefined) {
      const deployment = record.deployments[id];
      if (deployment === undefined) throw unknownDeployment(id);
      return this.#stored(deployment.image, signal);
    }
    const { before } = record;
    const served = await this.#environments.served(record.environment, signal);
    if (served === (before ?? undefined)) return 'as it is';
    return before === null ? undefined : this.#stored(before, signal);
  }

  async #stored(image: Digest, signal: AbortSignal): Promise<StoredManifest> {
    const found = await this.#environments.image(image, signal);
    if (found === undefined) throw imageMissing(`${this.#environments.name}@${image}`);
    return found;
  }

  async #record(environment: string, signal: AbortSignal): Promise<EnvironmentRecord> {
    const record = await this.#environments.read(environment, signal);
    if (record === undefined) throw unknownEnvironment(environment);
    return record;
  }

  async #recordsWith(id: string, signal: AbortSignal): Promise<readonly EnvironmentRecord[]> {
    const names = await this.#environments.names(signal);
    const records = await Promise.all(names.map((name) => this.#environments.read(name, signal)));
    return records.filter((record) => record?.deployments[id] !== undefined) as EnvironmentRecord[];
  }

  #imageOf({ core }: Pick<Release, 'core'>): Digest {
    const { artifact } = core;
    if (artifact.kind !== 'image') throw wrongArtifact(artifact.kind);
    if (artifact.name !== this.#environments.name) throw otherRepository(artifact.name, this.#environments.name);
    return artifact.digest;
  }

  #address(environment: string): { address: ServingAddress | undefined; noAddress: string | undefined } {
    const { url, headers, policy } = this.#options;
    const found = url(environment);
    const reference = this.#environments.reference(environment);
    if (found !== undefined)
      return {
        address: {
          url: found,
          wire: 'haute',
          headers: headers(environment),
          pulled: { reference, patienceMs: policy.patienceMs },
        },
        noAddress: undefined,
      };
    const key =
      environment === 'staging' || environment === 'production'
        ? `[ci.${environment}] endpoint_url in haute.toml`
        : `${environment} under [targets.container] urls in haute.release.toml`;
    return { address: undefined, noAddress: `others serve ${reference}, and ${key} does not say where` };
  }

  #moved(record: EnvironmentRecord, served: Digest | undefined) {
    const last = record.history[0]?.deploymentId ?? '';
    const expected = record.deployments[last]?.image ?? 'nothing';
    return tagMovedByOthers(this.#environments.reference(record.environment), served ?? 'nothing', expected);
  }

  #times(): { readonly at: string; readonly aliveUntil: string } {
    const { clock, policy } = this.#options;
    return { at: this.#now(), aliveUntil: new Date(clock.now() + policy.patienceMs + SILENCE_MS).toISOString() };
  }

  #now(): string {
    return new Date(this.#options.clock.now()).toISOString();
  }
}

/** The deployment that is to have everything; undefined for none. */
function onlyOne(weights: Weights): string | undefined {
  const entries = Object.entries(weights).filter(([, weight]) => weight !== 0);
  const [first, ...more] = entries;
  if (first === undefined) return undefined;
  if (more.length > 0) throw badWeights(`it is split between ${entries.map(([id]) => id).join(' and ')}`);
  if (first[1] !== 100) throw badWeights(`${first[1]} % is not all of it`);
  return first[0];
}

function callSignal(): AbortSignal {
  return AbortSignal.timeout(CALL_TIMEOUT_MS);
}
