import {
  DescribeScalableTargetsCommand,
  PutScalingPolicyCommand,
  RegisterScalableTargetCommand,
} from '@aws-sdk/client-application-auto-scaling';
import type { Autoscaling } from '../../release/deployment.ts';
import { type EcsContext, serviceName } from './context.ts';

const SERVICE = { ServiceNamespace: 'ecs', ScalableDimension: 'ecs:service:DesiredCount' } as const;
const POLICY_NAME = 'haute-cpu';

/**
 * Hands an environment's autoscaling to Application Auto Scaling: the least and most tasks, and a target of CPU
 * utilisation. `concurrency` has no counterpart there: ECS counts no requests in flight.
 * @see https://docs.aws.amazon.com/autoscaling/application/userguide/services-that-can-integrate-ecs.html
 */
export async function applyScaling(context: EcsContext, environment: string, wanted: Autoscaling): Promise<void> {
  const ResourceId = resourceOf(context, environment);
  await context.aws.ask(`the autoscaling of ${ResourceId}`, ({ scaling }, options) =>
    scaling.send(
      new RegisterScalableTargetCommand({ ...SERVICE, ResourceId, MinCapacity: wanted.min, MaxCapacity: wanted.max }),
      options,
    ),
  );
  await context.aws.ask(`the autoscaling of ${ResourceId}`, ({ scaling }, options) =>
    scaling.send(
      new PutScalingPolicyCommand({
        ...SERVICE,
        ResourceId,
        PolicyName: POLICY_NAME,
        PolicyType: 'TargetTrackingScaling',
        TargetTrackingScalingPolicyConfiguration: trackingOf(wanted),
      }),
      options,
    ),
  );
}

/** The policy's words as target tracking has them. */
export function trackingOf({ utilization, windowMs, scaleDownDelayMs }: Autoscaling) {
  return {
    TargetValue: utilization,
    PredefinedMetricSpecification: { PredefinedMetricType: 'ECSServiceAverageCPUUtilization' as const },
    ScaleOutCooldown: Math.round(windowMs / 1000),
    ScaleInCooldown: Math.round(scaleDownDelayMs / 1000),
  };
}

/** Stops autoscaling from starting tasks of a service that is turned off, and lets it do so again. */
export async function suspendScaling(context: EcsContext, environment: string, suspended: boolean): Promise<void> {
  const ResourceId = resourceOf(context, environment);
  const { ScalableTargets: found = [] } = await context.aws.ask(
    `the autoscaling of ${ResourceId}`,
    ({ scaling }, options) =>
      scaling.send(new DescribeScalableTargetsCommand({ ...SERVICE, ResourceIds: [ResourceId] }), options),
  );
  if (found.length === 0) return;
  const SuspendedState = {
    DynamicScalingInSuspended: suspended,
    DynamicScalingOutSuspended: suspended,
    ScheduledScalingSuspended: suspended,
  };
  await context.aws.ask(`the autoscaling of ${ResourceId}`, ({ scaling }, options) =>
    scaling.send(new RegisterScalableTargetCommand({ ...SERVICE, ResourceId, SuspendedState }), options),
  );
}

function resourceOf(context: EcsContext, environment: string): string {
  return `service/${context.place.cluster.replace(/^.*\//, '')}/${serviceName(context, environment)}`;
}
