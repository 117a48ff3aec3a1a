import type { DeploymentLifecycleHookDetail, Service, ServiceDeployment } from '@aws-sdk/client-ecs';
import { percentOf } from './deployments.ts';
import { deploymentId } from './names.ts';
import { primaryOf } from './snapshot.ts';

/** A deployment of ours as it stands, by what AWS says at one moment. */
export type Standing =
  | {
      readonly state: 'going';
      /** Percent of production traffic on it. */
      readonly percent: number;
      /** The pause that it waits at for somebody to let it go on. */
      readonly waitsAt: DeploymentLifecycleHookDetail | undefined;
      /** True when its tasks are up and can be asked at the test listener. */
      readonly isDark: boolean;
    }
  | { readonly state: 'done' }
  | { readonly state: 'failed'; readonly why: string }
  | { readonly state: 'overtaken'; readonly why: string };

/** In the order in which a deployment goes through them. AWS does not list the one before a shift as a stage. */
const STAGES = [
  'RECONCILE_SERVICE',
  'PRE_SCALE_UP',
  'SCALE_UP',
  'POST_SCALE_UP',
  'TEST_TRAFFIC_SHIFT',
  'POST_TEST_TRAFFIC_SHIFT',
  'PRE_PRODUCTION_TRAFFIC_SHIFT',
  'PRODUCTION_TRAFFIC_SHIFT',
  'POST_PRODUCTION_TRAFFIC_SHIFT',
  'BAKE_TIME',
  'CLEAN_UP',
];

/** True when a deployment has come as far as a stage; polls may miss stages. One that is not known has reached nothing. */
export function hasReached(stage: string | undefined, wanted: string): boolean {
  const at = STAGES.indexOf(stage ?? '');
  return at >= 0 && at >= STAGES.indexOf(wanted);
}

/** What is looked at: the service, and our deployment where AWS lists it. */
export interface Look {
  readonly service: Service;
  readonly deployment: ServiceDeployment | undefined;
  /** Id of the definition that the newest deployment of the service brings, where that one is not ours. */
  readonly newer: string | undefined;
}

/** How our deployment stands by the list of service deployments. @param task id of the definition that it brings */
export function judgeDeployment(look: Look & { readonly deployment: ServiceDeployment }, task: string): Standing {
  const { deployment, newer } = look;
  const why = reasonOf(deployment);
  switch (deployment.status) {
    case 'SUCCESSFUL':
      return judgeSuccess(look, task);
    case 'ROLLBACK_SUCCESSFUL':
      return newer === undefined || newer === task ? failed(`AWS rolled it back${why}`) : overtaken(newer, why);
    case 'ROLLBACK_FAILED':
      return failed(`AWS tried to roll it back and failed${why}; look at the service now`);
    case 'STOPPED':
      return newer === undefined || newer === task ? failed(`AWS stopped it${why}`) : overtaken(newer, why);
    // On its way back: what traffic it still has is no stage that was reached.
    case 'ROLLBACK_REQUESTED':
    case 'ROLLBACK_IN_PROGRESS':
    case 'STOP_REQUESTED':
      return stillGoing(undefined);
    default:
      return going(deployment);
  }
}

/** Success of a deployment is success only when the service runs it: AWS has said so of what was replaced meanwhile. */
function judgeSuccess({ service, deployment, newer }: Look, task: string): Standing {
  const primary = primaryOf(service);
  const runs = primary?.taskDefinition === undefined ? undefined : deploymentId(primary.taskDefinition);
  if (runs !== task) return newer === undefined ? stillGoing(deployment) : overtaken(newer, '');
  if (primary?.rolloutState === 'FAILED') return failed(`its rollout failed: ${primary.rolloutStateReason ?? ''}`);
  if (primary?.rolloutState === 'IN_PROGRESS') return stillGoing(deployment);
  return judgeCounts(service);
}

