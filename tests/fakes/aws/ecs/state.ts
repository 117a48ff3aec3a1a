import type { Running } from '../virtual-time.ts';

/** A structure as the API gives and takes it; which members it has, the published model says. */
export type Wire = Record<string, unknown>;

export interface Tag {
  readonly key: string;
  readonly value: string;
}

export interface ContainerDefinition extends Wire {
  readonly name: string;
  readonly image: string;
  readonly essential?: boolean;
  readonly logConfiguration?: { readonly logDriver: string; readonly options?: Readonly<Record<string, string>> };
}

export interface TaskDefinition {
  readonly arn: string;
  readonly family: string;
  readonly revision: number;
  /** As it was registered, defaults filled in. */
  readonly given: Wire & { readonly containerDefinitions: readonly ContainerDefinition[] };
  readonly registeredAt: number;
  status: 'ACTIVE' | 'INACTIVE';
  deregisteredAt: number | undefined;
}

/** How a task ends that does not run as it should. */
export type TaskFate =
  | { readonly kind: 'runs' }
  | { readonly kind: 'cannot-pull'; readonly reason: string }
  | { readonly kind: 'cannot-start'; readonly reason: string }
  | { readonly kind: 'exits'; readonly code: number; readonly reason?: string; readonly log?: readonly string[] }
  | { readonly kind: 'unhealthy-container'; readonly log?: readonly string[] }
  | { readonly kind: 'unhealthy-target'; readonly code?: string; readonly log?: readonly string[] };

export interface FakeTask {
  readonly arn: string;
  readonly id: string;
  readonly revision: ServiceRevision;
  readonly deployment: ServiceDeploymentState;
  readonly createdAt: number;
  readonly containers: FakeContainer[];
  readonly address: string;
  lastStatus: 'PROVISIONING' | 'PENDING' | 'ACTIVATING' | 'RUNNING' | 'DEACTIVATING' | 'STOPPED';
  desiredStatus: 'RUNNING' | 'STOPPED';
  health: 'UNKNOWN' | 'HEALTHY' | 'UNHEALTHY';
  target: 'none' | 'initial' | 'healthy' | 'unhealthy' | 'draining';
  startedAt: number | undefined;
  stoppedAt: number | undefined;
  stopCode: string | undefined;
  stoppedReason: string | undefined;
  process: Running | undefined;
}

export interface FakeContainer {
  readonly name: string;
  readonly image: string;
  readonly imageDigest: string | undefined;
  lastStatus: FakeTask['lastStatus'];
  exitCode: number | undefined;
  reason: string | undefined;
}

/** What ECS calls a service revision: the workload of one deployment, for life. */
export interface ServiceRevision {
  readonly arn: string;
  readonly taskDefinition: TaskDefinition;
  readonly createdAt: number;
  /** Target group that its tasks are registered with; undefined without a load balancer. */
  readonly targetGroupArn: string | undefined;
  productionWeight: number;
  testWeight: number;
}

/** A deployment as DescribeServices lists it, with the service deployment behind it. */
export interface ServiceDeploymentState {
  readonly id: string;
  readonly arn: string;
  readonly strategy: 'ROLLING' | 'BLUE_GREEN' | 'LINEAR' | 'CANARY';
  readonly revision: ServiceRevision;
  readonly sources: readonly ServiceRevision[];
  /** Deployment to go back to. */
  readonly previous: ServiceDeploymentState | undefined;
  readonly createdAt: number;
  readonly configuration: DeploymentConfiguration;
  readonly hooks: FakeHook[];
  /** Tasks that are wanted of its revision now. */
  wanted: number;
  /** False once it launches nothing any more. */
  launches: boolean;
  failedTasks: number;
  status: string;
  statusReason: string | undefined;
  stage: string | undefined;
  startedAt: number | undefined;
  updatedAt: number;
  finishedAt: number | undefined;
  stoppedAt: number | undefined;
  rollback: { readonly reason: string; readonly startedAt: number; readonly revisionArn: string } | undefined;
  breaker: 'TRIGGERED' | 'MONITORING' | 'MONITORING_COMPLETE' | 'DISABLED';
  alarms: 'TRIGGERED' | 'MONITORING' | 'MONITORING_COMPLETE' | 'DISABLED';
  triggeredAlarms: readonly string[];
  /** Its line in DescribeServices. */
  line: 'PRIMARY' | 'ACTIVE' | 'DRAINING' | 'gone';
  rolloutState: 'COMPLETED' | 'FAILED' | 'IN_PROGRESS';
  rolloutReason: string;
  process: Running | undefined;
}

export interface FakeHook {
  readonly id: string;
  readonly stage: string;
  readonly expiresAt: number;
  readonly timeoutAction: 'ROLLBACK' | 'CONTINUE';
  status: 'AWAITING_ACTION' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT';
  answer: 'CONTINUE' | 'ROLLBACK' | undefined;
}

export interface LifecycleHook {
  readonly targetType?: 'AWS_LAMBDA' | 'PAUSE';
  readonly hookTargetArn?: string;
  readonly lifecycleStages?: readonly string[];
  readonly timeoutConfiguration?: { readonly timeoutInMinutes?: number; readonly action?: 'ROLLBACK' | 'CONTINUE' };
}

export interface DeploymentConfiguration {
  readonly deploymentCircuitBreaker?: {
    readonly enable: boolean;
    readonly rollback: boolean;
    readonly resetOnHealthyTask?: boolean;
    readonly thresholdConfiguration?: { readonly type: string; readonly value: number };
  };
  readonly maximumPercent?: number;
  readonly minimumHealthyPercent?: number;
  readonly alarms?: { readonly alarmNames: readonly string[]; readonly rollback: boolean; readonly enable: boolean };
  readonly strategy?: ServiceDeploymentState['strategy'];
  readonly bakeTimeInMinutes?: number;
  readonly lifecycleHooks?: readonly LifecycleHook[];
  readonly linearConfiguration?: { readonly stepPercent?: number; readonly stepBakeTimeInMinutes?: number };
  readonly canaryConfiguration?: { readonly canaryPercent?: number; readonly canaryBakeTimeInMinutes?: number };
}

export interface ServiceLoadBalancer extends Wire {
  readonly targetGroupArn?: string;
  readonly containerName?: string;
  readonly containerPort?: number;
  readonly advancedConfiguration?: {
    readonly alternateTargetGroupArn?: string;
    readonly productionListenerRule?: string;
    readonly testListenerRule?: string;
    readonly roleArn?: string;
  };
}

export interface FakeService {
  /** As it was told of before its last update. */
  before?: Wire;
  readonly arn: string;
  readonly name: string;
  readonly cluster: FakeCluster;
  readonly createdAt: number;
  readonly controller: 'ECS' | 'CODE_DEPLOY' | 'EXTERNAL';
  /** Members that are kept as they were given. */
  kept: Wire;
  loadBalancers: readonly ServiceLoadBalancer[];
  configuration: DeploymentConfiguration;
  status: 'ACTIVE' | 'DRAINING' | 'INACTIVE';
  desiredCount: number;
  taskDefinition: TaskDefinition | undefined;
  tags: Tag[];
  readonly events: { readonly id: string; readonly at: number; readonly message: string }[];
  /** Newest first; all there ever were. */
  readonly deployments: ServiceDeploymentState[];
  readonly tasks: FakeTask[];
}

export interface FakeCluster {
  readonly arn: string;
  readonly name: string;
  status: 'ACTIVE' | 'INACTIVE';
  tags: Tag[];
  readonly services: FakeService[];
}
