import { randomBytes } from 'node:crypto';
import { Interrupted } from '../../errors.ts';
import type { EnginePackage } from '../../ports/engine.ts';
import type { DeployOptions } from '../../ports/target.ts';
import type { Deployment } from '../../release/deployment.ts';
import { shortDigest } from '../../release/digest.ts';
import type { Release } from '../../release/release.ts';
import { enforce, type LocalContext, STARTUP_TIMEOUT_MS } from './context.ts';
import { wrongArtifact } from './errors.ts';
import { stablePort } from './ports.ts';
import { describeDeployment } from './report.ts';
import { reusable, takenPorts, withDeployed, withEnvironmentAt, withMember, withoutHold } from './state/deploying.ts';
import { withDeleted } from './state/housekeeping.ts';
import type { DeploymentRecord, LocalState } from './state/schema.ts';
import { openStored } from './stored-package.ts';
import { untilServing, untilStopped } from './waiting.ts';

const CLEAN_UP_MS = 30_000;

/** A deployment of the release, up and proven to answer as that release, with no traffic of the environment. */
export async function deploy(
  context: LocalContext,
  release: Release,
  environment: string,
  options: DeployOptions,
): Promise<Deployment> {
  if (options.signal.aborted) throw new Interrupted();
  const { artifact, packageDigest } = release.core;
  if (artifact.kind !== 'package') throw wrongArtifact(artifact.kind);
  const pkg = await openStored(context, packageDigest);
  const known = options.fresh ? undefined : await findReusable(context, release, environment);
  if (known !== undefined) return reuse(context, known, environment, options);
  return deployNew(context, release, pkg, environment, options);
}

/** One that is on and well; the gateway is asked, since the state alone does not know how a server is. */
async function findReusable(
  { store, gateway }: LocalContext,
  release: Release,
  environment: string,
): Promise<string | undefined> {
  const state = await store.read();
  const id = state && reusable(state, environment, release.id);
  if (id === undefined) return undefined;
  const status = (await gateway.sync()).deployments[id]?.status;
  return status === 'failed' || status === 'unhealthy' || status === undefined ? undefined : id;
}

/** Woken and proven as it is, before the environment gets a hold on it; then with the replicas that the environment wants. */
async function reuse(
  context: LocalContext,
  id: string,
  environment: string,
  options: DeployOptions,
): Promise<Deployment> {
  const { signal, progress, autoscaling } = options;
  progress(`deployment ${id} has this release already`);
  await untilServing(context, id, { environment: undefined, replicas: 1, signal, progress });
  const before = await context.store.read();
  const wasMember = before?.environments[environment]?.members.some(({ deploymentId }) => deploymentId === id);
  await context.store.update(async (state) =>
    withMember(await atItsPort(context, state, environment, options), environment, id, autoscaling),
  );
  try {
    return await finish(context, id, environment, options);
  } catch (error) {
    if (!wasMember) {
      await context.store.update((state) => withoutHold(state, environment, id));
    }
    throw error;
  }
}

async function deployNew(
  context: LocalContext,
  release: Release,
  pkg: EnginePackage,
  environment: string,
  options: DeployOptions,
): Promise<Deployment> {
  const { signal, progress, autoscaling } = options;
  const plan = await context.servePlan(pkg, { signal, progress });
  if (signal.aborted) throw new Interrupted();
  const id = `d-${shortDigest(release.id).slice(0, 8)}-${randomBytes(3).toString('hex')}`;
  const record: DeploymentRecord = {
    release: { id: release.id, core: release.core },
    packageDigest: pkg.digest,
    packageDir: pkg.dir,
    serve: { argv: plan.argv, env: { ...context.baseEnv, ...plan.env }, cwd: plan.cwd },
    startupTimeoutMs: context.startupTimeoutMs ?? STARTUP_TIMEOUT_MS,
    createdAt: new Date(context.clock.now()).toISOString(),
    deployer: await context.processes.self(),
    desired: 'active',
    replicas: [],
    lastExit: null,
  };
  await context.store.update(async (state) => {
    const ready = await atItsPort(context, state, environment, options);
    const added = { ...ready, deployments: { ...ready.deployments, [id]: record } };
    return withMember(added, environment, id, autoscaling);
  });
  try {
    return await finish(context, id, environment, options);
  } catch (error) {
    await takeBack(context, id, progress);
    throw error;
  }
}

/** The environment, made where there is none, at the port of the policy, or at the one it has, or at one that is free. */
async function atItsPort(
  context: LocalContext,
  state: LocalState,
  environment: string,
  { autoscaling }: DeployOptions,
): Promise<LocalState> {
  const { policy } = context;
  const known = policy.ports[environment] ?? state.environments[environment]?.port;
  const port = known ?? (await stablePort(takenPorts(state, policy)));
  const placed = withEnvironmentAt(state, environment, port, autoscaling);
  return { ...placed, deploymentsPort: policy.deploymentsPort ?? placed.deploymentsPort };
}

async function finish(
  context: LocalContext,
  id: string,
  environment: string,
  options: DeployOptions,
): Promise<Deployment> {
  const { signal, progress, autoscaling } = options;
  const replicas = Math.max(1, autoscaling.min);
  await untilServing(context, id, { environment, replicas, signal, progress });
  const state = await context.store.update((before) => withDeployed(before, environment, id, autoscaling));
  const record = state.deployments[id];
  if (record === undefined) throw new Error(`deployment ${id} vanished while it was deployed`);
  return describeDeployment(state, id, record, (await enforce(context, environment)).deployments);
}

/** Nothing half-done is left. Should this fail too, the gateway does the same once this process is gone. */
async function takeBack(context: LocalContext, id: string, progress: (line: string) => void): Promise<void> {
  progress(`${id}: did not come up; it is taken away`);
  try {
    await context.store.update((state) => withDeleted(state, id));
    await untilStopped(context, id, AbortSignal.timeout(CLEAN_UP_MS));
  } catch {
    progress(`${id}: is still being taken away`);
  }
}
