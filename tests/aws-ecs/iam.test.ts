import { describe, expect, it } from 'vitest';
import { messageOf } from '../../shared/errors.ts';
import { EcrLogin } from '../../shared/image/login/ecr-login.ts';
import { rampPlan } from '../../shared/release/promotion/plan.ts';
import type { Statement } from '../../shared/targets/aws-ecs/iam/document.ts';
import type { IamRequest } from '../../shared/targets/aws-ecs/iam/place.ts';
import { iamPolicy } from '../../shared/targets/aws-ecs/iam/policy.ts';
import { BALANCER_ROLE, EXECUTION_ROLE, LOG_GROUP, TASK_ROLE } from '../fakes/aws/account.ts';
import type { PolicyDocument } from '../fakes/aws/iam/evaluate.ts';
import { type BenchOptions, type EcsBench, mark, NEVER, promote, settling, startBench } from './target-bench.ts';

const PLACE: Omit<IamRequest, 'steps' | 'features'> = {
  account: '123456789012',
  region: 'eu-west-1',
  cluster: 'pricing',
  service: { production: 'motor-pricing', staging: 'motor-pricing-staging' },
  family: 'motor-pricing',
  repository: 'pricing/motor',
  logGroup: LOG_GROUP,
  taskRoles: [TASK_ROLE, EXECUTION_ROLE],
  balancerRole: BALANCER_ROLE,
  secretPrefix: 'motor/',
  self: 'ci',
};
const LINEAR = { strategy: 'LINEAR', linearConfiguration: { stepPercent: 25, stepBakeTimeInMinutes: 1 } } as const;
const BREAKER = { deploymentCircuitBreaker: { enable: true, rollback: true } };
const CREATE = { create: ['staging'], environments: { staging: { url: 'http://staging.example.com' } } };

/** What a role does in a pipeline. What it ends with is told as text, a failure too. */
interface Flow {
  readonly name: string;
  readonly role: Pick<IamRequest, 'steps' | 'features'>;
  readonly options?: BenchOptions;
  /** What was there before, done by somebody who may do everything. */
  readonly before?: (bench: EcsBench) => Promise<string>;
  readonly act: (bench: EcsBench, first: string) => Promise<unknown>;
  /** What it ends with is a failure that has nothing to do with permissions. */
  readonly fails?: true;
}

const promoted = (bench: EcsBench) => promote(bench, bench.release());
const moved = async (bench: EcsBench, first: string) => {
  const ramp = rampPlan(600_000, 10, 0);
  const candidate = await bench.target.deploy(bench.release(), 'production', bench.deploying({ ramp }));
  await bench.target.route('production', { [candidate.id]: 50, [first]: 50 }, mark('p', candidate.id, first));
  return candidate.id;
};

/** Before a release is deployed its image is read back from the registry, which takes a password of AWS. */
async function logIn({ fake }: EcsBench): Promise<void> {
  const { accessKeyId, secretAccessKey, url: endpoint, world } = fake;
  const config = { credentials: { accessKeyId, secretAccessKey }, endpoint };
  const registry = `${world.account}.dkr.ecr.${world.region}.amazonaws.com`;
  await new EcrLogin({ config, mask: () => undefined }).login(registry, NEVER);
}

/** What the registry itself asks IAM for when an image is read back: its own protocol, which the fake does not speak. */
const OF_THE_REGISTRY = ['ecr:BatchCheckLayerAvailability', 'ecr:GetDownloadUrlForLayer'];

