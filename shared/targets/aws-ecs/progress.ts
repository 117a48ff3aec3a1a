import type { ServiceDeployment } from '@aws-sdk/client-ecs';
import { percentOf } from './deployments.ts';
import { withoutArns } from './names.ts';
import type { Look } from './outcome.ts';

/** Tells what changed between two looks at a deployment, and nothing that stayed. */
export class ProgressReport {
  readonly #progress: (line: string) => void;
  readonly #events: Set<string>;
  readonly #told: Map<string, string>;

  /**
   * @param before events that were there already: not news
   * @param told last line of each topic, which it goes on with
   */
  constructor(
    progress: (line: string) => void,
    before: Look['service'] | undefined,
    told: Map<string, string> = new Map(),
  ) {
    this.#progress = progress;
    this.#told = told;
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
  const { desiredCount: wanted = 0, runningCount: running = 0, pendingCount: starting = 0 } = service;
  // Two sets of them beside each other, while traffic moves.
  const counts = running > wanted ? `${running} tasks run, ${wanted} are wanted` : `${running} of ${wanted} tasks run`;
  const failedTasks = (service.deployments ?? []).reduce((sum, each) => sum + (each.failedTasks ?? 0), 0);
  return [
    ['counts', starting > 0 ? `${counts}, ${starting} starting` : counts],
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
    [
      'pause',
      waits?.expiresAt
        ? `AWS waits for the checks, and ${afterwards(waits.timeoutAction)} at ${minute(waits.expiresAt)} if it hears nothing`
        : '',
    ],
    ['alarms', alarmed.length > 0 ? `alarm: ${alarmed.join(', ')}` : ''],
  ];
}

/** What AWS does at a pause when its time is over: as our gates say, or as somebody's own does. */
function afterwards(action: string | undefined): string {
  return action === 'CONTINUE' ? 'goes on' : 'gives all traffic back';
}

/** `2026-03-01 12:05 UTC` */
function minute(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
