import { appendFile, chmod, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { messageOf } from '../../shared/errors.ts';
import type { Autoscaling, Deployment, DeploymentStatus } from '../../shared/release/deployment.ts';
import { formatLocalStatus } from '../../shared/targets/local/admin/format-status.ts';
import { formatLocalLogs, localLogs } from '../../shared/targets/local/admin/logs.ts';
import { localStatus } from '../../shared/targets/local/admin/status.ts';
import { localStop } from '../../shared/targets/local/admin/stop.ts';
import { packageDir } from '../../shared/targets/local/paths.ts';
import { ask, type Bench, eventually, makeBench, mark, NEVER, STEADY, settling, shares } from './bench.ts';
import { failed, Load } from './load.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await makeBench();
});
afterEach(async () => {
  await bench.stop();
  expect(await bench.running()).toEqual([]);
});

const SLEEPY: Autoscaling = { ...STEADY, min: 0, max: 1, windowMs: 400, scaleDownDelayMs: 400 };

async function addressOf(environment: string): Promise<string> {
  return (await bench.target.inspect(environment)).address?.url ?? '';
}

async function statusOf(environment: string, { id }: Deployment): Promise<DeploymentStatus | undefined> {
  return (await bench.target.inspect(environment)).deployments.find((each) => each.id === id)?.status;
}

function reaches(environment: string, deployment: Deployment, status: DeploymentStatus): Promise<boolean> {
  return eventually(async () => (await statusOf(environment, deployment)) === status, `${deployment.id} is ${status}`);
}