const FLOWS: readonly Flow[] = [
  {
    name: 'staging, from plan to settled',
    role: { steps: ['deploy-staging'] },
    options: { serviceName: 'motor-pricing-staging', policy: {} },
    async act(bench) {
      const release = bench.release();
      await logIn(bench);
      const plan = await bench.target.plan(release, 'staging');
      await promote(bench, release, 'staging');
      const { current, address } = await bench.target.inspect('staging');
      return [plan.map(({ action, detail }) => `${action} ${detail}`), current?.releaseId === release.id, address];
    },
  },
  {
    name: 'a staging service that is not there yet',
    role: { steps: ['deploy-staging'], features: { createStaging: true } },
    options: { policy: CREATE },
    act: async (bench) => {
      await promote(bench, bench.release(), 'staging');
      return (await bench.target.inspect('staging')).current?.status;
    },
  },
  {
    name: 'a look at both sides',
    role: { steps: ['smoke-test', 'impact-report'] },
    before: promoted,
    act: async (bench) => (await bench.target.inspect('production')).address,
  },
  {
    name: 'a promotion in steps',
    role: { steps: ['approve-promote'] },
    options: { configuration: LINEAR },
    before: promoted,
    async act(bench, first) {
      const id = await moved(bench, first);
      await bench.target.route('production', { [id]: 100 }, mark('p', id, first));
      await bench.target.settle('production', settling('p', id, first));
      const { weights, promotion, address } = await bench.target.inspect('production');
      return [weights[id], promotion, address];
    },
  },
  {
    name: 'a promotion that is taken back half way',
    role: { steps: ['approve-promote'] },
    options: { configuration: LINEAR },
    before: promoted,
    async act(bench, first) {
      const id = await moved(bench, first);
      await bench.target.route('production', { [first]: 100 }, mark('p', id, first));
      await bench.target.settle('production', settling('p', first, id, 'reverted'));
      return (await bench.target.inspect('production')).weights[first];
    },
  },
  {
    name: 'a candidate whose tasks do not start',
    role: { steps: ['approve-promote'] },
    fails: true,
    options: { configuration: { ...LINEAR, ...BREAKER } },
    before: promoted,
    async act(bench) {
      const release = bench.release();
      const { artifact } = release.core;
      const fate = { kind: 'exits', code: 1, log: ['ModuleNotFoundError: catboost'] } as const;
      if (artifact.kind === 'image') bench.fake.world.fates.set(artifact.digest, fate);
      await bench.target.deploy(release, 'production', bench.deploying());
    },
  },
  {
    name: 'a rolling promotion whose tasks are not healthy, and what explains it',
    role: { steps: ['approve-promote'] },
    before: promoted,
    async act(bench, first) {
      const release = bench.release();
      const { id } = await bench.target.deploy(release, 'production', bench.deploying());
      bench.fake.world.fates.set(id, { kind: 'unhealthy-target', log: ['rates.csv is missing'] });
      try {
        await bench.target.route('production', { [id]: 100 }, mark('p', id, first));
      } catch (error) {
        return [messageOf(error), await bench.target.explain(id)];
      }
      return 'moved';
    },
  },
  {
    name: 'a rollback to what served before',
    role: { steps: ['rollback'] },
    before: async (bench) => {
      const first = await promoted(bench);
      await promoted(bench);
      return first;
    },
    async act(bench, first) {
      const current = (await bench.target.inspect('production')).current?.id;
      await bench.target.setActive(first, true, NEVER);
      await bench.target.route('production', { [first]: 100 }, mark('b', first, current));
      await bench.target.settle('production', settling('b', first, current, 'rolled-back'));
      return (await bench.target.inspect('production')).weights[first];
    },
  },
  {
    name: 'a rollback to a release that was turned off',
    role: { steps: ['rollback'], features: { autoscaling: true } },
    options: { policy: { autoscaling: true } },
    before: async (bench) => {
      const first = await promoted(bench);
      await bench.target.setActive(first, false, NEVER);
      return first;
    },
    async act(bench, first) {
      await bench.target.setActive(first, true, NEVER);
      const [scaling] = bench.fake.world.scaling.targets.values();
      return [(await bench.target.inspect('production')).current?.status, scaling?.SuspendedState];
    },
  },
  {
    name: 'a promotion with the autoscaling of the policy',
    role: { steps: ['approve-promote'], features: { autoscaling: true } },
    options: { policy: { autoscaling: true } },
    before: promoted,
    async act(bench) {
      await promoted(bench);
      return [...bench.fake.world.scaling.policies.values()].map(({ PolicyName }) => PolicyName);
    },
  },
  {
    name: 'a rollback of a promotion that a lost runner left behind',
    role: { steps: ['rollback'] },
    options: { configuration: LINEAR },
    before: async (bench) => {
      const first = await promoted(bench);
      await moved(bench, first);
      return first;
    },
    async act(bench, first) {
      const candidate = (await bench.target.inspect('production')).candidate?.id ?? '';
      await bench.target.route('production', { [first]: 100 }, mark('p', candidate, first, { supersede: true }));
      await bench.target.settle('production', settling('p', first, candidate, 'reverted'));
      return (await bench.target.inspect('production')).weights[first];
    },
  },
];

