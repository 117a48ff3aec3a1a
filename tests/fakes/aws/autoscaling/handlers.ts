import { AwsError } from '../aws-error.ts';
import { seconds } from '../ecs/answers.ts';
import { clusterOf, findService } from '../ecs/lookup.ts';
import type { Wire } from '../ecs/state.ts';
import type { Handlers } from '../handler.ts';

const missing = (what: string): AwsError => new AwsError('ObjectNotFoundException', what);

export const autoscalingHandlers: Handlers = {
  RegisterScalableTarget(world, input) {
    const key = keyOf(input);
    const [, cluster, service] = String(input.ResourceId).split('/');
    if (!findService(clusterOf(world, cluster), service)) {
      throw new AwsError('ValidationException', `ECS service doesn't exist: ${input.ResourceId}`);
    }
    const before = world.scaling.targets.get(key);
    const { Tags: _, ...rest } = input;
    if (!before && (rest.MinCapacity === undefined || rest.MaxCapacity === undefined)) {
      throw new AwsError('ValidationException', 'MinCapacity and MaxCapacity are required for a new scalable target');
    }
    const role = `arn:aws:iam::${world.account}:role/aws-service-role/ecs.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_ECSService`;
    const suspended = {
      DynamicScalingInSuspended: false,
      DynamicScalingOutSuspended: false,
      ScheduledScalingSuspended: false,
    };
    const arn = before?.ScalableTargetARN ?? world.arn('application-autoscaling', `scalable-target/${world.nextId()}`);
    world.scaling.targets.set(key, {
      RoleARN: role,
      CreationTime: seconds(world.now),
      ScalableTargetARN: arn,
      ...before,
      ...rest,
      SuspendedState: {
        ...suspended,
        ...((before?.SuspendedState ?? {}) as Wire),
        ...((rest.SuspendedState ?? {}) as Wire),
      },
    });
    return { ScalableTargetARN: arn };
  },
  DescribeScalableTargets(world, { ServiceNamespace, ResourceIds, ScalableDimension }) {
    const found = [...world.scaling.targets.values()].filter(
      (target) =>
        target.ServiceNamespace === ServiceNamespace &&
        (!Array.isArray(ResourceIds) || ResourceIds.includes(target.ResourceId)) &&
        (ScalableDimension === undefined || target.ScalableDimension === ScalableDimension),
    );
    return { ScalableTargets: found };
  },
  DeregisterScalableTarget(world, input) {
    const key = keyOf(input);
    if (!world.scaling.targets.delete(key)) throw missing(`No scalable target registered for ${key}`);
    for (const policy of world.scaling.policies.keys()) {
      if (policy.startsWith(`${key} `)) world.scaling.policies.delete(policy);
    }
    return {};
  },
  PutScalingPolicy(world, input) {
    const key = keyOf(input);
    if (!world.scaling.targets.has(key)) throw missing(`No scalable target registered for ${key}`);
    const name = `${key} ${input.PolicyName}`;
    const before = world.scaling.policies.get(name);
    const arn =
      before?.PolicyARN ??
      world.arn(
        'autoscaling',
        `scalingPolicy:${world.nextId()}:resource/ecs/${input.ResourceId}:policyName/${input.PolicyName}`,
      );
    world.scaling.policies.set(name, {
      PolicyType: 'StepScaling',
      ...input,
      PolicyARN: arn,
      CreationTime: seconds(world.now),
      Alarms: [],
    });
    return { PolicyARN: arn, Alarms: [] };
  },
  DescribeScalingPolicies(world, { ServiceNamespace, ResourceId, PolicyNames }) {
    const found = [...world.scaling.policies.values()].filter(
      (policy) =>
        policy.ServiceNamespace === ServiceNamespace &&
        (ResourceId === undefined || policy.ResourceId === ResourceId) &&
        (!Array.isArray(PolicyNames) || PolicyNames.includes(policy.PolicyName)),
    );
    return { ScalingPolicies: found };
  },
  DeleteScalingPolicy(world, input) {
    const name = `${keyOf(input)} ${input.PolicyName}`;
    if (!world.scaling.policies.delete(name)) throw missing(`No scaling policy found for ${name}`);
    return {};
  },
};

function keyOf({ ServiceNamespace, ResourceId, ScalableDimension }: Wire): string {
  return `${ServiceNamespace} ${ResourceId} ${ScalableDimension}`;
}
