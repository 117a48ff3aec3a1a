import { afterEach, describe, expect, it } from 'vitest';
import { ConfigError, messageOf, ProviderError } from '../../shared/errors.ts';
import { digestOf } from '../../shared/release/digest.ts';
import { newRelease, type Release } from '../../shared/release/release.ts';
import { Aws } from '../../shared/targets/aws-ecs/clients.ts';
import { definitionOf, LOG_GROUP } from '../fakes/aws/account.ts';
import { AwsError } from '../fakes/aws/aws-error.ts';
import type { Wire } from '../fakes/aws/ecs/state.ts';
import { type BenchOptions, type EcsBench, mark, promote, startBench } from './target-bench.ts';

let bench: EcsBench;
afterEach(async () => {
  await bench.stop();
});

async function failure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => {
      throw new Error('it was accepted');
    },
    (error: unknown) => error,
  );
}

const deploy = (release: Release = bench.release()) => bench.target.deploy(release, 'production', bench.deploying());

function imageAt(name: string): Release {
  const { core } = bench.release();
  return newRelease({ ...core, artifact: { kind: 'image', name, digest: digestOf('not pushed') } });
}

interface Cause {
  readonly options?: BenchOptions;
  /** What is wrong with the account. */
  readonly spoil?: () => void;
  readonly release?: () => Release;
  /** The message that leads to the mending. */
  readonly says: RegExp;
}

const CAUSES: Readonly<Record<string, Cause>> = {
  'the service is not there': {
    options: { serviceName: 'another' },
    says: /ECS-SERVICE-MISSING.*motor-pricing in the cluster pricing|no service motor-pricing.*ECS-SERVICE-MISSING/,
  },
  'the cluster is not there': {
    spoil: () => void Object.assign(bench.account.cluster, { status: 'INACTIVE' }),
    says: /no cluster pricing in eu-west-1.*ECS-CLUSTER-MISSING/,
  },
  'the service is being deleted': {
    spoil: () => void Object.assign(bench.account.service, { status: 'DRAINING' }),
    says: /is DRAINING.*ECS-SERVICE-INACTIVE/,
  },
  'the service was deleted': {
    spoil: () => void Object.assign(bench.account.service, { status: 'INACTIVE' }),
    says: /ECS-SERVICE-MISSING/,
  },
  'two containers, and none is named': {
    options: { taskDefinition: twoContainers() },
    says: /2 containers \(app, proxy\).*ECS-CONTAINER-UNCLEAR.*Name it as container/,
  },
  'a container that is not there is named': {
    options: { policy: { container: 'pricing' } },
    says: /no container pricing; it has app.*ECS-CONTAINER-MISSING/,
  },
  'the image was never pushed': {
    release: () => imageAt('123456789012.dkr.ecr.eu-west-1.amazonaws.com/pricing/motor'),
    says: /is not in the repository pricing\/motor of account 123456789012 in eu-west-1.*ECS-IMAGE-MISSING.*build-push/,
  },
  'the image is in another region': {
    release: () => imageAt('123456789012.dkr.ecr.us-east-1.amazonaws.com/pricing/motor'),
    says: /in us-east-1.*ECS-IMAGE-MISSING.*account and the region/,
  },
  'the image is in another account': {
    release: () => imageAt('999999999999.dkr.ecr.eu-west-1.amazonaws.com/pricing/motor'),
    says: /of account 999999999999 in eu-west-1.*ECS-IMAGE-MISSING.*account and the region/,
  },
  'the release is no image': {
    release: () => {
      const { core } = bench.release();
      return newRelease({ ...core, artifact: { kind: 'package', digest: core.packageDigest } });
    },
    says: /built as package.*ECS-ARTIFACT/,
  },
  'the log group is not there': {
    spoil: () => void bench.fake.world.logs.groups.delete(LOG_GROUP),
    says: /log group \/ecs\/motor-pricing.*ECS-LOG-GROUP-MISSING/,
  },
  'the port is another one than in haute.toml': {
    options: {
      taskDefinition: { ...portOf(9000) },
      balanced: false,
      policy: { environments: { production: { url: 'http://x' } } },
    },
    says: /opens port 9000, and the application listens on 8080.*ECS-LOAD-BALANCER.*haute\.toml/,
  },
  'nobody knows where the service answers': {
    options: { balanced: false },
    says: /no load balancer.*ECS-ADDRESS-UNKNOWN.*url under \[targets\.aws-ecs\.environments\.production\]/,
  },
  'a permission is missing': {
    spoil: () =>
      bench.fake.fail(
        'RegisterTaskDefinition',
        new AwsError(
          'AccessDeniedException',
          'User: arn:aws:iam::123456789012:user/ci is not authorized to perform: iam:PassRole on resource: arn:aws:iam::123456789012:role/pricing-task because no identity-based policy allows the iam:PassRole action',
        ),
      ),
    says: /may not do iam:PassRole on arn:aws:iam::123456789012:role\/pricing-task.*AWS-ACCESS-DENIED.*ecs-tasks\.amazonaws\.com/,
  },
};

