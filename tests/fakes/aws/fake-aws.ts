import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { autoscalingHandlers } from './autoscaling/handlers.ts';
import { AwsError } from './aws-error.ts';
import { ecrHandlers } from './ecr/handlers.ts';
import { deploymentHandlers } from './ecs/deployments.ts';
import { serviceHandlers } from './ecs/services.ts';
import type { Wire } from './ecs/state.ts';
import { tagHandlers } from './ecs/tags.ts';
import { taskDefinitionHandlers } from './ecs/task-definitions.ts';
import { elbHandlers } from './elbv2/handlers.ts';
import type { Caller, Handlers } from './handler.ts';
import { questionsOf } from './iam/authorization.ts';
import type { Question } from './iam/evaluate.ts';
import { authorize, callerOf } from './iam/gate.ts';
import { iamHandlers } from './iam/handlers.ts';
import { logsHandlers } from './logs/handlers.ts';
import type { ServiceId } from './models/model.ts';
import { quotaHandlers } from './quotas/handlers.ts';
import { secretsHandlers } from './secretsmanager/handlers.ts';
import { ssmHandlers } from './ssm/handlers.ts';
import { stsHandlers } from './sts/handlers.ts';
import { type Meant, Protocol, type WireAnswer } from './wire/protocol.ts';
import { World } from './world.ts';

const HANDLERS: Readonly<Record<ServiceId, Handlers>> = {
  ecs: { ...serviceHandlers, ...taskDefinitionHandlers, ...deploymentHandlers, ...tagHandlers },
  elbv2: elbHandlers,
  logs: logsHandlers,
  sts: stsHandlers,
  ecr: ecrHandlers,
  'application-autoscaling': autoscalingHandlers,
  iam: iamHandlers,
  secretsmanager: secretsHandlers,
  'service-quotas': quotaHandlers,
  ssm: ssmHandlers,
};

export interface AwsCall {
  readonly service: ServiceId;
  readonly operation: string;
  readonly input: Wire;
  /** Actions and resources that IAM was asked for. */
  readonly asked: readonly Question[];
  /** Virtual time, in milliseconds. */
  readonly at: number;
  answer: Wire | undefined;
  error: string | undefined;
}

/**
 * What goes wrong with a call. `lost`: it is done, and its answer never arrives. `cut`: the same, and nothing else gets
 * through either until it is mended. `silent`: nothing is answered.
 */
export type AwsFault = 'throttle' | 'unavailable' | 'lost' | 'cut' | 'silent' | AwsError;

export interface FakeAwsOptions {
  readonly account?: string;
  readonly region?: string;
  /** Milliseconds since 1970 that the world starts at; the default leaves time to furnish it before the clock's. */
  readonly startAt?: number;
  /** A clock that the world follows: it is moved on to this time before each call. */
  readonly now?: () => number;
}

/**
 * AWS for one account and region on the loopback, as far as a deployment to ECS needs it: real wire protocols, every
 * request and answer held against the published models, IAM asked for every call, and time that the test owns.
 */
export class FakeAws {
  readonly world: World;
  readonly accessKeyId = 'AKIAIOSFODNN7EXAMPLE';
  readonly secretAccessKey = 'wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY';
  readonly calls: AwsCall[] = [];
  /** Requests and answers that are not as the published models say. A test ends with none. */
  readonly violations: string[] = [];
  /** Milliseconds that pass with each call, for programs that wait by a clock of their own. */
  passPerCallMs = 0;
  readonly #protocol = new Protocol();
  readonly #options: FakeAwsOptions;
  readonly #server: Server;
  readonly #faults: { readonly operation: string; readonly fault: AwsFault; left: number }[] = [];
  readonly #stale: { readonly operation: string; left: number }[] = [];
  readonly #elsewhere = new Map<string, World>();
  #url = '';
  #isCut = false;