interface Outcome {
  readonly text: string;
  readonly denied: readonly string[];
  readonly asked: ReadonlySet<string>;
}

/** Runs a flow by a policy. What it ended with, what was refused, and what IAM was asked for. */
async function run({ options, before, act }: Flow, policy: PolicyDocument): Promise<Outcome> {
  const bench = await startBench(options);
  try {
    const first = (await before?.(bench)) ?? '';
    takeRole(bench, policy);
    bench.fake.calls.splice(0);
    bench.told.splice(0);
    const ended = await act(bench, first).catch((error: unknown) => `failed: ${messageOf(error)}`);
    const refused = bench.fake.calls.filter(({ error }) => /^AccessDenied/.test(error ?? ''));
    return {
      text: JSON.stringify([ended, bench.told]),
      denied: [...new Set(refused.flatMap(({ asked }) => asked.map(({ action }) => action)))],
      asked: new Set(bench.fake.calls.flatMap(({ asked }) => asked.map(({ action }) => action))),
    };
  } finally {
    await bench.stop();
  }
}

/** The keys are those of a session of the pipeline's role from now on. */
function takeRole({ fake: { world, accessKeyId } }: EcsBench, policy: PolicyDocument): void {
  const session = { userId: 'AROA0000000000EXAMPLE:run', token: undefined, expired: false };
  const arn = `arn:aws:sts::${world.account}:assumed-role/${PLACE.self}/run`;
  world.credentials.set(accessKeyId, { ...session, arn, policy });
  const trust = { Statement: [] };
  world.roles.push({ arn: `arn:aws:iam::${world.account}:role/${PLACE.self}`, name: PLACE.self, trust, policy });
}

function without(policy: PolicyDocument, action: string): PolicyDocument {
  const statements = policy.Statement as readonly Statement[];
  const left = statements.map((statement) => ({
    ...statement,
    Action: [statement.Action].flat().filter((each) => each !== action),
  }));
  return { ...policy, Statement: left.filter(({ Action }) => Action.length > 0) };
}

describe('the generated policy', () => {
  /** Actions that were shown to be needed. */
  const used = new Set<string>();

  describe.each(FLOWS)('for $name', (flow) => {
    const policy = iamPolicy({ ...PLACE, ...flow.role });

    it('allows every call, and no action that is new here can be spared', { timeout: 120_000 }, async () => {
      const free = await run(flow, { Statement: { Effect: 'Allow', Action: '*', Resource: '*' } });
      expect(free.text).toMatch(flow.fails ? /^\["failed: / : /^\[(?!"failed: )/);
      const outcome = await run(flow, policy);
      expect(outcome.denied).toEqual([]);
      expect(outcome.text).toBe(free.text);
      for (const action of outcome.asked) {
        if (used.has(action)) continue;
        used.add(action);
        const lesser = await run(flow, without(policy, action));
        expect(`${action}: ${lesser.text}`).not.toBe(`${action}: ${outcome.text}`);
      }
    });
  });

  it('has no action that no flow needs', () => {
    const request = { ...PLACE, steps: ['deploy-staging', 'approve-promote', 'rollback'] as const };
    const actions = iamPolicy({ ...request, features: { createStaging: true } }).Statement.flatMap(
      ({ Action }) => Action,
    );
    expect([...new Set(actions)].filter((action) => !used.has(action)).sort()).toEqual(OF_THE_REGISTRY);
  });
});