function twoContainers(): Wire {
  return {
    containerDefinitions: [
      { name: 'app', image: 'app', portMappings: [{ containerPort: 8080 }] },
      { name: 'proxy', image: 'proxy' },
    ],
  };
}

function portOf(containerPort: number): Wire {
  return { containerDefinitions: [{ name: 'app', image: 'app', portMappings: [{ containerPort }] }] };
}

describe('before anything is changed', () => {
  it.each(Object.entries(CAUSES))('is refused: %s', async (_what, { options, spoil, release, says }) => {
    bench = await startBench(options);
    const asked = release?.() ?? bench.release();
    spoil?.();
    const refused = await failure(deploy(asked));
    expect(messageOf(refused)).toMatch(says);
    expect(bench.fake.callsOf('UpdateService')).toEqual([]);
    expect(bench.fake.callsOf('CreateService')).toEqual([]);
  });

  it.each(['CODE_DEPLOY', 'EXTERNAL'] as const)('is refused at a service of %s', async (controller) => {
    bench = await startBench({ controller });
    expect(messageOf(await failure(deploy()))).toMatch(new RegExp(`deployed by ${controller}.*ECS-CONTROLLER`));
  });

  it('is said of an image for another architecture', async () => {
    bench = await startBench();
    const { pushImage } = await import('../fakes/aws/account.ts');
    const both = pushImage(bench.fake.world, bench.account.repository, 'both', ['linux/arm64', 'linux/ppc64le']);
    const { core } = bench.release();
    const name = `123456789012.dkr.ecr.eu-west-1.amazonaws.com/${bench.account.repository.name}`;
    const release = newRelease({
      ...core,
      artifact: { kind: 'image', name, digest: both.digest as `sha256:${string}` },
    });
    expect(messageOf(await failure(deploy(release)))).toMatch(
      /for linux\/arm64, linux\/ppc64le.*runs on linux\/amd64.*ECS-IMAGE-ARCHITECTURE.*platforms/,
    );
  });

  it('goes on without what it may not look at, and names the permission', async () => {
    bench = await startBench();
    const denied = new AwsError(
      'AccessDeniedException',
      'User: x is not authorized to perform: logs:DescribeLogGroups on resource: arn:aws:logs:eu-west-1:123456789012:log-group:* because no identity-based policy allows it',
    );
    bench.fake.fail('DescribeLogGroups', denied);
    await deploy();
    expect(bench.told.join('\n')).toMatch(/the log groups could not be looked at.*logs:DescribeLogGroups/);
  });

  it('says of a health check at another path what the application answers at', async () => {
    bench = await startBench();
    Object.assign(bench.account.balancer.blue, { healthCheckPath: '/ping' });
    const plan = await bench.target.plan(bench.release(), 'production');
    expect(plan.map(({ detail }) => detail).join('\n')).toMatch(
      /motor-blue asks \/ping; the application answers at \/health/,
    );
  });

  it('explains a region that there is not', async () => {
    bench = await startBench();
    const nowhere = new Aws({
      region: 'eu-wset-1',
      endpoint: 'http://ecs.eu-wset-1.invalid',
      credentials: async () => ({ accessKeyId: 'a', secretAccessKey: 'b' }),
      userAgent: 'haute-deploy/test',
    });
    const refused = await failure(bench.another({ aws: nowhere }).inspect('production'));
    expect(refused).toBeInstanceOf(ConfigError);
    expect(messageOf(refused)).toMatch(/region eu-wset-1 .*AWS-REGION.*\[deploy\.aws-ecs\] in haute\.toml/);
  });

  it('says that AWS stays busy, after it was asked again', async () => {
    bench = await startBench();
    const { accessKeyId, secretAccessKey } = bench.fake;
    const aws = new Aws({
      region: 'eu-west-1',
      endpoint: bench.fake.url,
      credentials: async () => ({ accessKeyId, secretAccessKey }),
      userAgent: 'haute-deploy/test',
      maxAttempts: 2,
    });
    bench.fake.fail('DescribeServices', 'throttle', 2);
    const refused = await failure(bench.another({ aws }).inspect('production'));
    expect(refused).toMatchObject({ problem: { code: 'AWS-BUSY' }, retryable: true });
    expect(bench.fake.callsOf('DescribeServices')).toHaveLength(2);
  });

  it('explains credentials that AWS does not know', async () => {
    bench = await startBench();
    const strange = new Aws({
      region: 'eu-west-1',
      endpoint: bench.fake.url,
      credentials: async () => ({ accessKeyId: 'AKIASTRANGE', secretAccessKey: 'b' }),
      userAgent: 'haute-deploy/test',
    });
    const refused = await failure(bench.another({ aws: strange }).inspect('production'));
    expect(messageOf(refused)).toMatch(/AWS-CREDENTIALS-MISSING/);
  });
});