  constructor(options: FakeAwsOptions = {}) {
    const {
      account = '123456789012',
      region = 'eu-west-1',
      startAt = (options.now?.() ?? Date.UTC(2026, 0, 3)) - FURNISHING_MS,
    } = options;
    this.#options = options;
    this.world = new World(account, region, startAt);
    const user = { arn: `arn:aws:iam::${account}:user/ci`, userId: 'AIDA0000000000EXAMPLE' };
    this.world.credentials.set(this.accessKeyId, { ...user, token: undefined, policy: undefined, expired: false });
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  get url(): string {
    return this.#url;
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    this.#url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** What a client of the SDK is made with. */
  get client(): {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  } {
    const { accessKeyId, secretAccessKey } = this;
    return { endpoint: this.url, region: this.world.region, credentials: { accessKeyId, secretAccessKey } };
  }

  /** What the default chain of any SDK finds. */
  get env(): Readonly<Record<string, string>> {
    return {
      AWS_ENDPOINT_URL: this.url,
      AWS_REGION: this.world.region,
      AWS_DEFAULT_REGION: this.world.region,
      AWS_ACCESS_KEY_ID: this.accessKeyId,
      AWS_SECRET_ACCESS_KEY: this.secretAccessKey,
      AWS_EC2_METADATA_DISABLED: 'true',
    };
  }

  /** Lets virtual time pass. */
  pass(ms: number): void {
    this.world.time.pass(ms);
  }

  /** The next `times` calls of an operation go wrong; of every operation where it is empty. */
  fail(operation: string, fault: AwsFault, times = 1): void {
    this.#faults.push({ operation, fault, left: times });
  }

  /** What goes wrong is over. */
  mend(): void {
    this.#faults.length = 0;
    this.#isCut = false;
  }

  /** The next `times` answers of a read are the ones before: AWS is eventually consistent. */
  stale(operation: string, times: number): void {
    this.#stale.push({ operation, left: times });
  }

  /** Calls of one operation, in order. */
  callsOf(operation: string): readonly AwsCall[] {
    return this.calls.filter((call) => call.operation === operation);
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.#isCut) return void response.destroy();
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString('utf8');
    if (this.#options.now) this.world.time.advanceTo(this.#options.now());
    this.world.time.pass(this.passPerCallMs);
    if (request.url?.startsWith('/layers/')) {
      this.#sendLayer(request.url, response);
      return;
    }
    const meant = this.#protocol.meant(request.headers, body);
    if (meant) return this.#answer(meant, request, response);
    this.violations.push(`${request.method} ${request.url}: no such service or operation, or no JSON`);
    send(response, this.#protocol.unknown());
  }

  #answer(meant: Meant, request: IncomingMessage, response: ServerResponse): void {
    const { service, operation, input } = meant;
    const world = this.#worldOf(request);
    const problems = this.#protocol.problems(meant, 'input', input);
    const asked = problems.length > 0 ? [] : questionsOf(world, service, operation, input);
    const call: AwsCall = { service, operation, input, asked, at: world.now, answer: undefined, error: undefined };
    this.calls.push(call);
    const fault = this.#fault(operation);
    if (fault === 'silent') return;
    try {
      this.#refuseProblems(meant, problems);
      const caller = this.#callerOf(meant, request);
      if (fault !== undefined && fault !== 'lost' && fault !== 'cut') throw errorOf(fault);
      call.answer = this.#replayOf(call) ?? plain(HANDLERS[service][operation]?.(world, input, caller(asked)) ?? {});
      this.#checkAnswer(meant, call.answer);
    } catch (error) {
      const refusal = error instanceof AwsError ? error : this.#bug(meant, error);
      call.error = refusal.code;
      send(response, this.#protocol.refusal(service, refusal, this.world.nextId()));
      return;
    }
    this.#isCut = fault === 'cut';
    if (fault === 'lost' || fault === 'cut') response.destroy();
    else send(response, this.#protocol.answer(meant, call.answer, this.world.nextId()));
  }

  /** Who calls, once what the call asks for is allowed; the call that takes a role by a token is not signed. */
  #callerOf({ service, operation }: Meant, { headers }: IncomingMessage): (asked: readonly Question[]) => Caller {
    const endpoint = this.url;
    if (operation === 'AssumeRoleWithWebIdentity') return () => ({ arn: '', userId: '', endpoint });
    const query = this.#protocol.isQuery(service);
    const credentials = callerOf(this.world, headers, query);
    return (asked) => {
      authorize(credentials, asked, query);
      return { arn: credentials.arn, userId: credentials.userId, endpoint };
    };
  }

  #bug({ service, operation }: Meant, error: unknown): AwsError {
    this.violations.push(`${service} ${operation}: ${error instanceof Error ? error.stack : String(error)}`);
    return new AwsError('ServerException', 'The fake has a fault of its own.', 500);
  }

  #refuseProblems({ service, operation }: Meant, problems: readonly string[]): void {
    if (problems.length === 0) return;
    this.violations.push(...problems.map((problem) => `${service} ${operation} request${problem}`));
    throw new AwsError(service === 'ecs' ? 'InvalidParameterException' : 'ValidationException', problems.join('; '));
  }

  #checkAnswer(meant: Meant, answer: Wire): void {
    const problems = this.#protocol.problems(meant, 'output', answer);
    this.violations.push(...problems.map((problem) => `${meant.service} ${meant.operation} answer${problem}`));
  }

  #replayOf({ operation, input }: AwsCall): Wire | undefined {
    const planned = this.#stale.find((item) => item.operation === operation && item.left > 0);
    if (!planned) return undefined;
    const key = JSON.stringify(input);
    const before = this.calls.findLast(
      (call) => call.operation === operation && call.answer !== undefined && JSON.stringify(call.input) === key,
    );
    if (!before) return undefined;
    planned.left -= 1;
    return before.answer;
  }

