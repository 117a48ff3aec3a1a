import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Deployment } from '../../shared/release/deployment.ts';
import { ask, type Bench, eventually, makeBench, mark, STEADY, settling, shares } from './bench.ts';
import { failed, Load } from './load.ts';

describe('the traffic of an environment', () => {
  let bench: Bench;
  let url: string;
  let first: Deployment;
  let second: Deployment;
  beforeAll(async () => {
    bench = await makeBench();
    first = await bench.promote(await bench.release({ premium: 1 }), 'production');
    second = await bench.deploy(await bench.release({ premium: 2 }), 'production');
    url = (await bench.target.inspect('production')).address?.url ?? '';
  });
  afterAll(() => bench.stop());
  const split = (a: number, b: number) =>
    bench.target.route('production', { [first.id]: a, [second.id]: b }, mark('p', second.id, first.id));

  it('is split exactly as the weights say', async () => {
    await split(90, 10);
    expect(await shares(url, 1_000)).toEqual({ [first.id]: 900, [second.id]: 100 });
    await split(33, 67);
    expect(await shares(url, 200)).toEqual({ [first.id]: 66, [second.id]: 134 });
  });

  it('goes by the new weights from the moment route returns', async () => {
    for (const [a, b, expected] of [
      [0, 100, second.id],
      [100, 0, first.id],
    ] as const) {
      await split(a, b);
      expect(await shares(url, 50)).toEqual({ [expected]: 50 });
    }
  });

  it('lets a request that is under way finish where it is', async () => {
    await split(100, 0);
    const slow = ask(url, '/quote?ms=600');
    await delay(100);
    await split(0, 100);
    expect((await ask(url)).deployment).toBe(second.id);
    expect((await slow).deployment).toBe(first.id);
  });

  it('ends up at one of the weights when several calls set them at once', async () => {
    const calls = [10, 20, 30, 40, 50, 60, 70, 80].map((percent) => split(100 - percent, percent));
    await Promise.all(calls);
    const { weights } = await bench.target.inspect('production');
    expect((weights[first.id] ?? 0) + (weights[second.id] ?? 0)).toBe(100);
    expect(await shares(url, 100)).toEqual(weights);
  });

  it('reaches a deployment on its own address whatever the weights are', async () => {
    await split(100, 0);
    expect(await ask(second.address?.url)).toMatchObject({ status: 200, deployment: second.id, body: { premium: 2 } });
  });

  it('goes back under load at once, and loses no request', async () => {
    await split(0, 100);
    const load = new Load(url, 8);
    await load.more(300);
    const before = performance.now();
    await split(100, 0);
    const routed = performance.now();
    await load.more(300);
    const seen = await load.stop();
    expect(failed(seen)).toEqual([]);
    const byNew = seen.filter(({ by }) => by === second.id);
    // Whoever asked after route had returned was answered by the old one.
    expect(byNew.filter(({ startedAt }) => startedAt > routed)).toEqual([]);
    const last = Math.max(...byNew.map(({ at }) => at));
    console.log(
      `rollback under load: route took ${Math.round(routed - before)} ms; last answer of the new one ${Math.round(last - before)} ms after its start; ${seen.length} requests, none failed`,
    );
    await bench.target.settle('production', settling('p', first.id, second.id, { outcome: 'reverted' }));
  });
});

