import { AwsError } from '../aws-error.ts';
import { page } from '../ecs/lookup.ts';
import type { FakeTask, Wire } from '../ecs/state.ts';
import type { Handlers } from '../handler.ts';
import type { World } from '../world.ts';
import type { FakeListener, FakeRule, FakeTargetGroup, WeightedGroup } from './state.ts';

export const elbHandlers: Handlers = {
  DescribeLoadBalancers(world, { LoadBalancerArns: arns, Names: names }) {
    const found = world.elb.loadBalancers.filter(
      ({ arn, name }) =>
        (!Array.isArray(arns) || arns.includes(arn)) && (!Array.isArray(names) || names.includes(name)),
    );
    const asked = (Array.isArray(arns) ? arns : Array.isArray(names) ? names : []) as readonly string[];
    if (found.length < asked.length) {
      throw new AwsError('LoadBalancerNotFoundException', 'One or more load balancers not found');
    }
    return {
      LoadBalancers: found.map(({ arn, name, dnsName }) => ({
        LoadBalancerArn: arn,
        LoadBalancerName: name,
        DNSName: dnsName,
        Scheme: 'internet-facing',
        Type: 'application',
        State: { Code: 'active' },
      })),
    };
  },
  DescribeListeners(world, { LoadBalancerArn: balancer, ListenerArns: arns }) {
    if (balancer !== undefined && !world.elb.loadBalancers.some(({ arn }) => arn === balancer)) {
      throw new AwsError('LoadBalancerNotFoundException', `Load balancer '${balancer}' not found`);
    }
    const found = world.elb.listeners.filter(({ arn, loadBalancerArn }) =>
      Array.isArray(arns) ? arns.includes(arn) : loadBalancerArn === balancer,
    );
    if (Array.isArray(arns) && found.length < arns.length) {
      throw new AwsError('ListenerNotFoundException', 'One or more listeners not found');
    }
    return { Listeners: found.map((listener) => listenerWire(world, listener)) };
  },
  DescribeRules(world, { ListenerArn: listener, RuleArns: arns, PageSize, Marker }) {
    const found = world.elb.rules.filter(({ arn, listenerArn }) =>
      Array.isArray(arns) ? arns.includes(arn) : listenerArn === listener,
    );
    if (Array.isArray(arns) && found.length < arns.length) {
      throw new AwsError('RuleNotFoundException', 'One or more rules not found');
    }
    if (!Array.isArray(arns) && !world.elb.listeners.some(({ arn }) => arn === listener)) {
      throw new AwsError('ListenerNotFoundException', `Listener '${listener}' not found`);
    }
    const { items, nextToken } = page(found, PageSize, Marker, 100);
    return { Rules: items.map(ruleWire), ...(nextToken !== undefined && { NextMarker: nextToken }) };
  },
  DescribeTargetGroups(world, { TargetGroupArns: arns, Names: names, LoadBalancerArn: balancer }) {
    const found = world.elb.targetGroups.filter(
      (group) =>
        (!Array.isArray(arns) || arns.includes(group.arn)) &&
        (!Array.isArray(names) || names.includes(group.name)) &&
        (balancer === undefined || balancersOf(world, group).includes(String(balancer))),
    );
    const asked = (Array.isArray(arns) ? arns : Array.isArray(names) ? names : []) as readonly string[];
    if (found.length < asked.length) {
      throw new AwsError('TargetGroupNotFoundException', 'One or more target groups not found');
    }
    return { TargetGroups: found.map((group) => targetGroupWire(world, group)) };
  },
  DescribeTargetHealth(world, { TargetGroupArn: arn }) {
    const group = world.elb.targetGroups.find((candidate) => candidate.arn === arn);
    if (!group) throw new AwsError('TargetGroupNotFoundException', 'One or more target groups not found');
    return { TargetHealthDescriptions: targetsOf(world, group.arn).map((task) => targetWire(group, task)) };
  },
  ModifyRule(world, { RuleArn: arn, Actions: actions }) {
    const rule = world.elb.rules.find((candidate) => candidate.arn === arn);
    if (!rule) throw new AwsError('RuleNotFoundException', 'One or more rules not found');
    if (rule.priority === 'default') {
      throw new AwsError('OperationNotPermittedException', 'Default rules cannot be modified');
    }
    if (actions !== undefined) rule.forward = forwardOf(world, actions);
    return { Rules: [ruleWire(rule)] };
  },
  ModifyListener(world, { ListenerArn: arn, DefaultActions: actions }) {
    const listener = world.elb.listeners.find((candidate) => candidate.arn === arn);
    const rule = world.elb.rules.find(({ listenerArn, priority }) => listenerArn === arn && priority === 'default');
    if (!listener || !rule) throw new AwsError('ListenerNotFoundException', 'One or more listeners not found');
    if (actions !== undefined) rule.forward = forwardOf(world, actions);
    return { Listeners: [listenerWire(world, listener)] };
  },
};

/** Tasks that are registered with a target group. */
export function targetsOf(world: World, targetGroupArn: string): readonly FakeTask[] {
  return world.clusters
    .flatMap(({ services }) => services)
    .flatMap(({ tasks }) => tasks)
    .filter((task) => task.revision.targetGroupArn === targetGroupArn && task.target !== 'none');
}