describe('credentials that run out in the middle', () => {
  const EXPIRING = 'ASIAEXPIRING00000000';

  function holding(next: string) {
    let given = 0;
    const { fake } = bench;
    for (const id of [EXPIRING, next]) {
      if (fake.world.credentials.has(id)) continue;
      const user = { arn: 'arn:aws:sts::123456789012:assumed-role/ci/run', userId: 'AROA:run' };
      fake.world.credentials.set(id, { ...user, token: 't', policy: undefined, expired: false });
    }
    const aws = new Aws({
      region: fake.world.region,
      endpoint: fake.url,
      credentials: async () => {
        given += 1;
        return { accessKeyId: given === 1 ? EXPIRING : next, secretAccessKey: 's', sessionToken: 't' };
      },
      userAgent: 'haute-deploy/test',
    });
    return { target: bench.another({ aws }), given: () => given };
  }

  function expire(): void {
    const known = bench.fake.world.credentials.get(EXPIRING);
    if (known) bench.fake.world.credentials.set(EXPIRING, { ...known, expired: true });
  }

  it('are renewed, and the wait goes on', async () => {
    bench = await startBench();
    const first = await promote(bench, bench.release());
    const { target, given } = holding('ASIARENEWED000000000');
    const { id } = await target.deploy(bench.release(), 'production', bench.deploying());
    const progress = (line: string) => {
      if (line.includes('IN_PROGRESS')) expire();
    };
    await target.route('production', { [id]: 100 }, mark('p', id, first), { progress });
    expect((await target.inspect('production')).weights).toEqual({ [id]: 100 });
    expect(given()).toBeGreaterThan(1);
  });

  it('are explained where no others can be had, and the deployment is taken up by the next run', async () => {
    bench = await startBench();
    const first = await promote(bench, bench.release());
    const { target } = holding(EXPIRING);
    const { id } = await target.deploy(bench.release(), 'production', bench.deploying());
    const progress = (line: string) => {
      if (line.includes('IN_PROGRESS')) expire();
    };
    const ended = await failure(target.route('production', { [id]: 100 }, mark('p', id, first), { progress }));
    expect(ended).toBeInstanceOf(ProviderError);
    expect(messageOf(ended)).toMatch(/AWS-CREDENTIALS-EXPIRED.*taken anew/);
    expect((await bench.target.inspect('production')).promotion?.candidate).toBe(id);
  });
});

describe('the definition that a platform team registered', () => {
  it('keeps what is empty on purpose', async () => {
    bench = await startBench();
    const { putTaskDefinition } = await import('../fakes/aws/ecs/task-definitions.ts');
    const { world } = bench.fake;
    const given = definitionOf(world, bench.account.image.digest);
    const [container] = given.containerDefinitions as readonly Wire[];
    const environment = [{ name: 'EMPTY', value: '' }];
    const made = putTaskDefinition(world, { ...given, containerDefinitions: [{ ...container, environment }] });
    const { serviceHandlers } = await import('../fakes/aws/ecs/services.ts');
    const update = { cluster: 'pricing', service: 'motor-pricing', taskDefinition: made.arn };
    serviceHandlers.UpdateService?.(world, update, { arn: '', userId: '', endpoint: '' });
    bench.fake.pass(600_000);
    await deploy();
    const [call] = bench.fake.callsOf('RegisterTaskDefinition');
    const [registered] = (call?.input.containerDefinitions ?? []) as readonly Wire[];
    expect(registered?.environment).toContainEqual({ name: 'EMPTY', value: '' });
  });
});
