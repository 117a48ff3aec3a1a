import { GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  type Container,
  type ContainerDefinition,
  DescribeTasksCommand,
  ListTasksCommand,
  type Service,
  type Task,
} from '@aws-sdk/client-ecs';
import { DescribeTargetHealthCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { ConfigError, ProviderError } from '../../errors.ts';
import type { Explanation } from '../../ports/target.ts';
import type { EcsContext } from './context.ts';
import { deploymentId, shortArn, withoutArns } from './names.ts';
import { findTask } from './tasks.ts';

const SHOWN_TASKS = 5;
const SHOWN_LOG_LINES = 20;
/** Tasks that the scheduler itself ended, to scale or to make room for a newer deployment, say nothing of a release. */
const SCALING = /^Scaling activity initiated/i;

/** Why a deployment is not well: its stopped tasks, newest first, and the last lines of the newest. */
export async function explain(context: EcsContext, service: Service | undefined, id: string): Promise<Explanation> {
  const stopped = service ? await orWhyNot(() => stoppedTasks(context, service, id), []) : { value: [], missing: [] };
  const [newest] = stopped.value;
  const log = newest ? await orWhyNot(() => lastLines(context, id, newest), []) : { value: [], missing: [] };
  const health = service ? await orWhyNot(() => unhealthyTargets(context, service), []) : { value: [], missing: [] };
  const failed = newest?.containers?.find(({ exitCode, reason }) => (exitCode ?? 0) !== 0 || reason !== undefined);
  const notes = [...stopped.missing, ...log.missing, ...health.missing];
  const lines = [...stopped.value.map(describeTask), ...health.value];
  const where = service?.serviceName ?? 'no service';
  return {
    summary: [`deployment ${id} at ${where}: ${lines[0] ?? 'no stopped task of it is known any more'}`, ...notes].join(
      '; ',
    ),
    exitCode: failed?.exitCode,
    reason: newest && reasonOf(newest),
    log: [...lines, ...log.value],
    next: nextCommand(context, service, newest),
  };
}

/**
 * Tells why tasks of a definition stopped, where AWS says anything of it; what cannot be read is said, and stops nothing.
 * @returns what is known of the newest one that stopped; undefined where there is none
 */
export async function tellStopped(
  context: EcsContext,
  service: Service,
  id: string,
  progress: (line: string) => void,
): Promise<string | undefined> {
  const { log, summary, next, reason } = await explain(context, service, id);
  progress(summary);
  for (const line of log.slice(1)) progress(`  ${line}`);
  progress(`more: ${next}`);
  return reason === undefined ? undefined : log[0];
}

interface Found<T> {
  readonly value: T;
  /** What could not be looked at, and why. */
  readonly missing: readonly string[];
}

/** An explanation is worth having without its parts: a permission that is missing is named, and the rest is shown. */
async function orWhyNot<T>(read: () => Promise<T>, without: T): Promise<Found<T>> {
  try {
    return { value: await read(), missing: [] };
  } catch (error) {
    const problem =
      error instanceof ConfigError ? error.problems[0] : error instanceof ProviderError ? error.problem : undefined;
    if (!problem) throw error;
    return { value: without, missing: [`not all of it could be looked at: ${problem.what}`] };
  }
}

async function stoppedTasks({ aws, place }: EcsContext, service: Service, id: string): Promise<readonly Task[]> {
  const { serviceName = '' } = service;
  const { cluster } = place;
  const { taskArns = [] } = await aws.ask(`the stopped tasks of ${serviceName}`, ({ ecs }, options) =>
    ecs.send(new ListTasksCommand({ cluster, serviceName, desiredStatus: 'STOPPED' }), options),
  );
  if (taskArns.length === 0) return [];
  const { tasks = [] } = await aws.ask(`the stopped tasks of ${serviceName}`, ({ ecs }, options) =>
    ecs.send(new DescribeTasksCommand({ cluster, tasks: taskArns.slice(0, 100) }), options),
  );
  return tasks
    .filter((task) => deploymentId(task.taskDefinitionArn ?? '') === id && !SCALING.test(task.stoppedReason ?? ''))
    .toSorted((a, b) => (b.stoppedAt?.getTime() ?? 0) - (a.stoppedAt?.getTime() ?? 0))
    .slice(0, SHOWN_TASKS);
}

/** `task 4f2a…: EssentialContainerExited, …; pricing exited with 1`. */
function describeTask(task: Task): string {
  const containers = (task.containers ?? []).flatMap(describeContainer);
  const health = task.healthStatus === 'UNHEALTHY' ? ['its health check failed'] : [];
  const said = [task.stopCode ?? 'stopped', reasonOf(task), ...containers, ...health].filter(Boolean).join('; ');
  return `task ${shortArn(task.taskArn ?? '').slice(0, 12)}: ${said}${likelyCause(task)}`;
}

function describeContainer({ name, exitCode, reason }: Container): readonly string[] {
  if (exitCode === undefined && reason === undefined) return [];
  const exit = exitCode === undefined ? 'did not start' : `exited with ${exitCode}`;
  return [`container ${name} ${exit}${reason ? ` (${reason})` : ''}`];
}

function reasonOf({ stoppedReason }: Task): string | undefined {
  return stoppedReason === undefined ? undefined : withoutArns(stoppedReason);
}

/** What AWS' words usually come from. @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html */
const CAUSES: readonly (readonly [RegExp, string])[] = [
  [
    /CannotPull.*(not found|does not exist|manifest unknown)/is,
    'the image is not in the registry: run build-push, and check registry in haute.toml',
  ],
  [
    /CannotPull.*(denied|not authorized|403)/is,
    'the execution role of the task may not pull: allow ecr:BatchGetImage and ecr:GetDownloadUrlForLayer',
  ],
  [
    /CannotPull.*(timeout|i\/o|dial|no route)/is,
    'the subnet has no way to the registry: give it a NAT gateway or VPC endpoints of ECR and S3',
  ],
  [/CannotPull.*(no match|platform|descriptor)/is, 'the image is for another architecture than the task'],
  [
    /ResourceInitializationError.*(secret|ssm|parameter)/is,
    'the execution role may not read a secret, or it is not there',
  ],
  [
    /ResourceInitializationError.*(log|cloudwatch)/is,
    'the log group is not there, or the execution role may not write to it',
  ],
  [
    /unable to assume (the )?role/i,
    'the role is not there, or its trust policy does not let ecs-tasks.amazonaws.com take it',
  ],
  [
    /limit on the number of vCPUs/i,
    'the quota of Fargate is used up: ask for more in Service Quotas, or end other tasks',
  ],
  [/Capacity is unavailable/i, 'AWS has no room in these zones now: try again later, or give the service more subnets'],
  [/free addresses|insufficient.*(address|ip)/i, 'the subnet has no addresses left: give the service larger subnets'],
  [/OutOfMemory/i, 'it needs more memory than the task definition gives it'],
  [/exec format error/i, 'the image is for another architecture than the task'],
  [
    /failed (ELB|container) health checks|health checks failed/i,
    'the health check does not reach /health: compare its path and port with the port in haute.toml',
  ],
];

function likelyCause(task: Task): string {
  const said = [task.stoppedReason, ...(task.containers ?? []).map(({ reason }) => reason)].join(' ');
  const cause = CAUSES.find(([pattern]) => pattern.test(said))?.[1];
  return cause === undefined ? '' : ` - ${cause}`;
}

/** Targets that the load balancer calls unhealthy, each with its reason. */
async function unhealthyTargets({ aws }: EcsContext, service: Service): Promise<readonly string[]> {
  const groups = (service.loadBalancers ?? []).flatMap(({ targetGroupArn, advancedConfiguration: more }) =>
    [targetGroupArn, more?.alternateTargetGroupArn].filter((arn) => arn !== undefined),
  );
  const lines: string[] = [];
  for (const TargetGroupArn of groups) {
    const { TargetHealthDescriptions: targets = [] } = await aws.ask('the health of its targets', ({ elb }, options) =>
      elb.send(new DescribeTargetHealthCommand({ TargetGroupArn }), options),
    );
    for (const { Target, TargetHealth } of targets.filter((each) => each.TargetHealth?.State === 'unhealthy'))
      lines.push(
        `target ${Target?.Id}:${Target?.Port} is unhealthy (${TargetHealth?.Reason}): ${TargetHealth?.Description ?? ''}`,
      );
  }
  return lines.slice(0, SHOWN_TASKS);
}

async function lastLines(context: EcsContext, id: string, task: Task): Promise<readonly string[]> {
  const definition = (await findTask(context, id))?.definition;
  const failed =
    task.containers?.find(({ exitCode }) => exitCode !== undefined && exitCode !== 0) ?? task.containers?.[0];
  const container = definition?.containerDefinitions?.find(({ name }) => name === failed?.name);
  const place = container && logPlace(container, task);
  if (!place) return [];
  const { events = [] } = await context.aws.ask('the last log lines of the task', ({ logs }, options) =>
    logs.send(new GetLogEventsCommand({ ...place, limit: SHOWN_LOG_LINES, startFromHead: false }), options),
  );
  return events.map(({ message = '' }) => context.redact(message.trimEnd()));
}

/** Where awslogs puts a container's lines: `prefix/container/task`. Undefined with another driver. */
function logPlace({ name, logConfiguration }: ContainerDefinition, { taskArn = '' }: Task) {
  const options = logConfiguration?.options ?? {};
  const [group, prefix] = [options['awslogs-group'], options['awslogs-stream-prefix']];
  if (logConfiguration?.logDriver !== 'awslogs' || group === undefined || prefix === undefined) return undefined;
  return { logGroupName: group, logStreamName: `${prefix}/${name}/${shortArn(taskArn)}` };
}

function nextCommand({ place }: EcsContext, service: Service | undefined, task: Task | undefined): string {
  const where = `--region ${place.region} --cluster ${place.cluster}`;
  if (task?.taskArn) return `aws ecs describe-tasks ${where} --tasks ${shortArn(task.taskArn)}`;
  return `aws ecs describe-services ${where} --services ${service?.serviceName ?? place.service}`;
}
