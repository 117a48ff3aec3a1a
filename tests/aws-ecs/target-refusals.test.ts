import { ListTagsForResourceCommand } from '@aws-sdk/client-ecs';
import { afterEach, describe, expect, it } from 'vitest';
import { ConfigError, messageOf, ProviderError } from '../../shared/errors.ts';
import { readEcsPolicy } from '../../shared/targets/aws-ecs/policy.ts';
import { awsOf, type EcsBench, mark, NEVER, promote, startBench } from './target-bench.ts';

let bench: EcsBench;
afterEach(async () => {
  expect(bench.fake.violations).toEqual([]);
  await bench.stop();
});

async function failure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => expect.unreachable('it was accepted'),
    (error: unknown) => error,
  );
}

describe('an id that is no deployment of a release', () => {
  it.each(['motor-pricing:1', 'motor-pricing:99', 'other:1', 'd-2'])(
    'is refused wherever it is named: %s',
    async (id) => {
      bench = await startBench();
      const first = await promote(bench, bench.release());
      const { target } = bench;
      const refused = await Promise.all(
        [
          target.explain(id),
          target.remove(id),
          target.setActive(id, false, NEVER),
          target.route('production', { [id]: 100 }, mark('p', id, first)),
        ].map(failure),
      );
      for (const error of refused) {
        expect(error).toBeInstanceOf(ConfigError);
        expect(messageOf(error)).toMatch(
          /is no task definition that was registered for a release.*ECS-DEPLOYMENT-UNKNOWN/,
        );
      }
      expect((await target.inspect('production')).weights).toEqual({ [first]: 100 });
    },
  );
});

describe('a deployment that is in use', () => {
  it('is not removed while it serves, nor while a promotion holds it', async () => {
    bench = await startBench();
    const first = await promote(bench, bench.release());
    const { id } = await bench.target.deploy(bench.release(), 'production', bench.deploying());
    await bench.target.route('production', { [id]: 100 }, mark('p', id, first));
    for (const used of [first, id])
      expect(messageOf(await failure(bench.target.remove(used)))).toMatch(
        /the service motor-pricing needs it.*ECS-DEPLOYMENT-IN-USE/,
      );
    expect(bench.fake.callsOf('DeregisterTaskDefinition')).toEqual([]);
  });

  it('is removed once nothing needs it any more', async () => {
    bench = await startBench();
    const first = await promote(bench, bench.release());
    await promote(bench, bench.release());
    await bench.target.remove(first);
    expect(bench.fake.callsOf('DeregisterTaskDefinition')).toHaveLength(1);
  });
});

it('ends a wait when the time of a deployment is over, says how it stands, and leaves its mark', async () => {
  bench = await startBench();
  const first = await promote(bench, bench.release());
  const release = bench.release();
  const hurried = bench.another({ policy: readEcsPolicy({ deploy_timeout: '1m' }) });
  const { id } = await hurried.deploy(release, 'production', bench.deploying());
  // AWS begins with it, and gets nowhere.
  const progress = () => bench.account.service.deployments[0]?.process?.stop();
  const late = await failure(hurried.route('production', { [id]: 100 }, mark('p', id, first), { progress }));
  expect(late).toBeInstanceOf(ProviderError);
  expect(messageOf(late)).toMatch(
    /motor-pricing was not done within 1 minutes: PENDING.*2 of 2 tasks run.*ECS-DEPLOY-TIMEOUT.*deploy_timeout/s,
  );
  // AWS goes on with it, so somebody has to finish or revert it.
  expect((await bench.target.inspect('production')).promotion).toMatchObject({ id: 'p', candidate: id });
});

it('does not go on where AWS does not show the tags that say who holds the service', async () => {
  bench = await startBench();
  const { service } = bench.account;
  const { id } = await bench.target.deploy(bench.release(), 'production', bench.deploying());
  // What AWS answers with from now on is what it answered with before.
  await awsOf(bench.fake).ask('the tags', ({ ecs }, options) =>
    ecs.send(new ListTagsForResourceCommand({ resourceArn: service.arn }), options),
  );
  bench.fake.stale('ListTagsForResource', 1_000);
  const unseen = await failure(bench.target.route('production', { [id]: 100 }, mark('p', id, undefined)));
  expect(unseen).toMatchObject({ retryable: true });
  expect(messageOf(unseen)).toMatch(/AWS does not show them, so nobody knows who holds it.*ECS-TAGS-NOT-SEEN/);
  expect(bench.fake.callsOf('UpdateService')).toEqual([]);
});
