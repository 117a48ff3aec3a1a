import type { ScalingState } from './autoscaling/state.ts';
import type { EcrState } from './ecr/state.ts';
import type { FakeCluster, Tag, TaskDefinition, TaskFate } from './ecs/state.ts';
import type { ElbState } from './elbv2/state.ts';
import type { PolicyDocument } from './iam/evaluate.ts';
import type { LogsState } from './logs/state.ts';
import type { FakeSecret } from './secretsmanager/state.ts';
import { VirtualTime } from './virtual-time.ts';

export interface FakeRole {
  readonly arn: string;
  readonly name: string;
  /** Who may take the role: a policy document. */
  readonly trust: unknown;
  /** What it may do; everything where it is undefined. */
  readonly policy?: unknown;
  /** How long its sessions may be, in seconds: an hour where nothing is said. */
  readonly maxSessionSeconds?: number;
}

export interface FakeCredentials {
  readonly arn: string;
  readonly userId: string;
  /** Session token that goes with the access key; undefined for keys of a user. */
  readonly token: string | undefined;
  /** Undefined: everything is allowed. */
  policy: PolicyDocument | undefined;
  expired: boolean;
}

/** One account in one region: all that the services of the fake share. */
export class World {
  readonly account: string;
  readonly region: string;
  readonly time: VirtualTime;
  readonly clusters: FakeCluster[] = [];
  readonly taskDefinitions: TaskDefinition[] = [];
  readonly taskDefinitionTags = new Map<string, Tag[]>();
  readonly roles: FakeRole[] = [];
  /** By access key. */
  readonly credentials = new Map<string, FakeCredentials>();
  /** OpenID Connect providers of the account, without `https://`. */
  readonly identityProviders = new Set<string>();
  /** Names of the CloudWatch alarms that are in ALARM. */
  readonly alarms = new Set<string>();
  /** What Lambda functions of lifecycle hooks answer, by ARN; SUCCEEDED where nothing is said. */
  readonly lambdas = new Map<string, 'SUCCEEDED' | 'FAILED'>();
  readonly elb: ElbState = { loadBalancers: [], listeners: [], rules: [], targetGroups: [] };
  readonly logs: LogsState = { groups: new Map() };
  readonly ecr: EcrState = { repositories: [] };
  readonly secrets: FakeSecret[] = [];
  /** Parameters of Systems Manager: the key that each is encrypted with, by name. */
  readonly parameters = new Map<string, string>();
  /** Values of quotas that were changed, by `service/code`. */
  readonly quotas = new Map<string, number>();
  readonly scaling: ScalingState = { targets: new Map(), policies: new Map() };
  /** The image registry behind the ECR repositories, where a test has one. */
  readonly registry: { endpoint: string | undefined; password: string } = {
    endpoint: undefined,
    password: 'password-of-the-registry',
  };
  /** What becomes of tasks, by image as the task definition names it or by digest alone. */
  readonly fates = new Map<string, TaskFate>();
  /** Reads for which something new is not to be seen yet: AWS is eventually consistent. */
  readonly lagOfNew = { services: 0, serviceDeployments: 0, serviceRevisions: 0, updates: 0 };
  readonly #unseen = new Map<string, number>();
  #id = 0;

  constructor(account: string, region: string, now: number) {
    this.account = account;
    this.region = region;
    this.time = new VirtualTime(now);
  }

  get now(): number {
    return this.time.now;
  }

  /** Hexadecimal, unlike the ones before, and the same in every run. */
  nextId(length = 32): string {
    this.#id += 1;
    let text = '';
    let seed = (this.#id * 2654435761) >>> 0;
    while (text.length < length) {
      seed = (Math.imul(seed ^ (seed >>> 15), 2246822519) + this.#id) >>> 0;
      text += seed.toString(16).padStart(8, '0');
    }
    return text.slice(0, length);
  }

  /** Nineteen digits, as the ids of deployments and revisions have. */
  nextNumber(): string {
    const digits = BigInt(`0x${this.nextId(15)}`)
      .toString()
      .padStart(18, '4');
    return `1${digits.slice(0, 18)}`;
  }

  /** Something new, that the next reads may miss. */
  lag(arn: string, kind: keyof World['lagOfNew']): void {
    if (this.lagOfNew[kind] > 0) this.#unseen.set(arn, this.lagOfNew[kind]);
  }

  /** True when this read does not see it yet. */
  lagging(arn: string): boolean {
    const left = this.#unseen.get(arn) ?? 0;
    this.#unseen.set(arn, Math.max(0, left - 1));
    return left > 0;
  }

  arn(service: string, resource: string): string {
    return `arn:aws:${service}:${this.region}:${this.account}:${resource}`;
  }
}
