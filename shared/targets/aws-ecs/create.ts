import { type Problem, throwIfAny } from '../../errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Federation } from '../../ports/identity.ts';
import type { Project } from '../../project/project.ts';
import { autoscalingOf, DEFAULT_RAMP_MS } from '../../release/policy.ts';
import { rampPlan } from '../../release/promotion/plan.ts';
import { Aws } from './clients.ts';
import { givenCredentials, roleCredentials, roleOf } from './credentials.ts';
import { type EcsPolicy, environmentPolicy, readEcsPolicy } from './policy.ts';
import { EcsTarget } from './target.ts';

/** What the target uses of the outside. */
export interface EcsOutside {
  /** Variables of the run, the project's own file included: credentials may be among them. */
  readonly env: Readonly<Record<string, string>>;
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** Hides secrets in what tasks logged. */
  readonly redact: (text: string) => string;
  /** Takes roles by the job's own token; undefined where the job has none. */
  readonly federation: Pick<Federation, 'aws'> | undefined;
  /** `haute-deploy/1.2.3`. */
  readonly userAgent: string;
}

/** The path that Haute's application answers a health check at. */
const HEALTH_PATH = '/health';

/** The target of a project. Asks nobody anything yet. @throws ConfigError ECS-CONFIG, ECS-POLICY */
export function createEcsTarget(project: Pick<Project, 'config' | 'policy'>, outside: EcsOutside): EcsTarget {
  const { config, policy } = project;
  const { awsEcs, container, modelName } = config.deploy;
  throwIfAny(missing(awsEcs));
  const own = withUrls(readEcsPolicy(policy.targets['aws-ecs']), config.ci);
  const { clock, federation, random, redact, userAgent } = outside;
  const { region } = awsEcs;
  const roleArn = roleOf(own.role, outside.env, federation);
  const sessionMs = own.roleSessionMs;
  const credentials = roleArn
    ? roleCredentials({ roleArn, region, session: modelName, sessionMs, federation, clock })
    : givenCredentials(outside.env);
  const { rampMs = DEFAULT_RAMP_MS, stages, patienceMs } = policy.promotion;
  return new EcsTarget({
    aws: new Aws({ region, endpoint: undefined, credentials, userAgent }),
    place: { ...awsEcs, stagingSuffix: config.ci.stagingSuffix },
    policy: own,
    autoscaling: (environment) => autoscalingOf(policy, environment),
    clock,
    random,
    redact,
    healthPath: HEALTH_PATH,
    port: container.port,
    ramp: rampPlan(rampMs, stages, patienceMs),
  });
}

/** Addresses that haute.toml has already need not be written again. */
function withUrls(policy: EcsPolicy, urls: Project['config']['ci']): EcsPolicy {
  const known = { production: urls.productionUrl, staging: urls.stagingUrl };
  const environments = Object.entries(known).map(([name, known]) => {
    const own = environmentPolicy(policy, name);
    return [name, { ...own, url: own.url ?? known?.replace(/\/+$/, '') }] as const;
  });
  return { ...policy, environments: { ...policy.environments, ...Object.fromEntries(environments) } };
}

function missing(place: Project['config']['deploy']['awsEcs']): readonly Problem[] {
  return (['region', 'cluster', 'service'] as const)
    .filter((key) => place[key] === '')
    .map((key) => ({
      code: 'ECS-CONFIG',
      what: `${key} is not set under [deploy.aws-ecs]`,
      fix: `Write the ${key} of the production service there`,
      place: { file: 'haute.toml' },
    }));
}
