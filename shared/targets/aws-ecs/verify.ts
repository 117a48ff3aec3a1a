import { DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import type { Service } from '@aws-sdk/client-ecs';
import { DescribeTargetGroupsCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { ConfigError, type Problem, throwIfAny } from '../../errors.ts';
import type { Release } from '../../release/release.ts';
import type { EcsContext } from './context.ts';
import { loadBalancerWrong, logGroupMissing } from './errors.ts';
import { checkImage } from './image-check.ts';
import { chooseContainer, type TaskShape } from './task-definition.ts';

/**
 * Looks at everything that would keep the tasks of a definition from starting or being reached, before anything is
 * changed. Reads only.
 * @returns what is worth knowing and stops nothing: what could not be looked at, with the permission that is missing
 * @throws ConfigError with everything that is wrong
 */
export async function verify(
  context: EcsContext,
  service: Service,
  shape: TaskShape,
  release: Release,
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const notes: string[] = [];
  const problems: Problem[] = [...checkWiring(context, service, shape, notes)];
  const looks: readonly (readonly [string, () => Promise<readonly Problem[]>])[] = [
    ['the image', () => checkImage(context, shape, release, signal)],
    ['the log groups', () => checkLogGroups(context, shape, signal)],
    ['the health checks', () => checkHealth(context, service, notes, signal)],
  ];
  for (const [what, look] of looks) {
    try {
      problems.push(...(await look()));
    } catch (error) {
      if (!(error instanceof ConfigError) || error.problems[0].code !== 'AWS-ACCESS-DENIED') throw error;
      notes.push(`${what} could not be looked at: ${error.problems[0].what}`);
    }
  }
  throwIfAny(problems);
  return notes;
}

/**
 * The load balancer sends callers to a container and a port. They may reach the application through another container,
 * which is said; where they reach it directly, the port must be its own.
 */
function checkWiring(
  { policy, port }: EcsContext,
  service: Service,
  shape: TaskShape,
  notes: string[],
): readonly Problem[] {
  const { name = '', portMappings = [] } = chooseContainer(shape, policy.container);
  const ports = portMappings.flatMap(({ containerPort }) => containerPort ?? []);
  const correct = `Let the load balancer send them to port ${port}, or set port in haute.toml to the one that is right`;
  const problems: Problem[] = [];
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
  if (ports.length === 0 || ports.includes(port)) return problems;
  return [
    ...problems,
    loadBalancerWrong(
      `the container ${name} opens port ${ports.join(', ')}, and the application listens on ${port}`,
      'Map that port in the task definition, or set port in haute.toml to the one that is right',
    ),
  ];
}

async function checkLogGroups(
  { aws, place }: EcsContext,
  shape: TaskShape,
  signal?: AbortSignal,
): Promise<readonly Problem[]> {
  const wanted = new Set(
    (shape.containerDefinitions ?? []).flatMap(({ logConfiguration }) => {
      const options = logConfiguration?.options ?? {};
      const isElsewhere = options['awslogs-region'] !== undefined && options['awslogs-region'] !== place.region;
      if (logConfiguration?.logDriver !== 'awslogs' || isElsewhere) return [];
      return options['awslogs-create-group'] === 'true' ? [] : (options['awslogs-group'] ?? []);
    }),
  );
  const problems: Problem[] = [];
  for (const group of wanted) {
    const { logGroups = [] } = await aws.ask(
      `the log group ${group}`,
      ({ logs }, options) => logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: group, limit: 50 }), options),
      signal,
    );
    if (!logGroups.some(({ logGroupName }) => logGroupName === group))
      problems.push(logGroupMissing(group, place.region));
  }
  return problems;
}

/** A path other than /health may be right, so it is said and stops nothing. */
async function checkHealth(
  { aws, healthPath }: EcsContext,
  service: Service,
  notes: string[],
  signal?: AbortSignal,
): Promise<readonly Problem[]> {
  const arns = (service.loadBalancers ?? []).flatMap(({ targetGroupArn, advancedConfiguration: more }) =>
    [targetGroupArn, more?.alternateTargetGroupArn].filter((arn) => arn !== undefined),
  );
  if (arns.length === 0) return [];
  const { TargetGroups: groups = [] } = await aws.ask(
    'its target groups',
    ({ elb }, options) => elb.send(new DescribeTargetGroupsCommand({ TargetGroupArns: arns }), options),
    signal,
  );
  for (const { TargetGroupName, HealthCheckPath } of groups) {
    if (HealthCheckPath !== undefined && HealthCheckPath !== healthPath)
      notes.push(
        `the health check of target group ${TargetGroupName} asks ${HealthCheckPath}; the application answers at ${healthPath}`,
      );
  }
  return [];
}
