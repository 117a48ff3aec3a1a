import type { Process } from '../virtual-time.ts';
import type { World } from '../world.ts';
import { say } from './events.ts';
import type { ContainerDefinition, FakeService, FakeTask, ServiceDeploymentState, TaskFate } from './state.ts';
import { fateOf, splitImage } from './task-fate.ts';

/** Milliseconds of the parts of a task's life. */
const PROVISIONING_MS = 2_000;
const PULLING_MS = 3_000;
const HEALTH_MS = 5_000;
const STOPPING_MS = 2_000;

/** A new task of a deployment, which lives on its own from here. */
export function startTask(world: World, service: FakeService, deployment: ServiceDeploymentState): FakeTask {
  const id = world.nextId();
  const { taskDefinition } = deployment.revision;
  const task: FakeTask = {
    id,
    arn: world.arn('ecs', `task/${service.cluster.name}/${id}`),
    revision: deployment.revision,
    deployment,
    createdAt: world.now,
    containers: taskDefinition.given.containerDefinitions.map(({ name, image }) => ({
      name,
      image,
      imageDigest: digestOf(world, image),
      lastStatus: 'PROVISIONING',
      exitCode: undefined,
      reason: undefined,
    })),
    address: `10.0.${service.tasks.length % 250}.${(service.tasks.length % 200) + 10}`,
    lastStatus: 'PROVISIONING',
    desiredStatus: 'RUNNING',
    health: 'UNKNOWN',
    target: 'none',
    startedAt: undefined,
    stoppedAt: undefined,
    stopCode: undefined,
    stoppedReason: undefined,
    process: undefined,
  };
  service.tasks.push(task);
  task.process = world.time.spawn(lifeOf(world, service, task, fateOf(world, taskDefinition)));
  say(world, service, `has started 1 tasks: (task ${id}).`);
  return task;
}

function digestOf(world: World, image: string): string | undefined {
  const { name, reference } = splitImage(image.slice(image.indexOf('/') + 1));
  if (reference.startsWith('sha256:')) return reference;
  const repository = world.ecr.repositories.find((candidate) => candidate.name === name);
  return repository?.images.find(({ tags }) => tags.includes(reference))?.digest;
}

/** True once a task does its work and nothing says that it does not. */
export function isWell(task: FakeTask): boolean {
  const serves = task.target === 'healthy' || (task.target === 'none' && task.revision.targetGroupArn === undefined);
  const checked = hasHealthCheck(task) ? task.health === 'HEALTHY' : true;
  return task.lastStatus === 'RUNNING' && task.desiredStatus === 'RUNNING' && serves && checked;
}

/** Ends a task on purpose: it drains, gets its signal, and is gone a moment later. */
export function stopTask(world: World, task: FakeTask, stopCode: string, reason: string): void {
  if (task.desiredStatus === 'STOPPED') return;
  task.desiredStatus = 'STOPPED';
  if (task.target !== 'none') task.target = 'draining';
  task.stopCode = stopCode;
  task.stoppedReason = reason;
  task.process?.stop();
  task.process = world.time.spawn(ending(world, task));
}

function* ending(world: World, task: FakeTask): Process {
  task.lastStatus = 'DEACTIVATING';
  yield STOPPING_MS;
  ended(world, task, task.startedAt === undefined ? undefined : 143);
}

function* lifeOf(world: World, service: FakeService, task: FakeTask, fate: TaskFate): Process {
  yield PROVISIONING_MS;
  setStatus(task, 'PENDING');
  yield PULLING_MS;
  if (fate.kind === 'cannot-pull' || fate.kind === 'cannot-start') {
    if (fate.kind === 'cannot-pull') for (const container of task.containers) container.reason = fate.reason;
    return failed(world, service, task, 'TaskFailedToStart', fate.reason, undefined);
  }
  setStatus(task, 'RUNNING');
  task.startedAt = world.now;
  writeLog(world, task, 'log' in fate && fate.log ? fate.log : ['INFO:     Application startup complete.']);
  if (task.revision.targetGroupArn !== undefined) {
    task.target = 'initial';
    say(world, service, `registered 1 targets in (target-group ${task.revision.targetGroupArn})`);
  }
  yield HEALTH_MS;
  if (fate.kind === 'exits') {
    for (const container of task.containers) container.reason = fate.reason;
    return failed(world, service, task, 'EssentialContainerExited', 'Essential container in task exited', fate.code);
  }
  if (fate.kind === 'unhealthy-container') {
    task.health = 'UNHEALTHY';
    return failed(world, service, task, 'ServiceSchedulerInitiated', 'Task failed container health checks', 137);
  }
  if (fate.kind === 'unhealthy-target') return yield* unhealthyTarget(world, service, task, fate.code ?? '500');
  task.health = hasHealthCheck(task) ? 'HEALTHY' : 'UNKNOWN';
  if (task.target === 'initial') task.target = 'healthy';
  if (task.deployment.configuration.deploymentCircuitBreaker?.resetOnHealthyTask !== false)
    task.deployment.failedTasks = 0;
}

function* unhealthyTarget(world: World, service: FakeService, task: FakeTask, code: string): Process {
  const group = task.revision.targetGroupArn;
  task.target = 'unhealthy';
  const why = `(reason Health checks failed with these codes: [${code}])`;
  say(world, service, `(task ${task.id}) is unhealthy in (target-group ${group}) due to ${why}.`);
  yield HEALTH_MS;
  failed(
    world,
    service,
    task,
    'ServiceSchedulerInitiated',
    `Task failed ELB health checks in (target-group ${group})`,
    143,
  );
}

function failed(
  world: World,
  service: FakeService,
  task: FakeTask,
  stopCode: string,
  reason: string,
  exitCode: number | undefined,
): void {
  task.stopCode = stopCode;
  task.stoppedReason = reason;
  ended(world, task, exitCode);
  task.deployment.failedTasks += 1;
  task.deployment.updatedAt = world.now;
  if (task.deployment.failedTasks % 3 === 0) {
    const help = 'For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.';
    say(world, service, `is unable to consistently start tasks successfully. ${help}`);
  }
}

function ended(world: World, task: FakeTask, exitCode: number | undefined): void {
  task.desiredStatus = 'STOPPED';
  setStatus(task, 'STOPPED');
  task.stoppedAt = world.now;
  task.target = 'none';
  for (const container of task.containers) container.exitCode = exitCode;
}

function setStatus(task: FakeTask, status: FakeTask['lastStatus']): void {
  task.lastStatus = status;
  for (const container of task.containers) container.lastStatus = status;
}

function definitionsOf(task: FakeTask): readonly ContainerDefinition[] {
  return task.revision.taskDefinition.given.containerDefinitions;
}

function hasHealthCheck(task: FakeTask): boolean {
  return definitionsOf(task).some(({ healthCheck }) => healthCheck !== undefined);
}

function writeLog(world: World, task: FakeTask, lines: readonly string[]): void {
  for (const { name, logConfiguration } of definitionsOf(task)) {
    if (logConfiguration?.logDriver !== 'awslogs') continue;
    const { 'awslogs-group': groupName = '', 'awslogs-stream-prefix': prefix } = logConfiguration.options ?? {};
    const group = world.logs.groups.get(groupName) ?? new Map();
    world.logs.groups.set(groupName, group);
    const stream = prefix === undefined ? task.id : `${prefix}/${name}/${task.id}`;
    group.set(
      stream,
      lines.map((message, index) => ({ at: world.now + index, message })),
    );
  }
}
