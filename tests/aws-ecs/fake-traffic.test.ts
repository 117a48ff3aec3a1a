import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { furnish } from '../fakes/aws/account.ts';
import { startDeployment } from '../fakes/aws/ecs/start.ts';
import type { DeploymentConfiguration } from '../fakes/aws/ecs/state.ts';
import { putTaskDefinition } from '../fakes/aws/ecs/task-definitions.ts';
import { Traffic } from '../fakes/aws/traffic.ts';
import { World } from '../fakes/aws/world.ts';

const MINUTE = 60_000;
const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function start(configuration?: DeploymentConfiguration) {
  const traffic = await Traffic.open(({ arn }) => answering(`${arn.split(':').at(-1)}`));
  closing.push(() => traffic.close());
  const world = new World('123456789012', 'eu-west-1', 0);
  const account = furnish(world, { address: traffic.address, ...(configuration && { configuration }) });
  traffic.serve(world, account);
  return { traffic, world, ...account };
}

async function answering(text: string): Promise<string> {
  const server: Server = createServer((request, response) => {
    request.resume().on('end', () => response.end(text));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Revisions of the task definition that answered, and how often. */
async function ask(url: string, times: number): Promise<Readonly<Record<string, number>>> {
  const counts: Record<string, number> = {};
  for (let time = 0; time < times; time += 1) {
    const response = await fetch(`${url}/quote`, { method: 'POST', body: '{}' });
    const who = response.ok ? await response.text() : String(response.status);
    counts[who] = (counts[who] ?? 0) + 1;
  }
  return counts;
}

test('requests go to the revisions by the weights of the listener, and the test listener has the candidate alone', async () => {
  const { world, traffic, service, taskDefinition } = await start({
    strategy: 'LINEAR',
    linearConfiguration: { stepPercent: 30, stepBakeTimeInMinutes: 10 },
  });
  expect(await ask(traffic.productionUrl, 10)).toEqual({ 1: 10 });
  startDeployment(world, service, putTaskDefinition(world, { ...taskDefinition.given, family: 'motor-pricing' }));
  world.time.pass(2 * MINUTE);
  expect(await ask(traffic.productionUrl, 100)).toEqual({ 1: 70, 2: 30 });
  expect(await ask(traffic.testUrl, 10)).toEqual({ 2: 10 });
  world.time.pass(60 * MINUTE);
  expect(await ask(traffic.productionUrl, 10)).toEqual({ 2: 10 });
});

test('a rolling update answers from both while it goes on', async () => {
  const { world, traffic, service, taskDefinition } = await start();
  startDeployment(world, service, putTaskDefinition(world, taskDefinition.given));
  world.time.pass(13_500);
  expect(await ask(traffic.productionUrl, 20)).toEqual({ 1: 10, 2: 10 });
  world.time.pass(MINUTE);
  expect(await ask(traffic.productionUrl, 10)).toEqual({ 2: 10 });
});

test('without a healthy task the load balancer answers 503 itself', async () => {
  const { world, traffic, service } = await start();
  service.desiredCount = 0;
  world.time.pass(MINUTE);
  expect(await ask(traffic.productionUrl, 2)).toEqual({ 503: 2 });
});
