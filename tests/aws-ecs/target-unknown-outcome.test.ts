import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { messageOf, ProviderError } from '../../shared/errors.ts';
import { approvePromote } from '../../shared/steps/approve-promote/step.ts';
import { deployStaging } from '../../shared/steps/deploy-staging/step.ts';
import { rollback } from '../../shared/steps/rollback/step.ts';
import { smokeTest } from '../../shared/steps/smoke-test/step.ts';
import { Aws } from '../../shared/targets/aws-ecs/clients.ts';
import { AwsError } from '../fakes/aws/aws-error.ts';
import { type FlowBench, startFlow } from './flow-bench.ts';
import { mark, promote, settling } from './target-bench.ts';

/** Longer than any mark is good for. */
const DAY_MS = 86_400_000;

let flow: FlowBench;
let first: string;
beforeEach(async () => {
  flow = await startFlow();
  first = await promote(flow.bench, await flow.build());
});
afterEach(async () => {
  expect(flow.bench.fake.violations).toEqual([]);
  await flow.stop();
});

const inspect = () => flow.bench.another().inspect('production');
const runs = () => flow.bench.account.service.taskDefinition?.revision;

/** One that asks once: the SDK's own tries take real time, and find out what the first one came to. */
function cutOff(): Aws {
  const { accessKeyId, secretAccessKey, url, world } = flow.bench.fake;
  return new Aws({
    region: world.region,
    endpoint: url,
    credentials: async () => ({ accessKeyId, secretAccessKey }),
    userAgent: 'haute-deploy/test',
    maxAttempts: 1,
  });
}

describe('a promotion whose first word AWS took, and whose answer was lost', () => {
  /** As the runner leaves it that was cut off in its very first route. */
  async function leftBehind(): Promise<string> {
    const target = flow.bench.another({ aws: cutOff() });
    const { id } = await target.deploy(flow.bench.release(), 'production', flow.bench.deploying());
    flow.bench.fake.fail('UpdateService', 'cut');
    const lost = await target.route('production', { [id]: 100 }, mark('p', id, first)).then(
      () => expect.unreachable('it was taken for done'),
      (error: unknown) => error,
    );
    expect(lost).toBeInstanceOf(ProviderError);
    expect(messageOf(lost)).not.toMatch(/ECS-DEPLOY-FAILED/);
    flow.bench.fake.mend();
    return id;
  }

  it('keeps its mark: AWS may be at it', async () => {
    const id = await leftBehind();
    const { promotion, current, candidate } = await inspect();
    expect(promotion).toMatchObject({ id: 'p', candidate: id, current: first, owner: 'alive' });
    expect([current?.id, candidate?.id]).toEqual([first, id]);
    expect(flow.bench.account.service.deployments[0]?.status).toMatch(/PENDING|IN_PROGRESS/);
  });

  it('keeps its mark while AWS answers as if it had not been told yet', async () => {
    const target = flow.bench.another({ aws: cutOff() });
    const { id } = await target.deploy(flow.bench.release(), 'production', flow.bench.deploying());
    Object.assign(flow.bench.fake.world.lagOfNew, { updates: 20, serviceDeployments: 20 });
    flow.bench.fake.fail('UpdateService', 'lost');
    await expect(target.route('production', { [id]: 100 }, mark('p', id, first))).rejects.toThrow();
    expect(await inspect()).toMatchObject({ weights: { [first]: 100 }, promotion: { id: 'p', owner: 'alive' } });
    flow.bench.fake.pass(600_000);
    Object.assign(flow.bench.fake.world.lagOfNew, { updates: 0, serviceDeployments: 0 });
    for (let look = 0; look < 20; look += 1) await inspect();
    expect(await inspect()).toMatchObject({ weights: { [id]: 100 }, current: { id: first }, promotion: { id: 'p' } });
  });

  it('drops it where AWS has said no', async () => {
    const target = flow.bench.another({ aws: cutOff() });
    const { id } = await target.deploy(flow.bench.release(), 'production', flow.bench.deploying());
    flow.bench.fake.fail('UpdateService', new AwsError('AccessDeniedException', 'not authorized'));
    await expect(target.route('production', { [id]: 100 }, mark('p', id, first))).rejects.toThrow();
    expect(await inspect()).toMatchObject({ weights: { [first]: 100 }, promotion: undefined });
  });

  it('is no success when AWS is done: what serves now was not promoted', async () => {
    const id = await leftBehind();
    flow.bench.fake.pass(600_000);
    const { weights, current, history } = await inspect();
    expect(weights).toEqual({ [id]: 100 });
    expect([current?.id, history.map(({ deploymentId }) => deploymentId)]).toEqual([first, [first]]);
  });

  it.each(['at once', 'when AWS is done'])('holds the service against another promotion, %s', async (when) => {
    await leftBehind();
    if (when === 'when AWS is done') flow.bench.fake.pass(600_000);
    const next = flow.bench.another();
    await expect(next.deploy(flow.bench.release(), 'production', flow.bench.deploying())).rejects.toThrow(
      /PROMOTION-ACTIVE|held by promotion p/,
    );
  });

  it('can be finished by who holds it, once it was looked at', async () => {
    const id = await leftBehind();
    const target = flow.bench.another();
    await target.route('production', { [id]: 100 }, mark('p', id, first));
    await target.settle('production', settling('p', id, first));
    expect(await inspect()).toMatchObject({ weights: { [id]: 100 }, promotion: undefined, current: { id } });
    expect(flow.bench.fake.callsOf('UpdateService').filter(({ error }) => error === undefined)).toHaveLength(2);
  });
});

