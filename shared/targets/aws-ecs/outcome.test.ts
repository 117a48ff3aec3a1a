import type { Service, ServiceDeployment } from '@aws-sdk/client-ecs';
import { describe, expect, it } from 'vitest';
import { hasReached, judgeDeployment, judgeRollout } from './outcome.ts';

const arn = (revision: number) => `arn:aws:ecs:eu-west-1:123456789012:task-definition/motor:${revision}`;
const OURS = 'motor:8';

function service(more: Partial<Service> = {}, primary: object = {}): Service {
  const line = {
    id: 'ecs-svc/8',
    status: 'PRIMARY',
    taskDefinition: arn(8),
    rolloutState: 'COMPLETED',
    runningCount: 2,
  };
  return {
    serviceName: 'motor',
    desiredCount: 2,
    runningCount: 2,
    deployments: [{ ...line, ...primary } as never],
    ...more,
  };
}

const look = (deployment: Partial<ServiceDeployment>, at: Service = service(), newer?: string) =>
  judgeDeployment({ service: at, deployment: deployment as ServiceDeployment, newer }, OURS);

describe('a deployment by what AWS lists of it', () => {
  it('is done when it is successful, primary, complete and running', () => {
    expect(look({ status: 'SUCCESSFUL' })).toEqual({ state: 'done' });
  });

  it.each<[string, Service]>([
    ['the service still shows another as primary', service({}, { taskDefinition: arn(7) })],
    ['its rollout is in progress', service({}, { rolloutState: 'IN_PROGRESS' })],
    ['no task runs yet', service({ runningCount: 0 })],
  ])('is not done while %s', (_what, at) => {
    expect(look({ status: 'SUCCESSFUL' }, at).state).toBe('going');
  });

  it.each(['ROLLBACK_REQUESTED', 'ROLLBACK_IN_PROGRESS', 'STOP_REQUESTED'] as const)(
    'has reached no stage while it is %s, whatever traffic it still has',
    (status) => {
      const targetServiceRevision = { requestedProductionTrafficWeight: 100 };
      const deployment = { status, targetServiceRevision, deploymentConfiguration: { strategy: 'LINEAR' } } as const;
      expect(look(deployment)).toEqual({ state: 'going', percent: 0, waitsAt: undefined, isDark: false });
    },
  );

  it('is no success where no task is wanted', () => {
    expect(look({ status: 'SUCCESSFUL' }, service({ desiredCount: 0, runningCount: 0 }))).toMatchObject({
      state: 'failed',
    });
  });

  it.each<[string, Partial<ServiceDeployment>, RegExp]>([
    [
      'rolled back by the breaker',
      {
        status: 'ROLLBACK_SUCCESSFUL',
        rollback: { reason: 'circuit breaker' },
        deploymentCircuitBreaker: { status: 'TRIGGERED', failureCount: 3, threshold: 3 },
      },
      /rolled it back: circuit breaker; 3 tasks failed/,
    ],
    [
      'rolled back by an alarm',
      {
        status: 'ROLLBACK_SUCCESSFUL',
        alarms: { triggeredAlarmNames: ['errors'] },
        targetServiceRevision: { requestedProductionTrafficWeight: 30 },
      },
      /alarm errors; with 30 % of the traffic/,
    ],
    [
      'whose rollback failed',
      { status: 'ROLLBACK_FAILED', statusReason: 'no candidate' },
      /tried to roll it back and failed: no candidate/,
    ],
    ['that was stopped', { status: 'STOPPED', statusReason: 'by hand' }, /AWS stopped it: by hand/],
    ['that ended without a word', { status: 'STOPPED' }, /does not say why/],
  ])('is a failure %s', (_what, deployment, why) => {
    expect(look(deployment)).toMatchObject({ state: 'failed', why: expect.stringMatching(why) });
  });

  it.each(['STOPPED', 'ROLLBACK_SUCCESSFUL', 'SUCCESSFUL'] as const)(
    'is overtaken when it is %s and another came',
    (status) => {
      expect(look({ status }, service({}, { taskDefinition: arn(9) }), 'motor:9')).toMatchObject({
        state: 'overtaken',
        why: expect.stringMatching(/motor:9/),
      });
    },
  );

  it('is still going with a status that nobody knows', () => {
    expect(look({ status: 'SOMETHING_NEW' as never }).state).toBe('going');
  });

  const waiting = { hookId: 'h', targetType: 'PAUSE', status: 'AWAITING_ACTION' } as const;

  it.each<[string, boolean]>([
    ['POST_TEST_TRAFFIC_SHIFT', true],
    ['PRODUCTION_TRAFFIC_SHIFT', true],
    ['POST_SCALE_UP', false],
    ['A_LATER_STAGE', false],
  ])('that waits at %s is up behind the test listener: %s', (stage, isDark) => {
    const standing = look({ status: 'IN_PROGRESS', lifecycleStage: stage as never, lifecycleHookDetails: [waiting] });
    expect(standing).toMatchObject({ state: 'going', isDark, waitsAt: { hookId: 'h' } });
  });

  it('waits for nobody at the hook of a function', () => {
    const lambda = { ...waiting, targetType: 'AWS_LAMBDA' } as const;
    expect(look({ status: 'IN_PROGRESS', lifecycleHookDetails: [lambda] })).toMatchObject({ waitsAt: undefined });
  });
});

it.each([
  ['BAKE_TIME', 'SCALE_UP', true],
  ['SCALE_UP', 'BAKE_TIME', false],
  [undefined, 'SCALE_UP', false],
  ['A_LATER_STAGE', 'SCALE_UP', false],
])('at %s, %s is reached: %s', (stage, wanted, reached) => {
  expect(hasReached(stage, wanted)).toBe(reached);
});

describe('a deployment where AWS keeps no list', () => {
  const known = { ours: 'ecs-svc/8', older: ['ecs-svc/7'] };
  const old = { id: 'ecs-svc/7', status: 'ACTIVE', taskDefinition: arn(7), runningCount: 1 };

  it('is done when it is primary, complete and alone', () => {
    expect(judgeRollout(service(), OURS, known)).toEqual({ state: 'done' });
  });

  it.each<[string, Service]>([
    ['the old one still runs', service({ deployments: [...(service().deployments ?? []), old as never] })],
    ['it is in progress', service({}, { rolloutState: 'IN_PROGRESS' })],
    ['AWS calls it complete with too few tasks', service({}, { runningCount: 1 })],
  ])('is not done while %s', (_what, at) => {
    expect(judgeRollout(at, OURS, known).state).toBe('going');
  });

  it.each<[string, Service, string]>([
    ['its rollout failed', service({}, { rolloutState: 'FAILED', rolloutStateReason: 'breaker' }), 'failed'],
    [
      'the breaker went back',
      service(
        {},
        {
          id: 'ecs-svc/7',
          taskDefinition: arn(7),
          rolloutStateReason: 'ECS deployment circuit breaker: rolling back to deploymentId ecs-svc/7.',
        },
      ),
      'failed',
    ],
    ['another one is primary', service({}, { id: 'ecs-svc/9', taskDefinition: arn(9) }), 'overtaken'],
    ['nothing is primary', { serviceName: 'motor', deployments: [] }, 'overtaken'],
  ])('is over when %s', (_what, at, state) => {
    expect(judgeRollout(at, OURS, known).state).toBe(state);
  });
});
