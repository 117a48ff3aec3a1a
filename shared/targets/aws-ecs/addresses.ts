import type { LoadBalancer, Service } from '@aws-sdk/client-ecs';
import {
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeRulesCommand,
  DescribeTargetGroupsCommand,
  type Listener,
  type Rule,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { ServingAddress } from '../../release/deployment.ts';
import type { EcsContext } from './context.ts';
import { addressUnknown } from './errors.ts';
import { environmentPolicy } from './policy.ts';

/** Ports that an address need not name. */
const USUAL_PORTS: Readonly<Record<string, number>> = { http: 80, https: 443 };

/** Who answers an environment's callers, or asks the candidate before they do. */
export type Side = 'production' | 'test';

/**
 * The address of a service: the one in the policy, or that of the load balancer's listener.
 * @throws ConfigError ECS-ADDRESS-UNKNOWN when there is none, or none that can be called by its name
 */
export async function addressOf(
  context: EcsContext,
  environment: string,
  service: Service,
  side: Side,
): Promise<ServingAddress> {
  const { url, testUrl } = environmentPolicy(context.policy, environment);
  const written = side === 'production' ? url : testUrl;
  if (written !== undefined) return { url: written, wire: 'haute' };
  const key = `${environment} ${side}`;
  const known = context.addresses.get(key);
  if (known) return known;
  const found = { url: await findUrl(context, environment, service, side), wire: 'haute' } as const;
  context.addresses.set(key, found);
  return found;
}

async function findUrl(context: EcsContext, environment: string, service: Service, side: Side): Promise<string> {
  const { serviceName = '', loadBalancers = [] } = service;
  const unknown = (why: string) => addressUnknown(serviceName, environment, why);
  const [balancer] = loadBalancers;
  if (!balancer) throw unknown('it has no load balancer');
  const listener = await findListener(context, balancer, side);
  if (!listener) throw unknown(`no listener of its load balancer sends ${side} traffic to it`);
  const protocol = (listener.Protocol ?? '').toLowerCase().replace('tcp', 'http').replace('tls', 'https');
  // The certificate is for the name that people use, and the load balancer's own is another.
  if (protocol === 'https')
    throw unknown('its listener speaks HTTPS, with a certificate for a name that AWS does not know');
  if (protocol !== 'http') throw unknown(`its listener speaks ${listener.Protocol}`);
  const host = await hostOf(context, listener.LoadBalancerArn ?? '');
  if (host === undefined) throw unknown('its load balancer has no name');
  return listener.Port === USUAL_PORTS[protocol] ? `${protocol}://${host}` : `${protocol}://${host}:${listener.Port}`;
}

/** The listener by the rule that the service names, or the first one of its load balancer that forwards to it. */
async function findListener(context: EcsContext, balancer: LoadBalancer, side: Side): Promise<Listener | undefined> {
  const { productionListenerRule, testListenerRule } = balancer.advancedConfiguration ?? {};
  const named = side === 'production' ? productionListenerRule : testListenerRule;
  if (named !== undefined) return (await listeners(context, { ListenerArns: [listenerOf(named)] }))[0];
  if (side === 'test' || balancer.targetGroupArn === undefined) return undefined;
  const group = balancer.targetGroupArn;
  const { TargetGroups: groups = [] } = await context.aws.ask('its target group', ({ elb }, options) =>
    elb.send(new DescribeTargetGroupsCommand({ TargetGroupArns: [group] }), options),
  );
  const [arn] = groups[0]?.LoadBalancerArns ?? [];
  if (arn === undefined) return undefined;
  for (const listener of await listeners(context, { LoadBalancerArn: arn })) {
    if (await forwardsTo(context, listener, group)) return listener;
  }
  return undefined;
}

async function listeners(
  { aws }: EcsContext,
  which: { readonly ListenerArns: string[] } | { readonly LoadBalancerArn: string },
): Promise<readonly Listener[]> {
  const { Listeners: found = [] } = await aws.ask('the listeners of its load balancer', ({ elb }, options) =>
    elb.send(new DescribeListenersCommand(which), options),
  );
  return found;
}

async function forwardsTo({ aws }: EcsContext, { ListenerArn = '' }: Listener, group: string): Promise<boolean> {
  let Marker: string | undefined;
  do {
    const page = { ListenerArn, ...(Marker !== undefined && { Marker }) };
    const { Rules: rules = [], NextMarker } = await aws.ask('the rules of its listener', ({ elb }, options) =>
      elb.send(new DescribeRulesCommand(page), options),
    );
    if (rules.some((rule) => isTo(rule, group))) return true;
    Marker = NextMarker;
  } while (Marker !== undefined);
  return false;
}

function isTo({ Actions: actions = [] }: Rule, group: string): boolean {
  return actions.some(
    ({ TargetGroupArn, ForwardConfig }) =>
      TargetGroupArn === group || ForwardConfig?.TargetGroups?.some((each) => each.TargetGroupArn === group),
  );
}

async function hostOf({ aws }: EcsContext, arn: string): Promise<string | undefined> {
  const { LoadBalancers: found = [] } = await aws.ask('its load balancer', ({ elb }, options) =>
    elb.send(new DescribeLoadBalancersCommand({ LoadBalancerArns: [arn] }), options),
  );
  return found[0]?.DNSName;
}

/** The ARN of a listener from the ARN of one of its rules; that of a listener (network load balancers) as it is. */
export function listenerOf(rule: string): string {
  return rule.includes(':listener-rule/')
    ? rule.replace(':listener-rule/', ':listener/').replace(/\/[^/]+$/, '')
    : rule;
}
