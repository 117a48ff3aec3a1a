import type { ServiceDeployment } from '@aws-sdk/client-ecs';
import { percentOf } from './deployments.ts';
import { withoutArns } from './names.ts';
import type { Look } from './outcome.ts';

/** Tells what changed between two looks at a deployment, and nothing that stayed. */
export class ProgressReport {
  readonly #progress: (line: string) => void;
  readonly #events: Set<string>;
  #told = new Map<string, string>();

  /** @param before events that were there already: not news */
  constructor(progress: (line: string) => void, before: Look['service'] | undefined) {
    this.#progress = progress;
    this.#events = new Set((before?.events ?? []).map(({ id = '' }) => id));
  }

  tell(look: Look): void {
    for (const { id = '', message = '' } of (look.service.events ?? []).toReversed()) {
      if (this.#events.has(id)) continue;
      this.#events.add(id);
      this.#progress(withoutArns(message));
    }
    for (const [topic, line] of topicsOf(look)) {
      if (line === this.#told.get(topic)) continue;
      this.#told.set(topic, line);
      if (line !== '') this.#progress(line);
    }
  }
}

/** One line for each thing that can change; empty where there is nothing to tell. */
function topicsOf({ service, deployment }: Look): readonly (readonly [string, string])[] {
  const { desiredCount = 0, runningCount = 0, pendingCount = 0 } = service;
  const failedTasks = (service.deployments ?? []).reduce((sum, each) => sum + (each.failedTasks ?? 0), 0);
  return [
    ['counts', `${runningCount} of ${desiredCount} tasks run${pendingCount > 0 ? `, ${pendingCount} start` : ''}`],
    ['failed', failedTasks > 0 ? `${failedTasks} tasks failed` : ''],
    ...(deployment ? deploymentTopics(deployment) : []),
  ];
}

function deploymentTopics(deployment: ServiceDeployment): readonly (readonly [string, string])[] {
  const {
    status = '',
    statusReason,
    lifecycleStage,
    lifecycleHookDetails = [],
    targetServiceRevision,
    alarms,
  } = deployment;
  const waits = lifecycleHookDetails.find(({ status: hook }) => hook === 'AWAITING_ACTION');
  const weight = targetServiceRevision?.requestedProductionTrafficWeight;
  const alarmed = alarms?.triggeredAlarmNames ?? [];
  return [
    ['status', `the deployment is ${status}${statusReason ? `: ${statusReason}` : ''}`],
    ['stage', lifecycleStage ? `stage ${lifecycleStage}` : ''],
    ['weight', weight === undefined ? '' : `${percentOf(deployment)} % of the production traffic on the new tasks`],
    ['pause', waits?.expiresAt ? `AWS waits for the checks, until ${waits.expiresAt.toISOString()}` : ''],
    ['alarms', alarmed.length > 0 ? `alarm: ${alarmed.join(', ')}` : ''],
  ];
}