  #fault(operation: string): AwsFault | undefined {
    const planned = this.#faults.find((fault) => fault.left > 0 && ['', operation].includes(fault.operation));
    if (planned) planned.left -= 1;
    return planned?.fault;
  }

  /** Another region of the account is there, and empty. */
  #worldOf(request: IncomingMessage): World {
    const [, region] = /Credential=[^/]+\/\d+\/([^/]+)\//.exec(request.headers.authorization ?? '') ?? [];
    if (region === undefined || region === this.world.region || region === 'aws-global') return this.world;
    const other = this.#elsewhere.get(region) ?? new World(this.world.account, region, this.world.now);
    this.#elsewhere.set(region, other);
    return other;
  }

  #sendLayer(path: string, response: ServerResponse): void {
    const parts = decodeURIComponent(path).split('/');
    const digest = parts.at(-1) ?? '';
    const name = parts.slice(2, -1).join('/');
    const blob = this.world.ecr.repositories.find((repository) => repository.name === name)?.blobs.get(digest);
    response.writeHead(blob ? 200 : 404);
    response.end(blob);
  }
}

/** More than it takes to bring up a service. */
const FURNISHING_MS = 3_600_000;

function errorOf(fault: Exclude<AwsFault, 'lost' | 'cut' | 'silent'>): AwsError {
  if (fault === 'throttle') return new AwsError('ThrottlingException', 'Rate exceeded');
  if (fault === 'unavailable') return new AwsError('ServiceUnavailable', 'Service Unavailable', 503);
  return fault;
}

/** As it goes over the wire: without what is undefined, and apart from the state it was made of. */
function plain(answer: Wire): Wire {
  return JSON.parse(JSON.stringify(answer)) as Wire;
}

function send(response: ServerResponse, { status, type, body, headers = {} }: WireAnswer): void {
  const requestId = '5a4c1b7e-0000-4000-8000-000000000000';
  response.writeHead(status, { 'content-type': type, 'x-amzn-requestid': requestId, ...headers });
  response.end(body);
}
