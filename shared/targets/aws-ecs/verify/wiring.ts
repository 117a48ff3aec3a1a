import type { Service } from '@aws-sdk/client-ecs';
import {
  DescribeRulesCommand,
  DescribeTargetGroupsCommand,
  type Rule,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Problem } from '../../../errors.ts';
import { nameOf } from '../aws-error.ts';
import { shortArn } from '../names.ts';
import { chooseContainer } from '../task-definition.ts';
import { type Finding, NOTHING, type Subject } from './look.ts';
import { loadBalancerWrong } from './problems.ts';

/**
 * The load balancer sends callers to a container and a port. They may reach the application through another container,
 * which is said; where they reach it directly, the port must be its own.
 */
export function checkPorts({ context: { policy, port }, service, shape }: Subject): Finding {
  const { name = '', portMappings = [] } = chooseContainer(shape, policy.container);
  const ports = portMappings.flatMap(({ containerPort }) => containerPort ?? []);
  const correct = `Let the load balancer send them to port ${port}, or set port in haute.toml to the one that is right`;
  const problems: Problem[] = [];
  const notes: string[] = [];
  for (const { containerName, containerPort } of service.loadBalancers ?? []) {
    if (containerName !== name)
      notes.push(`callers come through the container ${containerName}; the release is in ${name}`);
    else if (containerPort !== port)
      problems.push(
        loadBalancerWrong(
          `the load balancer sends callers to port ${containerPort}, and the application listens on ${port}`,
          correct,
        ),
      );
  }
  if (ports.length > 0 && !ports.includes(port))
    problems.push(
      loadBalancerWrong(
        `the container ${name} opens port ${ports.join(', ')}, and the application listens on ${port}`,
        'Map that port in the task definition, or set port in haute.toml to the one that is right',
      ),
    );
  return { problems, notes };
}

/** Target groups that are there, behind a load balancer, and ask for health where the application answers. */
export async function checkGroups({ context, service, shape, signal }: Subject): Promise<Finding> {
  const arns = groupsOf(service);
  if (arns.length === 0) return NOTHING;
  const found = await context.aws.ask(
    'its target groups',
    async ({ elb }, options) => {
      try {
        return await elb.send(new DescribeTargetGroupsCommand({ TargetGroupArns: [...arns] }), options);
      } catch (error) {
        if (/^TargetGroupNotFound(Exception)?$/.test(nameOf(error))) return undefined;
        throw error;
      }
    },
    signal,
  );
  if (!found) return { problems: [groupMissing(arns)], notes: [] };
  const problems: Problem[] = [];
  const notes: string[] = [];
  for (const { TargetGroupName: name, HealthCheckPath: path, LoadBalancerArns, TargetType } of found.TargetGroups ??
    []) {
    if (LoadBalancerArns?.length === 0) notes.push(`the target group ${name} is behind no load balancer now`);
    if (shape.networkMode === 'awsvpc' && TargetType !== undefined && TargetType !== 'ip')
      problems.push(
        loadBalancerWrong(
          `the target group ${name} takes targets of type ${TargetType}, and tasks in awsvpc mode are of type ip`,
          'Make a target group of type ip, and let the service use it',
        ),
      );
    // A path other than /health may be right, so it is said and stops nothing.
    if (path !== undefined && path !== context.healthPath)
      notes.push(
        `the health check of target group ${name} asks ${path}; the application answers at ${context.healthPath}`,
      );
  }
  return { problems, notes };
}

/** The rules by which ECS moves traffic: there, and sending callers to this service's target groups alone. */
export async function checkRules({ context, service, signal }: Subject): Promise<Finding> {
  const problems: Problem[] = [];
  for (const { targetGroupArn, advancedConfiguration: more } of service.loadBalancers ?? []) {
    const groups = [targetGroupArn, more?.alternateTargetGroupArn];
    for (const [what, arn] of [
      ['production', more?.productionListenerRule],
      ['test', more?.testListenerRule],
    ] as const) {
      // A network load balancer has listeners and no rules.
      if (!arn?.includes(':listener-rule/')) continue;
      const rules = await context.aws.ask(
        `the ${what} listener rule`,
        async ({ elb }, options) => {
          try {
            return (await elb.send(new DescribeRulesCommand({ RuleArns: [arn] }), options)).Rules ?? [];
          } catch (error) {
            if (/^RuleNotFound(Exception)?$/.test(nameOf(error))) return [];
            throw error;
          }
        },
        signal,
      );
      problems.push(...rulesWrong(what, rules, groups));
    }
    if (more?.testListenerRule !== undefined && more.testListenerRule === more.productionListenerRule)
      problems.push(
        loadBalancerWrong(
          'the test listener rule is the production listener rule, so that a candidate would have callers at once',
          'Give the service a rule of a test listener as testListenerRule',
        ),
      );
  }
  return { problems, notes: [] };
}

function rulesWrong(what: string, rules: readonly Rule[], groups: readonly (string | undefined)[]): readonly Problem[] {
  const [rule] = rules;
  const fix = `Let the ${what} listener rule of the service forward to its two target groups, and to nothing else`;
  if (!rule) return [loadBalancerWrong(`the ${what} listener rule of the service is not there`, fix)];
  const to = (rule.Actions ?? []).flatMap(({ TargetGroupArn, ForwardConfig }) => {
    const several = (ForwardConfig?.TargetGroups ?? []).map((each) => each.TargetGroupArn);
    return several.length > 0 ? several : [TargetGroupArn];
  });
  const others = to.filter((arn) => arn !== undefined && !groups.includes(arn));
  if (to.length > 0 && others.length === 0) return [];
  const where = others.map((arn) => arn?.split('/').at(-2) ?? shortArn(arn ?? '')).join(', ');
  return [
    loadBalancerWrong(
      where === ''
        ? `the ${what} listener rule forwards to no target group`
        : `the ${what} listener rule forwards to ${where}, which is none of the service’s target groups`,
      fix,
    ),
  ];
}

function groupsOf({ loadBalancers = [] }: Service): readonly string[] {
  return loadBalancers.flatMap(({ targetGroupArn, advancedConfiguration: more }) =>
    [targetGroupArn, more?.alternateTargetGroupArn].filter((arn) => arn !== undefined),
  );
}

function groupMissing(arns: readonly string[]): Problem {
  return loadBalancerWrong(
    `of the target groups ${arns.map((arn) => arn.split('/').at(-2)).join(', ')} at least one is not there any more`,
    'Create it again, and update the load balancers of the service',
  );
}
