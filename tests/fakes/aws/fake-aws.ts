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
import type { Handlers } from './handler.ts';
import { questionsOf } from './iam/authorization.ts';
import { decide, type Question } from './iam/evaluate.ts';
import { iamHandlers } from './iam/handlers.ts';
import { logsHandlers } from './logs/handlers.ts';
import { problemsOf } from './models/check.ts';
import { readModel, type ServiceId, type ServiceModel } from './models/model.ts';
import { stsHandlers } from './sts/handlers.ts';
import { readQuery, writeXml, writeXmlError } from './wire/query.ts';
import { type FakeCredentials, World } from './world.ts';

const HANDLERS: Readonly<Record<ServiceId, Handlers>> = {
  ecs: { ...serviceHandlers, ...taskDefinitionHandlers, ...deploymentHandlers, ...tagHandlers },
  elbv2: elbHandlers,
  logs: logsHandlers,
  sts: stsHandlers,
  ecr: ecrHandlers,
  'application-autoscaling': autoscalingHandlers,
  iam: iamHandlers,
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

/** What goes wrong with a call. `lost`: it is done, and its answer never arrives. `silent`: nothing is answered. */
export type AwsFault = 'throttle' | 'unavailable' | 'lost' | 'silent' | AwsError;

export interface FakeAwsOptions {
  readonly account?: string;
  readonly region?: string;
  /** Milliseconds since 1970 that the world starts at; the default leaves time to furnish it before the clock's. */
  readonly startAt?: number;
  /** A clock that the world follows: it is moved on to this time before each call. */
  readonly now?: () => number;
  /** Milliseconds that pass with each call, for programs that wait by a clock of their own. */
  readonly passPerCallMs?: number;
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
  readonly #models = new Map<ServiceId, ServiceModel>();
  readonly #options: FakeAwsOptions;
  readonly #server: Server;
  readonly #faults: { readonly operation: string; readonly fault: AwsFault; left: number }[] = [];
  readonly #stale: { readonly operation: string; left: number }[] = [];
  readonly #elsewhere = new Map<string, World>();
  #url = '';

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

  /** The next `times` answers of a read are the ones before: AWS is eventually consistent. */
  stale(operation: string, times: number): void {
    this.#stale.push({ operation, left: times });
  }

  /** Calls of one operation, in order. */
  callsOf(operation: string): readonly AwsCall[] {
    return this.calls.filter((call) => call.operation === operation);
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString('utf8');
    if (this.#options.now) this.world.time.advanceTo(this.#options.now());
    this.world.time.pass(this.#options.passPerCallMs ?? 0);
    if (request.url?.startsWith('/layers/')) {
      this.#sendLayer(request.url, response);
      return;
    }
    const meant = this.#meant(request, body);
    if (!meant) {
      this.violations.push(`${request.method} ${request.url}: no such service or operation, or no JSON`);
      send(response, 400, JSON_TYPE, '{"__type":"UnknownOperationException"}');
      return;
    }
    this.#answer(meant, request, response);
  }

  #meant(request: IncomingMessage, body: string): Meant | undefined {
    const target = request.headers['x-amz-target'];
    if (typeof target === 'string') {
      const [prefix, operation = ''] = target.split('.');
      const service = SERVICES.find((id) => this.#model(id).metadata.targetPrefix === prefix);
      if (!service || !this.#model(service).operations[operation]) return undefined;
      const input = readJson(body);
      return input && { service, operation, input };
    }
    const form = new URLSearchParams(body);
    const operation = form.get('Action') ?? '';
    const version = form.get('Version');
    const service = SERVICES.find((id) => {
      const { metadata, operations } = this.#model(id);
      return metadata.protocol === 'query' && metadata.apiVersion === version && operations[operation];
    });
    if (!service) return undefined;
    const model = this.#model(service);
    return { service, operation, input: readQuery(model, model.operations[operation]?.input?.shape, form) as Wire };
  }

  #answer(meant: Meant, request: IncomingMessage, response: ServerResponse): void {
    const { service, operation, input } = meant;
    const world = this.#worldOf(request);
    const asked = questionsOf(world, service, operation, input);
    const call: AwsCall = { service, operation, input, asked, at: world.now, answer: undefined, error: undefined };
    this.calls.push(call);
    const fault = this.#fault(operation);
    if (fault === 'silent') return;
    try {
      this.#checkInput(meant);
      const caller = this.#caller(request, service, operation);
      if (fault === 'throttle') throw new AwsError('ThrottlingException', 'Rate exceeded');
      if (fault === 'unavailable') throw new AwsError('ServiceUnavailable', 'Service Unavailable', 503);
      if (fault instanceof AwsError) throw fault;
      this.#authorize(call, caller);
      const identity = caller ?? { arn: '', userId: '' };
      const replay = this.#replayOf(call);
      call.answer =
        replay ?? plain(HANDLERS[service][operation]?.(world, input, { ...identity, endpoint: this.url }) ?? {});
      this.#checkAnswer(meant, call.answer);
    } catch (error) {
      const refusal = error instanceof AwsError ? error : this.#bug(meant, error);
      call.error = refusal.code;
      this.#refuse(response, service, refusal);
      return;
    }
    if (fault === 'lost') response.destroy();
    else this.#send(response, meant, call.answer);
  }

  #bug({ service, operation }: Meant, error: unknown): AwsError {
    this.violations.push(`${service} ${operation}: ${error instanceof Error ? error.stack : String(error)}`);
    return new AwsError('ServerException', 'The fake has a fault of its own.', 500);
  }

  #checkInput({ service, operation, input }: Meant): void {
    const model = this.#model(service);
    const shape = model.operations[operation]?.input?.shape;
    const problems = shape === undefined ? [] : problemsOf(model, shape, input);
    if (problems.length === 0) return;
    this.violations.push(...problems.map((problem) => `${service} ${operation} request${problem}`));
    throw new AwsError(service === 'ecs' ? 'InvalidParameterException' : 'ValidationException', problems.join('; '));
  }

  #checkAnswer({ service, operation }: Meant, answer: Wire): void {
    const model = this.#model(service);
    const shape = model.operations[operation]?.output?.shape;
    const problems = shape === undefined ? [] : problemsOf(model, shape, answer);
    this.violations.push(...problems.map((problem) => `${service} ${operation} answer${problem}`));
  }

  /** @throws AwsError for credentials that are missing, unknown or expired */
  #caller(request: IncomingMessage, service: ServiceId, operation: string): FakeCredentials | undefined {
    if (operation === 'AssumeRoleWithWebIdentity') return undefined;
    const [, accessKey] = /Credential=([^/]+)\//.exec(request.headers.authorization ?? '') ?? [];
    const query = this.#model(service).metadata.protocol === 'query';
    if (accessKey === undefined) {
      throw new AwsError('MissingAuthenticationTokenException', 'Missing Authentication Token', query ? 403 : 400);
    }
    const credentials = this.world.credentials.get(accessKey);
    if (!credentials || request.headers['x-amz-security-token'] !== credentials.token) {
      const message = 'The security token included in the request is invalid.';
      throw query
        ? new AwsError('InvalidClientTokenId', message, 403)
        : new AwsError('UnrecognizedClientException', message);
    }
    if (credentials.expired) {
      const message = 'The security token included in the request is expired';
      throw query ? new AwsError('ExpiredToken', message, 403) : new AwsError('ExpiredTokenException', message);
    }
    return credentials;
  }

  #authorize({ service, asked }: AwsCall, caller: FakeCredentials | undefined): void {
    const policy = caller?.policy;
    if (!policy || !caller) return;
    for (const question of asked) {
      const context = { 'aws:PrincipalArn': caller.arn };
      const decision = decide(policy, { ...question, context: { ...question.context, ...context } });
      if (decision === 'allow') continue;
      const why =
        decision === 'deny'
          ? `because no identity-based policy allows the ${question.action} action`
          : 'with an explicit deny in an identity-based policy';
      const what = `User: ${caller.arn} is not authorized to perform: ${question.action} on resource: ${question.resource}`;
      const query = this.#model(service).metadata.protocol === 'query';
      throw new AwsError(query ? 'AccessDenied' : 'AccessDeniedException', `${what} ${why}`, query ? 403 : 400);
    }
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

  #model(service: ServiceId): ServiceModel {
    const model = this.#models.get(service) ?? readModel(service);
    this.#models.set(service, model);
    return model;
  }

  #send(response: ServerResponse, { service, operation }: Meant, answer: Wire): void {
    const model = this.#model(service);
    if (model.metadata.protocol === 'json') {
      send(response, 200, JSON_TYPE, JSON.stringify(answer));
      return;
    }
    const output = model.operations[operation]?.output;
    const xml = writeXml(model, operation, output?.shape, output?.resultWrapper, answer, this.world.nextId());
    send(response, 200, 'text/xml', xml);
  }

  #refuse(response: ServerResponse, service: ServiceId, error: AwsError): void {
    const model = this.#model(service);
    if (model.metadata.protocol === 'json') {
      const text = JSON.stringify({ __type: error.code, message: error.message });
      send(response, error.status, JSON_TYPE, text, { 'x-amzn-errortype': error.code });
      return;
    }
    const published = model.shapes[error.code]?.error;
    const code = published?.code ?? (error.code === 'ThrottlingException' ? 'Throttling' : error.code);
    const xml = writeXmlError(model, code, error.message, this.world.nextId());
    send(response, published?.httpStatusCode ?? error.status, 'text/xml', xml);
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

interface Meant {
  readonly service: ServiceId;
  readonly operation: string;
  readonly input: Wire;
}

/** More than it takes to bring up a service. */
const FURNISHING_MS = 3_600_000;
const JSON_TYPE = 'application/x-amz-json-1.1';
const SERVICES = Object.keys(HANDLERS) as ServiceId[];

function readJson(body: string): Wire | undefined {
  try {
    return JSON.parse(body === '' ? '{}' : body) as Wire;
  } catch {
    return undefined;
  }
}

/** As it goes over the wire: without what is undefined, and apart from the state it was made of. */
function plain(answer: Wire): Wire {
  return JSON.parse(JSON.stringify(answer)) as Wire;
}

function send(
  response: ServerResponse,
  status: number,
  type: string,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, {
    'content-type': type,
    'x-amzn-requestid': '5a4c1b7e-0000-4000-8000-000000000000',
    ...headers,
  });
  response.end(body);
}