describe('a step whose connection drops after AWS took the update', () => {
  /** The step, to its end: it can neither go on nor go back. */
  async function cutOffStep() {
    const release = await flow.build();
    for (const step of [deployStaging, smokeTest]) expect((await flow.run(step)).end?.result).toBe('pass');
    await flow.witness('impact');
    const { another } = flow.bench;
    Object.assign(flow.bench, { another: () => another({ aws: cutOff() }) });
    flow.bench.fake.fail('UpdateService', 'cut');
    const host = await flow.run(approvePromote);
    Object.assign(flow.bench, { another });
    flow.bench.fake.mend();
    return { host, release };
  }

  it('ends with an error that says what to do, and no evidence of a promotion', async () => {
    const { host } = await cutOffStep();
    expect(host.end).toMatchObject({ result: 'error', exitCode: 3 });
    expect(host.annotations.map(({ title }) => title)).toEqual(['PROMOTION-STUCK']);
    expect((await flow.current()).evidence.map(({ kind }) => kind)).not.toContain('promoted');
    expect((await inspect()).promotion?.owner).toBe('alive');
  });

  it.each([0, 600_000])('is given back by rollback, %i ms later', async (ms) => {
    await cutOffStep();
    flow.bench.fake.pass(ms);
    const { end } = await flow.run(rollback, { cancel: 'true' });
    expect(end?.result).toBe('pass');
    expect(await inspect()).toMatchObject({ weights: { [first]: 100 }, promotion: undefined, current: { id: first } });
    expect(runs()).toBe(2);
  });

  it('is refused to a run that comes too early, and reverted first by one that comes when its mark is over', async () => {
    const { release } = await cutOffStep();
    flow.bench.fake.pass(600_000);
    const early = await flow.run(approvePromote);
    expect(early.annotations.map(({ title }) => title)).toEqual(['PROMOTION-ACTIVE']);
    flow.bench.fake.pass(DAY_MS);
    const late = await flow.run(approvePromote);
    expect(late.lines.join('\n')).toMatch(/was interrupted and its runner is gone; reverting it first/);
    expect(late.end?.result).toBe('pass');
    const { current, history, promotion } = await inspect();
    expect([current?.releaseId, history.length, promotion]).toEqual([release.id, 2, undefined]);
  });
});
