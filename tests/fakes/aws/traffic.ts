import {
  createServer,
  type IncomingMessage,
  request as openRequest,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Account } from './account.ts';
import type { FakeTask, TaskDefinition } from './ecs/state.ts';
import { targetsOf } from './elbv2/handlers.ts';
import type { FakeListener, FakeRule } from './elbv2/state.ts';
import type { World } from './world.ts';

/** Starts what a task definition runs, with its environment. @returns address of a server */
export type StartBackend = (definition: TaskDefinition) => Promise<string>;

/**
 * The load balancer's data plane: real ports of the loopback whose requests go to real servers by the rules and the
 * weights that the world has at that moment. What runs a task is given by the test, once for each task definition.
 */
export class Traffic {
  readonly #startBackend: StartBackend;
  readonly #backends = new Map<string, Promise<string>>();
  readonly #servers: readonly [Server, Server];
  /** How far each target group of a rule is behind its share. */
  readonly #credit = new Map<string, number>();
  readonly #turns = new Map<string, number>();
  #world: World | undefined;
  #listeners: readonly FakeListener[] = [];

  private constructor(startBackend: StartBackend) {
    this.#startBackend = startBackend;
    const serve = (index: number) => (request: IncomingMessage, response: ServerResponse) => {
      this.#forward(this.#listeners[index], request, response).catch(() => response.destroy());
    };
    this.#servers = [createServer(serve(0)), createServer(serve(1))];
  }

  static async open(startBackend: StartBackend): Promise<Traffic> {
    const traffic = new Traffic(startBackend);
    for (const server of traffic.#servers) {
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    }
    return traffic;
  }

  /** For `furnish`: what the load balancer says of itself is where it is. */
  get address(): { readonly host: string; readonly productionPort: number; readonly testPort: number } {
    const [production, test] = this.#servers.map((server) => (server.address() as AddressInfo).port);
    return { host: '127.0.0.1', productionPort: production ?? 0, testPort: test ?? 0 };
  }

  get productionUrl(): string {
    return `http://127.0.0.1:${this.address.productionPort}`;
  }

  get testUrl(): string {
    return `http://127.0.0.1:${this.address.testPort}`;
  }

  serve(world: World, { balancer }: Pick<Account, 'balancer'>): void {
    this.#world = world;
    this.#listeners = [balancer.production, balancer.test];
  }

  async close(): Promise<void> {
    for (const server of this.#servers) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }

  async #forward(
    listener: FakeListener | undefined,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const rule = this.#world && listener && ruleFor(this.#world, listener, request);
    const task = rule && this.#pick(rule);
    if (!task) {
      response.writeHead(503, { 'content-type': 'text/html' });
      response.end('<html><head><title>503 Service Temporarily Unavailable</title></head></html>');
      return;
    }
    const target = await this.#backendOf(task.revision.taskDefinition);
    const { method = 'GET', url: path = '/', headers } = request;
    const outgoing = openRequest(new URL(path, target), { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    outgoing.on('error', () => {
      if (response.headersSent) response.destroy();
      else response.writeHead(502).end('<html><head><title>502 Bad Gateway</title></head></html>');
    });
    request.pipe(outgoing);
  }

  #backendOf(definition: TaskDefinition): Promise<string> {
    const started = this.#backends.get(definition.arn) ?? this.#startBackend(definition);
    this.#backends.set(definition.arn, started);
    return started;
  }

  /** A healthy task: its group by weight, exactly and not by chance, and the tasks of a group in turn. */
  #pick(rule: FakeRule): FakeTask | undefined {
    const world = this.#world;
    const groups = rule.forward.filter(({ weight }) => weight > 0);
    const total = groups.reduce((sum, { weight }) => sum + weight, 0);
    if (!world || total === 0) return undefined;
    const key = (arn: string) => `${rule.arn} ${arn}`;
    for (const { targetGroupArn: arn, weight } of groups) {
      this.#credit.set(key(arn), (this.#credit.get(key(arn)) ?? 0) + weight);
    }
    const chosen = groups.reduce((best, group) =>
      (this.#credit.get(key(group.targetGroupArn)) ?? 0) > (this.#credit.get(key(best.targetGroupArn)) ?? 0)
        ? group
        : best,
    ).targetGroupArn;
    this.#credit.set(key(chosen), (this.#credit.get(key(chosen)) ?? 0) - total);
    const healthy = targetsOf(world, chosen).filter(({ target }) => target === 'healthy');
    const turn = (this.#turns.get(chosen) ?? -1) + 1;
    this.#turns.set(chosen, turn);
    return healthy[turn % Math.max(1, healthy.length)];
  }
}

function ruleFor(world: World, listener: FakeListener, request: IncomingMessage): FakeRule | undefined {
  const rules = world.elb.rules.filter(({ listenerArn }) => listenerArn === listener.arn);
  const place = ({ priority }: FakeRule) => (priority === 'default' ? Number.POSITIVE_INFINITY : priority);
  return rules
    .sort((a, b) => place(a) - place(b))
    .find((rule) => rule.conditions.every((condition) => fits(condition, request)));
}

function fits({ field, values, header = '' }: FakeRule['conditions'][number], request: IncomingMessage): boolean {
  const given = {
    'path-pattern': request.url?.split('?')[0],
    'host-header': request.headers.host?.split(':')[0],
    'http-header': String(request.headers[header.toLowerCase()] ?? ''),
  }[field];
  return values.some((pattern) => {
    const escaped = pattern
      .replaceAll(/[.+^$()|{}[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.');
    return given !== undefined && new RegExp(`^${escaped}$`, field === 'path-pattern' ? '' : 'i').test(given);
  });
}

/** A variable of the first container of a task definition; undefined where it has none of the name. */
export function variableOf({ given }: TaskDefinition, name: string): string | undefined {
  const variables = (given.containerDefinitions[0]?.environment ?? []) as readonly { name: string; value: string }[];
  return variables.find((variable) => variable.name === name)?.value;
}
