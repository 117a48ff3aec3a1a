import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GateFailure, ProviderError } from '../../shared/errors.ts';
import { DiskFiles } from '../../shared/io/disk-files.ts';
import type { Deployment } from '../../shared/release/deployment.ts';
import { formatLocalStatus } from '../../shared/targets/local/admin/format-status.ts';
import { localStatus } from '../../shared/targets/local/admin/status.ts';
import { localStop } from '../../shared/targets/local/admin/stop.ts';
import {
  ask,
  type Bench,
  deployOptions,
  eventually,
  makeBench,
  mark,
  NODE,
  STEADY,
  settling,
  shares,
} from './bench.ts';
import { failed, Load } from './load.ts';

let bench: Bench;
const children: ChildProcess[] = [];
beforeEach(async () => {
  bench = await makeBench();
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await bench.stop();
  expect(await bench.running()).toEqual([]);
});

async function urlOf(environment: string): Promise<string> {
  return (await bench.target.inspect(environment)).address?.url ?? '';
}

/** A step in a process of its own, that has come to its middle. */
async function stepInTheMiddle(what: string, given: unknown): Promise<ChildProcess> {
  const child = spawn(NODE, [join(import.meta.dirname, 'step-main.ts'), bench.root, what, JSON.stringify(given)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  await once(child.stdout ?? child, 'data');
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'exit');
}

function killServer(pid: number | undefined): void {
  if (pid === undefined) throw new Error('no server');
  process.kill(pid, 'SIGKILL');
}

describe('a server that is killed', () => {
  it('is started again by the gateway, with no call, and under load no request is lost', async () => {
    const a = await bench.promote(await bench.release(), 'production');
    const [before] = await bench.servers(a.id);
    const load = new Load(await urlOf('production'), 6);
    await load.more(100);
    const killedAt = performance.now();
    killServer(before);
    await load.more(200);
    const seen = await load.stop();
    expect(failed(seen)).toEqual([]);
    expect(seen.some(({ startedAt }) => startedAt > killedAt)).toBe(true);
    const longest = Math.max(...seen.map(({ at, startedAt }) => at - startedAt));
    console.log(
      `server killed under load: longest answer ${Math.round(longest)} ms, ${seen.length} requests, none failed`,
    );
    const [after] = await bench.servers(a.id);
    expect(after).not.toBe(before);
  });

  it('has the request it was working on answered by the next one', async () => {
    const a = await bench.promote(await bench.release(), 'production');
    const slow = ask(await urlOf('production'), '/quote?ms=600');
    await new Promise((resolve) => setTimeout(resolve, 200));
    const [before] = await bench.servers(a.id);
    killServer(before);
    const { status, body } = await slow;
    expect(status).toBe(200);
    expect(body.pid).not.toBe(before);
  });

  it('leaves its traffic to the other deployment of a split meanwhile', async () => {
    const a = await bench.promote(await bench.release({ startMs: 1_500 }), 'production');
    const b = await bench.deploy(await bench.release({ premium: 2 }), 'production');
    await bench.target.route('production', { [a.id]: 50, [b.id]: 50 }, mark('p', b.id, a.id));
    const url = await urlOf('production');
    killServer((await bench.servers(a.id))[0]);
    expect(await shares(url, 10)).toEqual({ [b.id]: 10 });
    expect((await ask(a.address?.url)).deployment).toBe(a.id);
  });
});

describe('a gateway that is killed', () => {
  it.each(['SIGKILL', 'SIGTERM'] as const)(
    'with %s: its servers live on, and the next call starts one at the same addresses',
    async (signal) => {
      const a = await bench.promote(await bench.release(), 'production');
      const [url, servers, gateway] = [await urlOf('production'), await bench.servers(a.id), await bench.gatewayPid()];
      process.kill(gateway, signal);
      await eventually(async () => !(await bench.running()).includes(gateway), 'the gateway is gone');
      expect(await bench.running()).toEqual(servers);

      const state = await bench.target.inspect('production');
      expect([state.address?.url, state.current?.address, state.current?.status]).toEqual([url, a.address, 'active']);
      expect(await ask(url)).toMatchObject({ status: 200, deployment: a.id });
      expect(await bench.servers(a.id)).toEqual(servers);
      expect(await bench.gatewayPid()).not.toBe(gateway);
    },
  );

  it('takes requests under way to their end when it is asked to end', async () => {
    const a = await bench.promote(await bench.release(), 'production');
    const slow = ask(a.address?.url, '/quote?ms=700');
    await new Promise((resolve) => setTimeout(resolve, 200));
    process.kill(await bench.gatewayPid(), 'SIGTERM');
    expect((await slow).status).toBe(200);
  });

  it('and its server too: both are back after the next call, and an adopted server is watched as well', async () => {
    const a = await bench.promote(await bench.release(), 'production', { autoscaling: { ...STEADY, min: 2, max: 2 } });
    const [first, second] = await bench.servers(a.id);
    process.kill(await bench.gatewayPid(), 'SIGKILL');
    killServer(first);
    await bench.target.inspect('production');
    const adopted = await eventually(async () => {
      const now = await bench.servers(a.id);
      return now.length === 2 && !now.includes(first ?? 0) && now;
    }, 'two servers again');
    expect(adopted).toContain(second);
    killServer(second);
    await eventually(async () => {
      const now = await bench.servers(a.id);
      return now.length === 2 && !now.includes(second ?? 0);
    }, 'the adopted one is replaced');
  });

  it('keeps a split and a promotion', async () => {
    const a = await bench.promote(await bench.release(), 'production');
    const b = await bench.deploy(await bench.release({ premium: 2 }), 'production');
    await bench.target.route('production', { [a.id]: 80, [b.id]: 20 }, mark('p', b.id, a.id));
    process.kill(await bench.gatewayPid(), 'SIGKILL');
    const state = await bench.target.inspect('production');
    expect(state).toMatchObject({ weights: { [a.id]: 80, [b.id]: 20 }, promotion: { id: 'p', owner: 'alive' } });
    expect(await shares(state.address?.url, 100)).toEqual({ [a.id]: 80, [b.id]: 20 });
  });

  it('is replaced when it lives and does not answer', async () => {
    const a = await bench.promote(await bench.release(), 'production');
    const gateway = await bench.gatewayPid();
    process.kill(gateway, 'SIGSTOP');
    expect((await bench.target.inspect('production')).current?.status).toBe('active');
    expect(await bench.gatewayPid()).not.toBe(gateway);
    expect(await ask(a.address?.url)).toMatchObject({ status: 200 });
  });

  it('is replaced when it is of another version', async () => {
    await bench.promote(await bench.release(), 'production');
    const gateway = await bench.gatewayPid();
    await bench.state.update((state) => ({ ...state, gateway: state.gateway && { ...state.gateway, protocol: 999 } }));
    await bench.target.inspect('production');
    expect(await bench.gatewayPid()).not.toBe(gateway);
  });

  it('is started once, however many steps need it at the same time', async () => {
    const a = await bench.promote(await bench.release(), 'production');
    process.kill(await bench.gatewayPid(), 'SIGKILL');
    const targets = Array.from({ length: 5 }, () => bench.another({}));
    const states = await Promise.all(targets.map((target) => target.inspect('production')));
    expect(states.map(({ current }) => current?.status)).toEqual(Array(5).fill('active'));
    const servers = await bench.servers(a.id);
    await eventually(async () => (await bench.running()).length === servers.length + 1, 'one gateway');
  });

  it('that cannot be started is reported with what it said', async () => {
    const broken = bench.another({ gatewayArgv: [NODE, '-e', 'console.log("no such bundle"); process.exit(1)'] });
    const release = await bench.release();
    await expect(broken.deploy(release, 'production', deployOptions())).rejects.toThrow(/LOCAL-GATEWAY-DOWN/);
    await expect(broken.deploy(release, 'production', deployOptions())).rejects.toThrow(/no such bundle/);
  });
});

describe('a step that is killed', () => {
  it('in the middle of a ramp: the promotion is reported as half-done, still serves, and is ended only on request', async () => {
    const a = await bench.promote(await bench.release(), 'production');
    const b = await bench.deploy(await bench.release({ premium: 2 }), 'production');
    const weights = { [a.id]: 70, [b.id]: 30 };
    const step = await stepInTheMiddle('route', { weights, promotionId: 'p-step', candidate: b.id, current: a.id });
    expect((await bench.target.inspect('production')).promotion?.owner).toBe('alive');
    await kill(step);

    const state = await bench.target.inspect('production');
    expect(state).toMatchObject({
      weights,
      promotion: { id: 'p-step', owner: 'gone', candidate: b.id, current: a.id },
    });
    expect(await shares(state.address?.url, 100)).toEqual(weights);
    const refused = await bench.target
      .route('production', { [a.id]: 100 }, mark('p-2', a.id, b.id))
      .catch((error) => error);
    expect(refused).toBeInstanceOf(GateFailure);
    expect(refused.message).toMatch(/p-step.*its process is gone/);
    expect(formatLocalStatus(await localStatus(bench.options))).toContain('its process is gone');

    await bench.target.route('production', { [a.id]: 100 }, mark('p-2', b.id, a.id, { supersede: true }));
    await bench.target.settle('production', settling('p-2', a.id, b.id, { outcome: 'reverted' }));
    expect(await bench.target.inspect('production')).toMatchObject({ weights: { [a.id]: 100 }, promotion: undefined });
    expect((await bench.target.inspect('production')).history).toHaveLength(1);
  });

  it('in the middle of deploying: what it began is taken away', async () => {
    const a = await bench.promote(await bench.release(), 'production');
    const step = await stepInTheMiddle('deploy', { release: await bench.release({ startMs: 60_000 }) });
    await eventually(async () => (await bench.running()).length === 3, 'its server runs');
    await kill(step);
    await eventually(
      async () => Object.keys((await bench.state.read())?.deployments ?? {}).length === 1,
      'it is forgotten',
    );
    expect(await bench.running()).toHaveLength(2);
    expect((await bench.target.inspect('production')).deployments.map(({ id }) => id)).toEqual([a.id]);
  });

  it('while it holds the state: the next one is not kept waiting', async () => {
    await bench.promote(await bench.release(), 'production');
    const step = await stepInTheMiddle('lock', {});
    const waiting = bench.target.setActive(
      (await bench.target.inspect('production')).current?.id ?? '',
      true,
      AbortSignal.timeout(5_000),
    );
    const first = await Promise.race([
      waiting.then(() => 'went on'),
      new Promise((resolve) => setTimeout(resolve, 300, 'waits')),
    ]);
    expect(first).toBe('waits');
    await kill(step);
    await waiting;
  });

  it('is told from another process that got its pid', async () => {
    await bench.promote(await bench.release(), 'production');
    const bystander = spawn(NODE, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    children.push(bystander);
    await bench.state.update((state) => ({
      ...state,
      gateway: state.gateway && { ...state.gateway, pid: bystander.pid ?? 0 },
    }));
    await localStop({ ...bench.options, purge: false });
    expect(bystander.exitCode).toBeNull();
    expect(bystander.signalCode).toBeNull();
    expect(await bench.running()).toEqual([]);
  });
});

describe('a state that somebody broke', () => {
  it.each([
    ['is not JSON', () => '{"schema": "haute.lo'],
    ['is not text', () => Buffer.from([0xff, 0xfe, 0x00])],
    ['is empty', () => ''],
    ['is of another version', (text: string) => text.replace('haute.local/1', 'haute.local/9')],
    ['has a key that nobody knows', (text: string) => text.replace('"generation"', '"generaton"')],
    ['has weights that are not 100', (text: string) => text.replace(/("weights": \{\s*"[^"]+": )100/, '$199')],
    ['routes to what is not there', (text: string) => text.replace(/("weights": \{\s*")d-/, '$1x-')],
  ])('%s: every call says so and what to do, what serves goes on, and a purge clears it', async (_what, breakIt) => {
    const a = await bench.promote(await bench.release(), 'production');
    const url = await urlOf('production');
    const good = await readFile(bench.state.path, 'utf8');
    await writeFile(bench.state.path, breakIt(good));
    const calls = [
      () => bench.target.inspect('production'),
      () => bench.target.remove(a.id),
      () => bench.target.route('production', { [a.id]: 100 }, mark('p', a.id, a.id)),
      () => localStatus(bench.options),
    ];
    for (const call of calls) {
      await expect(call()).rejects.toThrow(/LOCAL-STATE-BROKEN.*local stop --purge/);
    }
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect((await ask(url)).status).toBe(200);
    await expect(localStop({ ...bench.options, purge: false })).rejects.toThrow('LOCAL-STATE-BROKEN');
    expect(await bench.running()).toEqual([]);
  });

  it('is in force again once it is put back', async () => {
    await bench.promote(await bench.release(), 'production');
    const good = await readFile(bench.state.path, 'utf8');
    await writeFile(bench.state.path, 'nonsense');
    await expect(bench.target.inspect('production')).rejects.toThrow('LOCAL-STATE-BROKEN');
    await writeFile(bench.state.path, good);
    expect((await bench.target.inspect('production')).current?.status).toBe('active');
  });
});

describe('a port that another program has', () => {
  let other: Server | undefined;
  afterEach(async () => {
    other?.close();
    other = undefined;
  });
  async function occupy(port = 0): Promise<number> {
    other = createServer((_, response) => response.end('somebody else')).listen(port, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    return typeof address === 'object' && address ? address.port : 0;
  }

  it('refuses a first deployment there, naming the port, and leaves nothing behind', async () => {
    const port = await occupy();
    const target = bench.another({ policy: { ports: { production: port }, deploymentsPort: undefined } });
    await expect(target.deploy(await bench.release(), 'production', deployOptions())).rejects.toThrow(
      new RegExp(`port ${port} .*environment production.*LOCAL-PORT-IN-USE.*haute\\.release\\.toml`),
    );
    const state = await bench.state.read();
    expect([state?.deployments, state?.environments]).toEqual([{}, {}]);
  });

  it('is reported after a restart, and taken back when it is free', async () => {
    await bench.promote(await bench.release(), 'production');
    await bench.promote(await bench.release({ premium: 2 }), 'staging');
    const url = await urlOf('production');
    await localStop({ ...bench.options, purge: false });
    await occupy(Number(new URL(url).port));
    await expect(bench.target.inspect('production')).rejects.toThrow('LOCAL-PORT-IN-USE');
    expect((await ask(await urlOf('staging'))).status).toBe(200);
    expect(formatLocalStatus(await localStatus(bench.options))).toContain('cannot be listened on: EADDRINUSE');
    other?.close();
    other?.closeAllConnections();
    await eventually(
      async () => (await bench.target.inspect('production').catch(() => undefined)) !== undefined,
      'the port is ours again',
    );
    expect((await ask(url)).status).toBe(200);
  });

  it('moves an environment to the port that the policy says', async () => {
    const release = await bench.release();
    await bench.promote(release, 'production');
    const before = await urlOf('production');
    const port = await occupy();
    other?.close();
    const moved = bench.another({ policy: { ports: { production: port }, deploymentsPort: undefined } });
    await moved.deploy(release, 'production', deployOptions());
    expect(await urlOf('production')).toBe(`http://127.0.0.1:${port}`);
    expect((await ask(await urlOf('production'))).status).toBe(200);
    await expect(ask(before)).rejects.toThrow();
  });
});

describe('a disk that is full', () => {
  class FullDisk extends DiskFiles {
    isFull = false;
    override write(path: string, content: string | Uint8Array, mode?: number): Promise<void> {
      if (!this.isFull) return super.write(path, content, mode);
      throw new ProviderError({
        code: 'DISK-FULL',
        what: `cannot write ${path}: the disk is full`,
        fix: 'Free some space.',
      });
    }
    override copyTree(from: string, to: string): Promise<void> {
      if (!this.isFull) return super.copyTree(from, to);
      throw new ProviderError({
        code: 'DISK-FULL',
        what: `cannot copy to ${to}: the disk is full`,
        fix: 'Free some space.',
      });
    }
  }

  it('refuses what would be written, leaves the state whole, and lets what serves go on', async () => {
    const files = new FullDisk();
    const full = bench.another({ files });
    const a = await bench.promote(await bench.release(), 'production');
    const release = await bench.release({ premium: 2 });
    const before = await readFile(bench.state.path, 'utf8');
    files.isFull = true;
    await expect(full.deploy(release, 'production', deployOptions())).rejects.toThrow('DISK-FULL');
    await expect(full.route('production', { [a.id]: 100 }, mark('p', a.id, a.id))).rejects.toThrow('DISK-FULL');
    expect(await readFile(bench.state.path, 'utf8')).toBe(before);
    expect((await ask(await urlOf('production'))).status).toBe(200);
    files.isFull = false;
    await full.deploy(release, 'production', deployOptions());
  });
});

describe('two promotions at once', () => {
  it('one holds the environment, the other is refused with its name, whoever is first', async () => {
    const a = await bench.promote(await bench.release(), 'production');
    const rivals: Deployment[] = [];
    for (const premium of [2, 3, 4]) rivals.push(await bench.deploy(await bench.release({ premium }), 'production'));
    const results = await Promise.allSettled(
      rivals.map(({ id }) =>
        bench.another({}).route('production', { [a.id]: 90, [id]: 10 }, mark(`p-${id}`, id, a.id)),
      ),
    );
    const won = results.filter(({ status }) => status === 'fulfilled');
    expect(won).toHaveLength(1);
    const { promotion, weights } = await bench.target.inspect('production');
    expect(weights).toEqual({ [a.id]: 90, [promotion?.candidate ?? '']: 10 });
    for (const result of results) {
      if (result.status === 'rejected') expect(String(result.reason)).toContain(`${promotion?.id}`);
    }
  });
});
