import { Interrupted } from '../../shared/errors.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { DeployOptions, RouteMark, SettleOptions } from '../../shared/ports/target.ts';
import type { Autoscaling } from '../../shared/release/deployment.ts';
import { digestOf } from '../../shared/release/digest.ts';
import { rampPlan } from '../../shared/release/promotion/plan.ts';
import { newRelease, type Release } from '../../shared/release/release.ts';
import { Aws } from '../../shared/targets/aws-ecs/clients.ts';
import type { EcsTargetOptions } from '../../shared/targets/aws-ecs/context.ts';
import { readEcsPolicy } from '../../shared/targets/aws-ecs/policy.ts';
import { EcsTarget } from '../../shared/targets/aws-ecs/target.ts';
import { type Account, type AccountOptions, CONTAINER_PORT, furnish, pushImage } from '../fakes/aws/account.ts';
import type { FakeService } from '../fakes/aws/ecs/state.ts';
import { FakeAws } from '../fakes/aws/fake-aws.ts';

export const NEVER = new AbortController().signal;
export const STEADY: Autoscaling = {
  min: 1,
  max: 4,
  concurrency: 8,
  windowMs: 60_000,
  scaleDownDelayMs: 900_000,
  utilization: 70,
};

export interface BenchOptions extends AccountOptions {
  /** `[targets.aws-ecs]` of the policy. */
  readonly policy?: Readonly<Record<string, unknown>>;
  readonly Target?: new (options: EcsTargetOptions) => EcsTarget;
}

/** A target at an account of the fake, by whose time it waits. */
export interface EcsBench {
  readonly fake: FakeAws;
  readonly account: Account;
  readonly target: EcsTarget;
  readonly clock: Clock;
  /** What the target told while it waited. */
  readonly told: string[];
  /** Another target, as a later job would have one. */
  another(more?: Partial<EcsTargetOptions>): EcsTarget;
  /** A release whose image is in the registry. */
  release(label?: string): Release;
  deploying(more?: Partial<DeployOptions>): DeployOptions;
  /** The release of what has the production traffic of a service, by the tasks that run; undefined where none do. */
  servedBy(service: string): string | undefined;
  stop(): Promise<void>;
}

export async function startBench(options: BenchOptions = {}): Promise<EcsBench> {
  const fake = new FakeAws();
  await fake.start();
  const account = furnish(fake.world, options);
  const clock = clockOf(fake);
  const Made = options.Target ?? EcsTarget;
  const told: string[] = [];
  const settings: EcsTargetOptions = {
    aws: awsOf(fake),
    place: { region: fake.world.region, cluster: 'pricing', service: 'motor-pricing', stagingSuffix: '-staging' },
    policy: readEcsPolicy(options.policy),
    autoscaling: () => STEADY,
    clock,
    random: () => 0.5,
    redact: (text) => text.replaceAll('hunter2', '***'),
    healthPath: '/health',
    port: CONTAINER_PORT,
    ramp: rampPlan(600_000, 10, 0),
  };
  let labels = 0;
  return {
    fake,
    account,
    clock,
    told,
    target: new Made(settings),
    another: (more = {}) => new Made({ ...settings, aws: awsOf(fake), ...more }),
    release(label) {
      labels += 1;
      return releaseOf(fake, account, label ?? `release ${labels}`);
    },
    deploying: (more = {}) => ({
      fresh: false,
      autoscaling: STEADY,
      signal: NEVER,
      progress: (line) => void told.push(line),
      ...more,
    }),
    servedBy: (name) => servedBy(account, name),
    stop: () => fake.stop(),
  };
}

export function awsOf(fake: FakeAws): Aws {
  const { accessKeyId, secretAccessKey } = fake;
  return new Aws({
    region: fake.world.region,
    endpoint: fake.url,
    credentials: async () => ({ accessKeyId, secretAccessKey }),
    userAgent: 'haute-deploy/test',
  });
}

/** The fake's own time: to wait is to let it pass. */
function clockOf(fake: FakeAws): Clock {
  return {
    now: () => fake.world.now,
    async sleep(ms, signal) {
      if (signal.aborted) throw new Interrupted();
      fake.pass(ms);
    },
  };
}

function releaseOf(fake: FakeAws, account: Account, label: string): Release {
  const image = pushImage(fake.world, account.repository, label);
  const { account: id, region } = fake.world;
  const name = `${id}.dkr.ecr.${region}.amazonaws.com/${account.repository.name}`;
  return newRelease({
    schema: 'haute.release/1',
    project: 'motor',
    model: 'motor-pricing',
    commit: 'c'.repeat(40),
    target: 'aws-ecs',
    artifact: { kind: 'image', name, digest: image.digest as `sha256:${string}` },
    packageDigest: digestOf(`package ${label}`),
    manifestDigest: digestOf(`manifest ${label}`),
    engine: { name: 'haute', version: '0.6.0' },
  });
}

function servedBy({ cluster }: Account, name: string): string | undefined {
  const service = cluster.services.find((each) => each.name === name);
  const serving = service && most(service);
  const container = serving?.given.containerDefinitions.find((each) => each.environment !== undefined);
  const variables = (container?.environment ?? []) as readonly { readonly name: string; readonly value: string }[];
  return variables.find((each) => each.name === 'HAUTE_RELEASE_ID')?.value;
}

/** By weights where the service has them, by running tasks where it has none. */
function most(service: FakeService) {
  const running = service.tasks.filter(({ lastStatus }) => lastStatus === 'RUNNING').map(({ revision }) => revision);
  return running.toSorted((a, b) => b.productionWeight - a.productionWeight || b.createdAt - a.createdAt)[0]
    ?.taskDefinition;
}

export function mark(
  promotionId: string,
  candidate: string,
  current: string | undefined,
  more: Partial<RouteMark> = {},
): RouteMark {
  return { promotionId, candidate, current, run: 'terminal', paused: false, supersede: false, ...more };
}

export function settling(
  promotionId: string,
  keep: string,
  previous: string | undefined,
  outcome: SettleOptions['outcome'] = 'promoted',
): SettleOptions {
  return { promotionId, keep, previous, outcome, previousPolicy: 'keep', rollbackWindowMs: 60_000, evidence: '' };
}

/** Deploys a release and gives it all traffic. @returns its deployment id */
export async function promote(
  bench: Pick<EcsBench, 'target' | 'deploying'>,
  release: Release,
  environment = 'production',
): Promise<string> {
  const before = (await bench.target.inspect(environment)).current?.id;
  const { id } = await bench.target.deploy(release, environment, bench.deploying());
  const promotion = `p-${id}`;
  await bench.target.route(environment, { [id]: 100 }, mark(promotion, id, before));
  await bench.target.settle(environment, settling(promotion, id, before));
  return id;
}
