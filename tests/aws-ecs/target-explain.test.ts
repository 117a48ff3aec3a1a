import { afterEach, expect, it } from 'vitest';
import { messageOf } from '../../shared/errors.ts';
import type { TaskFate } from '../fakes/aws/ecs/state.ts';
import { type EcsBench, mark, promote, startBench } from './target-bench.ts';

const BREAKER = { deploymentCircuitBreaker: { enable: true, rollback: true } };

let bench: EcsBench;
afterEach(async () => {
  expect(bench.fake.violations).toEqual([]);
  await bench.stop();
});

/** What a deployment whose tasks end so is told with. */
async function told(spoil: (id: string) => void): Promise<string> {
  bench = await startBench({ configuration: BREAKER });
  const first = await promote(bench, bench.release());
  const { id } = await bench.target.deploy(bench.release(), 'production', bench.deploying());
  spoil(id);
  const lines: string[] = [];
  const watch = { progress: (line: string) => void lines.push(line) };
  const ended: unknown = await bench.target
    .route('production', { [id]: 100 }, mark('p', id, first), watch)
    .catch((error: unknown) => error);
  return [messageOf(ended), ...lines].join('\n');
}

it.each<[string, TaskFate, RegExp]>([
  [
    'an image that is gone',
    { kind: 'cannot-pull', reason: 'CannotPullContainerError: failed to resolve ref motor: not found' },
    /the image is not in the registry: run build-push/,
  ],
  [
    'a role that may not pull',
    { kind: 'cannot-pull', reason: 'CannotPullContainerError: pull access denied: not authorized' },
    /execution role of the task may not pull/,
  ],
  [
    'no way to the registry',
    { kind: 'cannot-pull', reason: 'CannotPullContainerError: dial tcp 52.1.2.3:443: i/o timeout' },
    /no way to the registry: give it a NAT gateway or VPC endpoints/,
  ],
  [
    'another architecture',
    { kind: 'cannot-pull', reason: "CannotPullContainerError: no descriptor matching platform 'linux/arm64'" },
    /for another architecture than the task/,
  ],
  [
    'missing dependencies',
    { kind: 'exits', code: 1, log: ['ModuleNotFoundError: catboost'] },
    /exited with 1[\s\S]*catboost/,
  ],
  ['too little memory', { kind: 'exits', code: 137, reason: 'OutOfMemoryError: killed' }, /needs more memory/],
  [
    'a health check',
    { kind: 'unhealthy-target' },
    /does not reach \/health: compare its path and port with the port in haute\.toml/,
  ],
  ['a health check in the container', { kind: 'unhealthy-container' }, /does not reach \/health/],
  [
    'no quota',
    { kind: 'cannot-start', reason: "You've reached the limit on the number of vCPUs you can run concurrently" },
    /the quota of Fargate is used up/,
  ],
  [
    'no capacity',
    { kind: 'cannot-start', reason: 'Capacity is unavailable at this time. Please try again later.' },
    /AWS has no room in these zones now/,
  ],
  [
    'no addresses',
    { kind: 'cannot-start', reason: 'Unexpected EC2 error: subnet-0aaa does not have enough free addresses' },
    /the subnet has no addresses left/,
  ],
])('tasks that end by %s are told with what to do', async (_what, fate, says) => {
  expect(await told((id) => bench.fake.world.fates.set(id, fate))).toMatch(says);
});

it('a secret that went between the look and the start is told with what to do', async () => {
  const text = await told(() => bench.fake.world.secrets.splice(0));
  expect(text).toMatch(/ECS-DEPLOY-FAILED/);
  expect(text).toMatch(/unable to pull secrets[\s\S]*the execution role may not read a secret, or it is not there/);
});

it('a role that went between the look and the start is told with what to do', async () => {
  const text = await told(() => bench.fake.world.roles.splice(0));
  expect(text).toMatch(
    /unable to assume the role[\s\S]*its trust policy does not let ecs-tasks\.amazonaws\.com take it/,
  );
});