/** Ids of deployments as DescribeServices has them: `ecs-svc/…`. */
export interface KnownDeployments {
  readonly ours: string;
  /** Those that were there before ours began. */
  readonly older: readonly string[];
}

/**
 * Where AWS lists no service deployments: by the rollout states that DescribeServices gives. A service that goes back to
 * a deployment that was there before was rolled back; one that goes to another was taken over.
 */
export function judgeRollout(service: Service, task: string, known: KnownDeployments): Standing {
  const ours = service.deployments?.find(({ id }) => id === known.ours);
  const primary = primaryOf(service);
  if (ours?.rolloutState === 'FAILED')
    return failed(`its rollout failed: ${ours.rolloutStateReason ?? 'AWS does not say why'}`);
  const runs = primary?.taskDefinition === undefined ? 'nothing' : deploymentId(primary.taskDefinition);
  if (!ours || runs !== task) {
    const isBack = known.older.includes(primary?.id ?? '');
    return isBack ? failed(`AWS rolled it back to ${runs}`) : overtaken(runs, '');
  }
  const complete = ours.status === 'PRIMARY' && ours.rolloutState === 'COMPLETED' && isWhole(service);
  return complete ? judgeCounts(service) : { state: 'going', percent: 0, waitsAt: undefined, isDark: false };
}

/** True when nothing of an older deployment runs any more. */
function isWhole({ deployments = [], desiredCount = 0 }: Service): boolean {
  const others = deployments.filter(({ status, runningCount }) => status !== 'PRIMARY' && (runningCount ?? 0) > 0);
  const running = deployments.find(({ status }) => status === 'PRIMARY')?.runningCount ?? 0;
  return others.length === 0 && running >= desiredCount;
}

function judgeCounts({ desiredCount = 0, runningCount = 0 }: Service): Standing {
  if (desiredCount === 0) return failed('it wants 0 tasks, so nothing answers although AWS calls it done');
  if (runningCount === 0) return { state: 'going', percent: 100, waitsAt: undefined, isDark: false };
  return { state: 'done' };
}

function going(deployment: ServiceDeployment): Standing {
  const { lifecycleHookDetails = [], lifecycleStage } = deployment;
  const waitsAt = lifecycleHookDetails.find(
    ({ targetType, status }) => targetType === 'PAUSE' && status === 'AWAITING_ACTION',
  );
  return {
    state: 'going',
    percent: percentOf(deployment),
    waitsAt,
    // With callers already it is up all the same: a later run takes it up there.
    isDark:
      percentOf(deployment) > 0 || (waitsAt !== undefined && hasReached(lifecycleStage, 'POST_TEST_TRAFFIC_SHIFT')),
  };
}

function stillGoing(deployment: ServiceDeployment | undefined): Standing {
  return { state: 'going', percent: deployment ? percentOf(deployment) : 0, waitsAt: undefined, isDark: false };
}

function reasonOf({
  statusReason,
  rollback,
  alarms,
  deploymentCircuitBreaker: breaker,
  targetServiceRevision,
}: ServiceDeployment): string {
  const alarmed = alarms?.triggeredAlarmNames ?? [];
  const reasons = [
    ...new Set([rollback?.reason, statusReason].filter((reason) => reason !== undefined && reason !== '')),
    ...(alarmed.length > 0 ? [`alarm ${alarmed.join(', ')}`] : []),
    ...(breaker?.status === 'TRIGGERED' ? [`${breaker.failureCount} tasks failed to come up`] : []),
  ];
  const weight = targetServiceRevision?.requestedProductionTrafficWeight ?? 0;
  const stood = weight > 0 ? [`with ${Math.round(weight)} % of the traffic on it`] : [];
  const said = [...reasons, ...stood].join('; ');
  return said === '' ? '; AWS does not say why' : `: ${said}`;
}

function failed(why: string): Standing {
  return { state: 'failed', why };
}

function overtaken(newer: string, why: string): Standing {
  return { state: 'overtaken', why: `the service is to run ${newer} now${why}` };
}
