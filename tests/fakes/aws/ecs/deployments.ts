import { AwsError } from '../aws-error.ts';
import type { Handlers } from '../handler.ts';
import { serviceDeploymentBrief, serviceDeploymentWire, serviceRevisionWire, taskWire } from './answers.ts';
import { clusterOf, deploymentOf, findService, page, serviceOf } from './lookup.ts';
import { stopDeployment } from './start.ts';
import { stopTask } from './task-life.ts';

export const deploymentHandlers: Handlers = {
  ListServiceDeployments(world, { cluster, service: given, status, createdAt, maxResults, nextToken }) {
    const service = serviceOf(clusterOf(world, cluster), given);
    const { after = 0, before = Number.POSITIVE_INFINITY } = (createdAt ?? {}) as { after?: number; before?: number };
    const found = service.deployments
      .filter((state) => !world.lagging(state.arn))
      .filter((state) => !Array.isArray(status) || status.length === 0 || status.includes(state.status))
      .filter((state) => state.createdAt / 1000 > after && state.createdAt / 1000 < before)
      .map((state) => serviceDeploymentBrief(service, state));
    const { items, nextToken: next } = page(found, maxResults ?? 20, nextToken, 100);
    return { serviceDeployments: items, nextToken: next };
  },
  DescribeServiceDeployments(world, { serviceDeploymentArns }) {
    const services = world.clusters.flatMap((cluster) => cluster.services);
    const asked = (serviceDeploymentArns as readonly string[]).map((arn) => {
      const service = services.find(({ deployments }) => deployments.some((state) => state.arn === arn));
      return { arn, service, state: service?.deployments.find((state) => state.arn === arn) };
    });
    return {
      serviceDeployments: asked.flatMap(({ service, state }) =>
        service && state ? [serviceDeploymentWire(service, state)] : [],
      ),
      failures: asked.filter(({ state }) => !state).map(({ arn }) => ({ arn, reason: 'MISSING' })),
    };
  },
  DescribeServiceRevisions(world, { serviceRevisionArns }) {
    const services = world.clusters.flatMap((cluster) => cluster.services);
    const revisions = services.flatMap((service) => service.deployments.map(({ revision }) => ({ service, revision })));
    const asked = serviceRevisionArns as readonly string[];
    const seen = asked.filter((arn) => !world.lagging(arn) && revisions.some(({ revision }) => revision.arn === arn));
    return {
      serviceRevisions: revisions
        .filter(({ revision }) => seen.includes(revision.arn))
        .map(({ service, revision }) => serviceRevisionWire(service, revision)),
      failures: asked.filter((arn) => !seen.includes(arn)).map((arn) => ({ arn, reason: 'MISSING' })),
    };
  },
  StopServiceDeployment(world, { serviceDeploymentArn, stopType = 'ROLLBACK' }) {
    const { service, state } = deploymentOf(world, serviceDeploymentArn);
    if (stopType !== 'ROLLBACK') throw new AwsError('InvalidParameterException', 'Invalid stopType.');
    if (['SUCCESSFUL', 'STOPPED', 'ROLLBACK_SUCCESSFUL', 'ROLLBACK_FAILED'].includes(state.status)) {
      const message = `The service deployment is in a terminal state: ${state.status}.`;
      throw new AwsError('ConflictException', message);
    }
    stopDeployment(world, service, state);
    return { serviceDeploymentArn: state.arn };
  },
  ContinueServiceDeployment(world, { serviceDeploymentArn, hookId, action = 'CONTINUE' }) {
    const { state } = deploymentOf(world, serviceDeploymentArn);
    const hook = state.hooks.find(({ id }) => id === hookId);
    if (!hook) throw new AwsError('InvalidParameterException', 'The specified hookId was not found.');
    if (hook.status !== 'AWAITING_ACTION' || hook.answer !== undefined || state.status !== 'IN_PROGRESS') {
      throw new AwsError('InvalidParameterException', 'The hook is not in AWAITING_ACTION status.');
    }
    hook.answer = action === 'ROLLBACK' ? 'ROLLBACK' : 'CONTINUE';
    state.process?.wake();
    return { serviceDeploymentArn: state.arn };
  },
  ListTasks(world, { cluster, serviceName, family, desiredStatus = 'RUNNING', startedBy, maxResults, nextToken }) {
    const where = clusterOf(world, cluster);
    const service = serviceName === undefined ? undefined : findService(where, serviceName);
    if (serviceName !== undefined && !service) throw new AwsError('ServiceNotFoundException', 'Service not found.');
    const found = (service ? [service] : where.services)
      .flatMap(({ tasks }) => tasks)
      .filter((task) => task.desiredStatus === desiredStatus)
      .filter((task) => family === undefined || task.revision.taskDefinition.family === family)
      .filter((task) => startedBy === undefined || task.deployment.id === startedBy)
      .filter(({ stoppedAt }) => stoppedAt === undefined || world.now - stoppedAt < KEPT_MS)
      .map(({ arn }) => arn);
    const { items, nextToken: next } = page(found, maxResults, nextToken, 100);
    return { taskArns: items, nextToken: next };
  },
  DescribeTasks(world, { cluster, tasks }) {
    const where = clusterOf(world, cluster);
    const asked = (tasks as readonly string[]).map((given) => {
      const id = given.split('/').at(-1);
      const service = where.services.find((candidate) => candidate.tasks.some((task) => task.id === id));
      return { given, service, task: service?.tasks.find((task) => task.id === id) };
    });
    return {
      tasks: asked.flatMap(({ service, task }) => (service && task ? [taskWire(service, task)] : [])),
      failures: asked.filter(({ task }) => !task).map(({ given }) => ({ arn: given, reason: 'MISSING' })),
    };
  },
  StopTask(world, { cluster, task: given, reason }) {
    const id = String(given).split('/').at(-1);
    for (const service of clusterOf(world, cluster).services) {
      const task = service.tasks.find((candidate) => candidate.id === id);
      if (!task) continue;
      stopTask(world, task, 'UserInitiated', String(reason ?? 'Task stopped by user'));
      return { task: taskWire(service, task) };
    }
    throw new AwsError('InvalidParameterException', 'The referenced task was not found.');
  },
};

/** Stopped tasks can be seen for an hour. */
const KEPT_MS = 3_600_000;