describe('scaling', () => {
  it('goes to zero when idle, and wakes for a request, which waits for it', async () => {
    const deployment = await bench.promote(await bench.release({ startMs: 500 }), 'staging', { autoscaling: SLEEPY });
    await reaches('staging', deployment, 'scaled-to-zero');
    expect(await bench.servers(deployment.id)).toEqual([]);
    const waiting = Promise.all(Array.from({ length: 5 }, async () => ask(await addressOf('staging'))));
    await reaches('staging', deployment, 'waking-up');
    expect((await waiting).map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect(await statusOf('staging', deployment)).toBe('active');
    await reaches('staging', deployment, 'scaled-to-zero');
    expect(await ask(deployment.address?.url)).toMatchObject({ status: 200 });
  });

  it('goes out to the maximum under load and in again after it, losing no request', async () => {
    const settings = {
      ...STEADY,
      min: 1,
      max: 3,
      concurrency: 1,
      utilization: 100,
      windowMs: 400,
      scaleDownDelayMs: 600,
    };
    const deployment = await bench.promote(await bench.release(), 'production', { autoscaling: settings });
    const load = new Load(await addressOf('production'), 6, '/quote?ms=40');
    await eventually(async () => (await bench.target.inspect('production')).current?.replicas === 3, 'three replicas');
    expect(await bench.servers(deployment.id)).toHaveLength(3);
    const seen = await load.stop();
    expect(failed(seen)).toEqual([]);
    await eventually(async () => (await bench.servers(deployment.id)).length === 1, 'one replica again');
    expect((await ask(await addressOf('production'))).status).toBe(200);
  });

  it('has the minimum of replicas up before a candidate counts as deployed', async () => {
    const deployment = await bench.deploy(await bench.release(), 'production', {
      autoscaling: { ...STEADY, min: 3, max: 3 },
    });
    expect(deployment).toMatchObject({ status: 'active', replicas: 3 });
  });
});

describe('what becomes of the deployment that served before', () => {
  it.each([
    ['scale-to-zero', 'scaled-to-zero'],
    ['deactivate', 'inactive'],
  ] as const)(
    'policy %s: it is %s once the rollback window is over, and can be gone back to',
    async (previousPolicy, status) => {
      const a = await bench.promote(await bench.release({ premium: 1 }), 'production');
      const b = await bench.promote(await bench.release({ premium: 2 }), 'production', {
        previousPolicy,
        rollbackWindowMs: 1_500,
      });
      expect(await statusOf('production', a)).toBe('active');
      await reaches('production', a, status);
      expect(await statusOf('production', b)).toBe('active');

      if (status === 'inactive') await bench.target.setActive(a.id, true, NEVER);
      await bench.target.route('production', { [a.id]: 100 }, mark('back', a.id, b.id));
      expect(await ask(await addressOf('production'))).toMatchObject({
        status: 200,
        deployment: a.id,
        body: { premium: 1 },
      });
      await bench.target.settle('production', settling('back', a.id, b.id, { outcome: 'rolled-back' }));
      expect(await statusOf('production', a)).toBe('active');
    },
  );

  it('policy keep: it stays as it is', async () => {
    const a = await bench.promote(await bench.release({ premium: 1 }), 'production');
    await bench.promote(await bench.release({ premium: 2 }), 'production', {
      previousPolicy: 'keep',
      rollbackWindowMs: 0,
    });
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(await statusOf('production', a)).toBe('active');
  });

  it('a candidate that was turned down sleeps at once', async () => {
    const a = await bench.promote(await bench.release({ premium: 1 }), 'production');
    const b = await bench.deploy(await bench.release({ premium: 2 }), 'production');
    await bench.target.route('production', { [a.id]: 100 }, mark('p', b.id, a.id));
    await bench.target.settle('production', settling('p', a.id, b.id, { outcome: 'reverted' }));
    await reaches('production', b, 'scaled-to-zero');
    expect(await statusOf('production', a)).toBe('active');
  });

  it('settling one environment takes nothing from what another one serves', async () => {
    const shared = await bench.release({ premium: 1 });
    const a = await bench.promote(shared, 'staging');
    expect((await bench.promote(shared, 'production')).id).toBe(a.id);
    const next = await bench.release({ premium: 2 });
    for (const previousPolicy of ['deactivate', 'scale-to-zero'] as const) {
      await bench.promote(next, 'staging', { previousPolicy, rollbackWindowMs: 0, fresh: true });
    }
    const load = new Load(await addressOf('production'), 2);
    await eventually(async () => (await bench.state.read())?.environments.staging?.retiring.length === 0, 'retired');
    await load.more(50);
    expect(failed(await load.stop())).toEqual([]);
    expect((await bench.target.inspect('production')).current).toMatchObject({
      id: a.id,
      status: 'active',
      replicas: 1,
    });
  });
});

describe('deactivating', () => {
  it('answers 404 at the deployment and at an environment that routes to nothing else', async () => {
    const a = await bench.promote(await bench.release(), 'production');
    const url = await addressOf('production');
    await bench.target.setActive(a.id, false, NEVER);
    expect(await ask(a.address?.url)).toMatchObject({ status: 404, body: { error_code: 'DEPLOYMENT_INACTIVE' } });
    expect(await ask(url)).toMatchObject({ status: 404, body: { error_code: 'DEPLOYMENT_INACTIVE' } });
    expect(await bench.servers(a.id)).toEqual([]);
    await bench.target.setActive(a.id, true, NEVER);
    expect((await ask(url)).status).toBe(200);
  });

  it('leaves the traffic to the other deployment of a split', async () => {
    const a = await bench.promote(await bench.release(), 'production');
    const b = await bench.deploy(await bench.release({ premium: 2 }), 'production');
    await bench.target.route('production', { [a.id]: 50, [b.id]: 50 }, mark('p', b.id, a.id));
    await bench.target.setActive(b.id, false, NEVER);
    expect(await shares(await addressOf('production'), 20)).toEqual({ [a.id]: 20 });
  });

  it('lets requests under way finish first', async () => {
    const a = await bench.promote(await bench.release(), 'production');
    const slow = ask(a.address?.url, '/quote?ms=700');
    await new Promise((resolve) => setTimeout(resolve, 150));
    await bench.target.setActive(a.id, false, NEVER);
    expect((await slow).status).toBe(200);
  });

  it('says that nothing serves an environment that was deployed to and never routed', async () => {
    await bench.deploy(await bench.release(), 'production');
    expect(await ask(await addressOf('production'))).toMatchObject({
      status: 404,
      body: { error_code: 'ENVIRONMENT_NOT_DEPLOYED' },
    });
  });

  it('is refused as a place for traffic', async () => {
    const a = await bench.promote(await bench.release(), 'production');
    const b = await bench.deploy(await bench.release({ premium: 2 }), 'production');
    await bench.target.setActive(b.id, false, NEVER);
    await expect(bench.target.route('production', { [b.id]: 100 }, mark('p', b.id, a.id))).rejects.toThrow(
      'LOCAL-INACTIVE',
    );
  });
});

describe('a deployment that does not come up', () => {
  it.each([
    ['ends when it starts', { crashAtStart: true }, /exit code 3[\s\S]*rating table is missing, password=\*\*\*/],
    ['answers as another release', { sayRelease: 'sha256:other' }, /release sha256:other answers/],
    ['is never healthy', { unhealthy: true }, /\/health answers 503/],
  ])('%s: it is reported with its log and nothing of it is left', async (_what, behaviour, message) => {
    const impatient = bench.another({ startupTimeoutMs: 700 });
    const options = { fresh: false, autoscaling: STEADY, signal: NEVER, progress: () => {} };
    const release = await bench.release(behaviour);
    const error = await impatient.deploy(release, 'staging', options).catch((thrown: unknown) => thrown);
    expect(messageOf(error)).toMatch(message);
    expect(messageOf(error)).toContain('LOCAL-DEPLOY-FAILED');
    expect(messageOf(error)).not.toContain('hunter2');
    const state = await bench.state.read();
    expect([state?.deployments, state?.environments]).toEqual([{}, {}]);
    expect(await bench.running()).toEqual([await bench.gatewayPid()]);
  });

  it('leaves what serves alone', async () => {
    const a = await bench.promote(await bench.release(), 'production');
    await expect(bench.deploy(await bench.release({ crashAtStart: true }), 'production')).rejects.toThrow(
      'LOCAL-DEPLOY-FAILED',
    );
    const state = await bench.target.inspect('production');
    expect([state.current?.id, state.deployments.length, state.promotion]).toEqual([a.id, 1, undefined]);
    expect((await ask(state.address?.url)).status).toBe(200);
  });

  it('is taken away when the step is cancelled in the middle', async () => {
    const cancel = new AbortController();
    const deploying = bench.deploy(await bench.release({ startMs: 10_000 }), 'staging', { signal: cancel.signal });
    const id = await eventually(async () => Object.keys((await bench.state.read())?.deployments ?? {})[0], 'it began');
    await eventually(async () => (await bench.servers(id)).length === 1, 'its server runs');
    cancel.abort();
    await expect(deploying).rejects.toThrow('interrupted');
    expect((await bench.state.read())?.deployments).toEqual({});
    expect(await bench.running()).toEqual([await bench.gatewayPid()]);
  });

  it('explains one that fell over later: exit code, reason and the end of its log', async () => {
    const a = await bench.promote(await bench.release(), 'production');
    const [pid = 0] = await bench.servers(a.id);
    process.kill(pid, 'SIGKILL');
    await eventually(async () => (await bench.target.explain(a.id)).reason, 'the end is noted');
    const { summary, reason, log, next } = await bench.target.explain(a.id);
    expect(summary).toContain('motor-pricing');
    expect(reason).toBe('its server was ended by SIGKILL');
    expect(log.some((line) => line.includes(`stand-in ${pid}`))).toBe(true);
    expect(next).toBe(`haute-ci local logs --deployment ${a.id}`);
  });
});

describe('the store of packages', () => {
  it('stores a package once, whole and read-only', async () => {
    const release = await bench.release({ premium: 5 });
    const dir = packageDir(bench.stateDir, release.core.packageDigest);
    const again = await bench.options.openPackage(dir, release.core.packageDigest);
    const stored = await bench.store.push(again, { signal: NEVER });
    expect(stored).toMatchObject({ uploadedBytes: 0, reference: dir });
    expect(stored.reusedBytes).toBeGreaterThan(0);
    await expect(bench.store.verify(release.core)).resolves.toBeUndefined();
    expect(await readdir(join(bench.stateDir, 'packages'))).toHaveLength(1);
  });

  it('says which file was changed, and neither deploys nor starts a server from it', async () => {
    const release = await bench.release();
    const a = await bench.promote(release, 'production');
    const file = join(packageDir(bench.stateDir, release.core.packageDigest), 'rates.csv');
    await chmod(file, 0o644);
    await appendFile(file, 'B,0.1\n');
    await expect(bench.store.verify(release.core)).rejects.toThrow(/rates\.csv.*ARTIFACT-CHANGED/);
    await expect(bench.deploy(release, 'staging', { fresh: true })).rejects.toThrow('ARTIFACT-CHANGED');
    for (const pid of await bench.servers(a.id)) process.kill(pid, 'SIGKILL');
    await eventually(async () => (await statusOf('production', a)) === 'failed', 'it is not started again');
    expect((await bench.target.explain(a.id)).reason).toMatch(/PACKAGE-CHANGED/);
    expect((await ask(await addressOf('production'))).status).toBe(503);
  });

  it('puts a good copy in place of a changed one when it is pushed again', async () => {
    const release = await bench.release({ premium: 7 });
    const file = join(packageDir(bench.stateDir, release.core.packageDigest), 'rates.csv');
    await chmod(file, 0o644);
    await writeFile(file, 'nonsense');
    const again = await bench.release({ premium: 7 });
    expect(again.id).toBe(release.id);
    await expect(bench.store.verify(release.core)).resolves.toBeUndefined();
  });

  it.each(['verify', 'deploy'])('%s names a package that is not there', async (what) => {
    const { core } = await bench.release();
    const missing = {
      ...core,
      packageDigest: core.manifestDigest,
      artifact: { kind: 'package' as const, digest: core.manifestDigest },
    };
    const release = { id: core.manifestDigest, core: missing, evidence: [] };
    const tried = what === 'verify' ? bench.store.verify(missing) : bench.deploy(release, 'staging');
    await expect(tried).rejects.toThrow('ARTIFACT-MISSING');
  });
});

describe('stopping', () => {
  it('ends everything, keeps the state, and the next call brings all back at the same addresses', async () => {
    const a = await bench.promote(await bench.release({ premium: 3 }), 'production');
    const url = await addressOf('production');
    expect(await localStop({ ...bench.options, purge: false })).toMatchObject({ gateway: true, servers: 1 });
    expect(await bench.running()).toEqual([]);
    expect(formatLocalStatus(await localStatus(bench.options))).toMatch(/^Stopped/);
    await expect(ask(url)).rejects.toThrow();

    const state = await bench.target.inspect('production');
    expect([state.address?.url, state.current?.id, state.current?.address]).toEqual([url, a.id, a.address]);
    expect(await ask(url)).toMatchObject({ status: 200, deployment: a.id, body: { premium: 3 } });
  });

  it('works when half of it is dead already, and when nothing runs', async () => {
    const a = await bench.promote(await bench.release(), 'production', { autoscaling: { ...STEADY, min: 2, max: 2 } });
    process.kill(await bench.gatewayPid(), 'SIGKILL');
    process.kill((await bench.servers(a.id))[0] ?? 0, 'SIGKILL');
    await eventually(async () => (await bench.running()).length === 1, 'gone: a signal takes a moment');
    expect(await localStop({ ...bench.options, purge: false })).toMatchObject({ servers: 1 });
    expect(await bench.running()).toEqual([]);
    expect(await localStop({ ...bench.options, purge: false })).toEqual({ gateway: false, servers: 0, purged: false });
    expect(await localStop({ ...bench.options, purge: true })).toEqual({ gateway: false, servers: 0, purged: true });
    expect((await bench.target.inspect('production')).current).toBeUndefined();
  });

  it('ends a server that does not end by itself', async () => {
    const a = await bench.promote(await bench.release(), 'production');
    const [pid = 0] = await bench.servers(a.id);
    process.kill(pid, 'SIGSTOP');
    await localStop({ ...bench.options, purge: false, graceMs: 500 });
    expect(await bench.running()).toEqual([]);
  });

  it('ends everything when the state folder is deleted under it', async () => {
    await bench.promote(await bench.release(), 'production');
    await bench.options.files.remove(bench.stateDir);
    await eventually(async () => (await bench.running()).length === 0, 'all ended');
  });
});

describe('status and logs', () => {
  it('shows what runs, and where', async () => {
    const a = await bench.promote(await bench.release({ premium: 1 }), 'production');
    const b = await bench.deploy(await bench.release({ premium: 2 }), 'production');
    await bench.target.route('production', { [a.id]: 90, [b.id]: 10 }, mark('p-1', b.id, a.id));
    await ask(await addressOf('production'));
    const status = await localStatus(bench.options);
    expect(status.gateway).toBe(await bench.gatewayPid());
    const shown = formatLocalStatus(status);
    expect(shown).toContain(`production  ${await addressOf('production')}`);
    expect(shown).toContain(`90 % ${a.id}, 10 % ${b.id}  (settled: ${a.id})`);
    expect(shown).toContain('promotion p-1 is not over; its process is alive');
    expect(shown).toMatch(new RegExp(`${a.id}  motor-pricing \\w+  active  \\(1 of 1 ready\\)`));
  });

  it('says that nothing was deployed where nothing was', async () => {
    expect(formatLocalStatus(await localStatus(bench.options))).toBe('Nothing was deployed here.\n');
    expect(formatLocalLogs(await localLogs({ ...bench.options, deployment: undefined, lines: 5 }))).toBe(
      'Nothing was logged here.\n',
    );
  });

  it('shows the ends of the logs, redacted, and only of what there is', async () => {
    const a = await bench.promote(await bench.release(), 'production');
    await appendFile(join(bench.stateDir, 'logs', `${a.id}.log`), 'one\ntoken hunter2\n');
    const [log] = await localLogs({ ...bench.options, deployment: a.id, lines: 2 });
    expect(log?.lines).toEqual(['one', 'token ***']);
    const all = await localLogs({ ...bench.options, deployment: undefined, lines: 100 });
    expect(all.map(({ name }) => name)).toEqual([a.id, 'gateway']);
    await expect(localLogs({ ...bench.options, deployment: 'd-nobody', lines: 1 })).rejects.toThrow(
      'LOCAL-UNKNOWN-DEPLOYMENT',
    );
  });

  it('removes the logs with the deployment', async () => {
    await bench.promote(await bench.release(), 'production');
    const b = await bench.deploy(await bench.release({ premium: 2 }), 'production');
    await bench.target.remove(b.id);
    expect((await readdir(join(bench.stateDir, 'logs'))).filter((name) => name.startsWith(b.id))).toEqual([]);
    expect(JSON.parse(await readFile(bench.state.path, 'utf8')).deployments).not.toHaveProperty(b.id);
  });
});
