import { type Problem, throwIfAny } from '../../errors.ts';
import { parseDuration } from '../../project/units.ts';

/** What the policy says of one environment's service. */
export interface EcsEnvironmentPolicy {
  /** Name of its service; undefined: made from the one in haute.toml. */
  readonly service: string | undefined;
  /** Address that callers use; undefined: found from the load balancer. */
  readonly url: string | undefined;
  /** Address of the test listener; undefined: found from the load balancer. */
  readonly testUrl: string | undefined;
  /** Target group of a service that is created; undefined: it has none. */
  readonly targetGroup: string | undefined;
}

/** `[targets.aws-ecs]` of haute.release.toml, times in milliseconds. */
export interface EcsPolicy {
  /** Container of the task definition that the release's image goes into; undefined: there is only one. */
  readonly container: string | undefined;
  /** Environments whose service may be created from production's shape where it is missing. */
  readonly create: readonly string[];
  /** Role to take by the job's own token; undefined: credentials as the AWS SDKs find them. */
  readonly role: string | undefined;
  /** How long a session of the role is asked for: at most what the role gives. */
  readonly roleSessionMs: number;
  /** Longest time a deployment may take, or that AWS waits at a pause before it gives all traffic back. */
  readonly deployTimeoutMs: number;
  readonly holdTimeoutMs: number;
  /** How long a candidate may wait without traffic for its approval, before AWS takes it back. */
  readonly approvalTimeoutMs: number;
  /** Hand the policy's autoscaling to Application Auto Scaling. */
  readonly autoscaling: boolean;
  readonly environments: Readonly<Record<string, EcsEnvironmentPolicy>>;
}

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const KEYS = [
  'container',
  'create',
  'role',
  'role_session',
  'deploy_timeout',
  'hold_timeout',
  'approval_timeout',
  'autoscaling',
  'environments',
];
const ENVIRONMENT_KEYS = ['service', 'url', 'test_url', 'target_group'];
const NONE: EcsEnvironmentPolicy = { service: undefined, url: undefined, testUrl: undefined, targetGroup: undefined };

type Section = Readonly<Record<string, unknown>>;

/** Reads `[targets.aws-ecs]`. @throws ConfigError ECS-POLICY with everything that is wrong in it */
export function readEcsPolicy(section: Section = {}): EcsPolicy {
  const read = new Reader('[targets.aws-ecs]', section);
  read.unknown(KEYS);
  const environments = read.table('environments');
  const policy: EcsPolicy = {
    container: read.text('container'),
    create: read.texts('create'),
    role: read.text('role'),
    // What AWS gives to a role.
    roleSessionMs: read.duration('role_session', 60 * MINUTE, 15 * MINUTE, 12 * 60 * MINUTE),
    deployTimeoutMs: read.duration('deploy_timeout', 30 * MINUTE, MINUTE, DAY),
    // What a pause hook takes.
    holdTimeoutMs: read.duration('hold_timeout', 60 * MINUTE, MINUTE, 14 * DAY),
    approvalTimeoutMs: read.duration('approval_timeout', DAY, MINUTE, 14 * DAY),
    autoscaling: read.flag('autoscaling'),
    environments: Object.fromEntries(Object.keys(environments).map((name) => [name, environment(name)])),
  };
  throwIfAny(read.problems);
  return policy;

  function environment(name: string): EcsEnvironmentPolicy {
    const own = new Reader(`[targets.aws-ecs.environments.${name}]`, asTable(environments[name]), read.problems);
    own.unknown(ENVIRONMENT_KEYS);
    return {
      service: own.text('service'),
      url: own.url('url'),
      testUrl: own.url('test_url'),
      targetGroup: own.text('target_group'),
    };
  }
}

/** What the policy says of an environment; nothing where it does not name it. */
export function environmentPolicy(policy: EcsPolicy, environment: string): EcsEnvironmentPolicy {
  return policy.environments[environment] ?? NONE;
}

/** The values of one table; what is wrong with them is gathered. */
class Reader {
  readonly problems: Problem[];
  readonly #name: string;
  readonly #section: Section;

  constructor(name: string, section: Section, problems: Problem[] = []) {
    this.#name = name;
    this.#section = section;
    this.problems = problems;
  }

  unknown(keys: readonly string[]): void {
    for (const key of Object.keys(this.#section).filter((name) => !keys.includes(name)))
      this.#report(key, 'is not a key of this table', `Remove it; the keys are ${keys.join(', ')}`);
  }

  text(key: string): string | undefined {
    const value = this.#section[key];
    if (value === undefined || (typeof value === 'string' && value.trim() !== '')) return value as string | undefined;
    this.#report(key, `is ${JSON.stringify(value)}, not a text`, `Write it like ${key} = "…"`);
    return undefined;
  }

  texts(key: string): readonly string[] {
    const value = this.#section[key] ?? [];
    if (Array.isArray(value) && value.every((each) => typeof each === 'string')) return value;
    this.#report(key, 'is not a list of texts', `Write it like ${key} = ["staging"]`);
    return [];
  }

  flag(key: string): boolean {
    const value = this.#section[key] ?? false;
    if (typeof value === 'boolean') return value;
    this.#report(key, `is ${JSON.stringify(value)}, neither true nor false`, `Write ${key} = true, or leave it out`);
    return false;
  }

  url(key: string): string | undefined {
    const value = this.text(key);
    if (value === undefined) return undefined;
    if (/^https?:\/\/[^/\s]+/.test(value)) return value.replace(/\/+$/, '');
    this.#report(key, `is ${value}, not an address`, `Write it like ${key} = "https://quotes.example.com"`);
    return undefined;
  }

  duration(key: string, fallback: number, min: number, max: number): number {
    const value = this.text(key);
    if (value === undefined) return fallback;
    const parsed = parseDuration(value);
    if ('problem' in parsed) this.#report(key, parsed.problem, parsed.fix);
    else if (parsed.value >= min && parsed.value <= max) return parsed.value;
    else this.#report(key, `is ${value}`, `Write a duration from ${min / MINUTE}m to ${max / MINUTE}m`);
    return fallback;
  }

  table(key: string): Section {
    const value = this.#section[key] ?? {};
    if (typeof value !== 'object' || Array.isArray(value))
      this.#report(key, 'is not a table', `Write it like [targets.aws-ecs.${key}.staging]`);
    return asTable(value);
  }

  #report(key: string, what: string, fix: string): void {
    const place = { file: 'haute.release.toml' };
    this.problems.push({ code: 'ECS-POLICY', what: `${this.#name} ${key} ${what}`, fix, place });
  }
}

function asTable(value: unknown): Section {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Section) : {};
}