describe('the gateway as a proxy', () => {
  let bench: Bench;
  let url: string;
  let deployment: Deployment;
  beforeAll(async () => {
    bench = await makeBench();
    deployment = await bench.promote(await bench.release(), 'production', {
      autoscaling: { ...STEADY, min: 2, max: 2 },
    });
    url = (await bench.target.inspect('production')).address?.url ?? '';
  });
  afterAll(() => bench.stop());

  it('sends on method, path, query and headers, and says for whom', async () => {
    const { body } = await ask(deployment.address?.url, '/headers?area=A%20B&x=1', {
      method: 'PUT',
      body: 'x',
      headers: { 'x-mine': 'yes', te: 'trailers', 'x-forwarded-for': '10.0.0.9' },
    });
    expect(body).toMatchObject({ method: 'PUT', url: '/headers?area=A%20B&x=1' });
    expect(body.headers).toMatchObject({
      'x-mine': 'yes',
      'x-forwarded-for': '10.0.0.9, 127.0.0.1',
      'x-forwarded-proto': 'http',
      'x-forwarded-host': expect.stringContaining('127.0.0.1:'),
      'x-forwarded-prefix': `/deployments/${deployment.id}`,
    });
    expect(body.headers).not.toHaveProperty('te');
  });

  it.each(['GET', 'HEAD', 'DELETE', 'OPTIONS'])('passes %s without a body', async (method) => {
    const response = await fetch(`${url}/headers`, { method });
    expect(response.status).toBe(200);
    const body = await response.text();
    expect(body === '').toBe(method === 'HEAD');
  });

  it('takes an answer as it comes, line by line', async () => {
    const asked = request(`${url}/stream?lines=5&gapMs=150`, { method: 'POST' });
    asked.end('{}');
    const [answer] = await once(asked, 'response');
    const [first] = await once(answer, 'data');
    expect(answer.complete).toBe(false);
    const rest = await text(answer);
    expect(`${first}${rest}`.trim().split('\n')).toHaveLength(5);
  });

  it.each([
    ['1 MiB', 1],
    ['40 MiB, more than it keeps', 40],
  ])('takes a body of %s', async (_what, mebibytes) => {
    const answer = await ask(url, '/quote', { method: 'POST', body: randomBytes(mebibytes * 2 ** 20) });
    expect(answer).toMatchObject({ status: 200, body: { bytes: mebibytes * 2 ** 20 } });
  });

  it('takes a body whose length nobody knows before', async () => {
    const asked = request(`${url}/quote`, { method: 'POST' });
    for (let part = 0; part < 20; part += 1) asked.write(randomBytes(512 * 1024));
    asked.end();
    const [answer] = await once(asked, 'response');
    expect(JSON.parse(await text(answer))).toMatchObject({ bytes: 10 * 2 ** 20 });
  });

  it('holds back a client that sends faster than the server reads', async () => {
    const { port } = new URL(url);
    const socket = connect(Number(port), '127.0.0.1');
    await once(socket, 'connect');
    const total = 64 * 2 ** 20;
    socket.write(`POST /quote?pauseMs=2500 HTTP/1.1\r\nhost: x\r\ncontent-length: ${total}\r\n\r\n`);
    const chunk = randomBytes(2 ** 20);
    let sent = 0;
    while (sent < total && socket.write(chunk)) sent += chunk.length;
    for (let quiet = 0; quiet < 5 && sent < total; ) {
      const drained = await Promise.race([once(socket, 'drain').then(() => true), delay(150).then(() => false)]);
      quiet = drained ? 0 : quiet + 1;
      if (drained) while (sent < total && socket.write(chunk)) sent += chunk.length;
    }
    // Buffers of both connections and what is kept for another try: far less than the whole.
    expect(sent).toBeLessThan(48 * 2 ** 20);
    socket.destroy();
  });

  it('passes on a refusal of a body that the server did not read, each time', async () => {
    const body = randomBytes(20 * 2 ** 20);
    for (let time = 0; time < 10; time += 1) {
      const answer = await ask(url, '/early', { method: 'POST', body });
      expect(answer).toMatchObject({ status: 413, body: { error_code: 'PAYLOAD_TOO_LARGE' } });
    }
    expect((await ask(url)).status).toBe(200);
  });

  it('outlasts an idle time after which servers close their connections', async () => {
    expect((await ask(url)).status).toBe(200);
    await delay(5_200);
    const answers = await Promise.all(Array.from({ length: 10 }, () => ask(url)));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
  });

  it('waits for a slow answer', async () => {
    expect(await ask(url, '/quote?ms=4000')).toMatchObject({ status: 200 });
  });

  it('does not pass on an answer that does not say whose it is', async () => {
    expect((await ask(url, '/nameless')).status).toBe(502);
    expect((await ask(url, '/nameless?status=400')).status).toBe(400);
    expect((await ask(url)).status).toBe(200);
  });

  it('gives a request that ends its servers up, and goes on serving', async () => {
    const answer = await ask(url, '/quote?die=always');
    expect(answer).toMatchObject({ status: 502, body: { error_code: 'DEPLOYMENT_LOST_REQUEST' } });
    expect((await ask(url)).status).toBe(200);
  });

  it('sends requests to the server with the fewest under way', async () => {
    await eventually(
      async () => (await bench.servers(deployment.id)).length === 2 && statusReady(bench, 2),
      'two replicas',
    );
    const slow = ask(url, '/quote?ms=800');
    await delay(50);
    const quick = await Promise.all([ask(url), ask(url)].map((each) => each));
    const pids = new Set(quick.map(({ body }) => body.pid));
    pids.delete((await slow).body.pid);
    expect(pids.size).toBe(1);
  });

  it.each([
    ['/', 404],
    ['/deployments', 404],
    ['/deployments/d-nobody/quote', 404],
    ['/deployments/../../etc/passwd', 404],
  ])('answers %s on the address of the deployments with %i', async (path, status) => {
    const { origin } = new URL(deployment.address?.url ?? '');
    expect(await ask(origin, path)).toMatchObject({ status, body: { error_code: 'NOT_FOUND' } });
  });

  it('lets nobody in at its control door without the token', async () => {
    const { gateway } = (await bench.state.read()) ?? {};
    const door = `http://127.0.0.1:${gateway?.controlPort}/sync`;
    const body = '{"wake":{}}';
    expect((await fetch(door, { method: 'POST', body })).status).toBe(403);
    expect((await fetch(door, { method: 'POST', body, headers: { authorization: 'Bearer guess' } })).status).toBe(403);
    const authorization = `Bearer ${gateway?.token}`;
    expect((await fetch(door, { method: 'POST', body, headers: { authorization } })).status).toBe(200);
    expect((await fetch(door, { method: 'GET', headers: { authorization } })).status).toBe(404);
    expect((await fetch(door, { method: 'POST', body: '{"wake":{"d":-1}}', headers: { authorization } })).status).toBe(
      500,
    );
  });
});

async function statusReady(bench: Bench, replicas: number): Promise<boolean> {
  return (await bench.target.inspect('production')).current?.replicas === replicas;
}