function balancersOf(world: World, group: FakeTargetGroup): readonly string[] {
  const rules = world.elb.rules.filter(({ forward }) => forward.some((item) => item.targetGroupArn === group.arn));
  const listeners = world.elb.listeners.filter(({ arn }) => rules.some(({ listenerArn }) => listenerArn === arn));
  return [...new Set(listeners.map(({ loadBalancerArn }) => loadBalancerArn))];
}

function forwardOf(world: World, actions: unknown): readonly WeightedGroup[] {
  const [action] = actions as readonly {
    readonly Type: string;
    readonly TargetGroupArn?: string;
    readonly ForwardConfig?: { readonly TargetGroups?: readonly { TargetGroupArn: string; Weight?: number }[] };
  }[];
  if (action?.Type !== 'forward') throw new AwsError('InvalidLoadBalancerActionException', 'Only forward is known');
  const listed = action.ForwardConfig?.TargetGroups ?? [];
  const single = action.TargetGroupArn === undefined ? [] : [{ TargetGroupArn: action.TargetGroupArn, Weight: 1 }];
  const groups = listed.length > 0 ? listed : single;
  for (const { TargetGroupArn, Weight = 1 } of groups) {
    if (!world.elb.targetGroups.some(({ arn }) => arn === TargetGroupArn)) {
      throw new AwsError('TargetGroupNotFoundException', 'One or more target groups not found');
    }
    if (Weight < 0 || Weight > 999) {
      const message = `Weight '${Weight}' must be between 0 and 999 inclusive`;
      throw new AwsError('ValidationError', message);
    }
  }
  return groups.map(({ TargetGroupArn, Weight = 1 }) => ({ targetGroupArn: TargetGroupArn, weight: Weight }));
}

function actionsWire(forward: readonly WeightedGroup[]): readonly Wire[] {
  const [first] = forward;
  const groups = forward.map(({ targetGroupArn, weight }) => ({ TargetGroupArn: targetGroupArn, Weight: weight }));
  return [
    {
      Type: 'forward',
      Order: 1,
      ...(forward.length === 1 && { TargetGroupArn: first?.targetGroupArn }),
      ForwardConfig: { TargetGroups: groups, TargetGroupStickinessConfig: { Enabled: false } },
    },
  ];
}

function listenerWire(world: World, listener: FakeListener): Wire {
  const rule = world.elb.rules.find(
    ({ listenerArn, priority }) => listenerArn === listener.arn && priority === 'default',
  );
  return {
    ListenerArn: listener.arn,
    LoadBalancerArn: listener.loadBalancerArn,
    Port: listener.port,
    Protocol: listener.protocol,
    DefaultActions: actionsWire(rule?.forward ?? []),
  };
}

function ruleWire(rule: FakeRule): Wire {
  return {
    RuleArn: rule.arn,
    Priority: String(rule.priority),
    IsDefault: rule.priority === 'default',
    Conditions: rule.conditions.map(({ field, values, header }) => ({
      Field: field,
      ...(field === 'path-pattern' && { Values: values, PathPatternConfig: { Values: values } }),
      ...(field === 'host-header' && { Values: values, HostHeaderConfig: { Values: values } }),
      ...(field === 'http-header' && { HttpHeaderConfig: { HttpHeaderName: header, Values: values } }),
    })),
    Actions: actionsWire(rule.forward),
  };
}

function targetGroupWire(world: World, group: FakeTargetGroup): Wire {
  return {
    TargetGroupArn: group.arn,
    TargetGroupName: group.name,
    Protocol: 'HTTP',
    ProtocolVersion: 'HTTP1',
    Port: group.port,
    VpcId: 'vpc-0a1b2c3d',
    HealthCheckProtocol: 'HTTP',
    HealthCheckPort: 'traffic-port',
    HealthCheckEnabled: true,
    HealthCheckPath: group.healthCheckPath,
    HealthCheckIntervalSeconds: 5,
    HealthCheckTimeoutSeconds: 2,
    HealthyThresholdCount: 2,
    UnhealthyThresholdCount: 2,
    Matcher: { HttpCode: '200' },
    TargetType: 'ip',
    LoadBalancerArns: balancersOf(world, group),
  };
}

const HEALTH_REASONS = {
  initial: { Reason: 'Elb.RegistrationInProgress', Description: 'Target registration is in progress' },
  unhealthy: {
    Reason: 'Target.ResponseCodeMismatch',
    Description: 'Health checks failed with these codes: [500]',
  },
  draining: { Reason: 'Target.DeregistrationInProgress', Description: 'Target deregistration is in progress' },
} as const;

function targetWire(group: FakeTargetGroup, { address, target }: FakeTask): Wire {
  return {
    Target: { Id: address, Port: group.port, AvailabilityZone: 'eu-west-1a' },
    HealthCheckPort: String(group.port),
    TargetHealth: {
      State: target,
      ...(target in HEALTH_REASONS && HEALTH_REASONS[target as keyof typeof HEALTH_REASONS]),
    },
  };
}
