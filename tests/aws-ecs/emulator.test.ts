import { join } from 'node:path';
import { CreateRepositoryCommand, ECRClient } from '@aws-sdk/client-ecr';
import {
  CreateClusterCommand,
  CreateServiceCommand,
  DescribeServicesCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
} from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { messageOf } from '../../shared/errors.ts';
import { assembleImage } from '../../shared/image/assemble/assemble-image.ts';
import { SystemClock } from '../../shared/io/system-clock.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { RepositoryName } from '../../shared/ports/registry.ts';
import { digestOf } from '../../shared/release/digest.ts';
import { rampPlan } from '../../shared/release/promotion/plan.ts';
import { newRelease, type Release } from '../../shared/release/release.ts';
import { Aws } from '../../shared/targets/aws-ecs/clients.ts';
import { readEcsPolicy } from '../../shared/targets/aws-ecs/policy.ts';
import { EcsTarget } from '../../shared/targets/aws-ecs/target.ts';
import { registryClient } from '../image/processes.ts';
import { architectureHere, storePythonBase } from '../image/python-base.ts';
import { canUnshare } from '../image/unpacked.ts';
import * as bench from '../image/workbench.ts';
import { toolOrSkip } from '../tools/install.ts';
import { Emulator } from './emulator.ts';
import { mark, NEVER, promote, STEADY, settling } from './target-bench.ts';

const can = canUnshare();
const dockerd = can ? toolOrSkip('dockerd') : undefined;
const ministack = can ? toolOrSkip('ministack-1.5.33') : undefined;
const REPOSITORY = 'pricing/motor';
const SERVICE = 'motor-pricing';
const KEYS = { accessKeyId: 'AKIAOFTHEEMULATOR', secretAccessKey: 'of-the-emulator' };

/** Answers as Haute's application does, as far as a deployment looks at it, and with the rates of its image. */
const SERVES = `import http.server, os, signal, sys

class Quotes(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("x-haute-release", os.environ.get("HAUTE_RELEASE_ID", ""))
        self.send_header("x-rates", open("artifacts/rates.json").read())
        self.end_headers()

signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Quotes)
print(f"listening on 127.0.0.1:{server.server_port}", flush=True)
server.serve_forever()
`;
const BROKEN = 'import sys\nprint("ModuleNotFoundError: catboost", flush=True)\nsys.exit(3)\n';

/**
 * What the emulator does as AWS does, and is proven here on real containers: rolling updates, the circuit breaker that
 * rolls back, images by digest from its registry. It keeps no list of deployments and no reason of a stopped container's
 * own, calls a new service complete before anything runs, keeps a failed deployment listed for ever, and moves no traffic
 * by weights: so neither stages nor gates, nor what a dry run says of a load balancer, are looked at here.
 */
describe.skipIf(!dockerd || !ministack)('on containers that an emulator of AWS runs', { timeout: 300_000 }, () => {
  const folders = new bench.Folders();
  const client = registryClient();
  let emulator: Emulator;
  let target: EcsTarget;
  let ecs: ECSClient;
  let to: RepositoryName;
  let first: Release;
  let firstId: string;

  beforeAll(async () => {
    emulator = await Emulator.start(dockerd ?? '', join(ministack ?? '', '../..'), folders.empty());
    const { endpoint, region, host } = emulator;
    to = { registry: host, repository: REPOSITORY };
    ecs = new ECSClient({ endpoint, region, credentials: KEYS });
    const ecr = new ECRClient({ endpoint, region, credentials: KEYS });
    for (const repositoryName of [REPOSITORY, 'library/python']) {
      await ecr.send(new CreateRepositoryCommand({ repositoryName }));
    }
    await storePythonBase(client, { registry: host, repository: 'library/python' }, 'here');
    target = new EcsTarget({
      aws: new Aws({ region, endpoint, credentials: async () => KEYS, userAgent: 'haute-deploy/test' }),
      place: { region, cluster: 'pricing', service: SERVICE, stagingSuffix: '-staging' },
      policy: readEcsPolicy({ environments: { production: { url: emulator.url } } }),
      autoscaling: () => STEADY,
      clock: hurried(),
      random: Math.random,
      redact: (text) => text,
      healthPath: '/health',
      port: 8080,
      ramp: rampPlan(0, 1, 0),
    });
    first = await build('first', SERVES);
    await createService(first);
  }, 300_000);

  afterAll(async () => {
    ecs?.destroy();
    await emulator?.stop();
    folders.remove();
  });

  it('replaces every task by one of the release, which callers then have', async () => {
    firstId = await promote({ target, deploying }, first);
    expect(await callers(4)).toEqual({ [`first ${first.id}`]: 4 });
    const { history, promotion, weights } = await target.inspect('production');
    expect(history.map(({ releaseId }) => releaseId)).toEqual([first.id]);
    expect([promotion, weights]).toEqual([undefined, { [firstId]: 100 }]);
  });

  it('says that the breaker rolled back a release whose container ends, and callers keep what they had', async () => {
    const broken = await build('broken', BROKEN);
    const { id } = await target.deploy(broken, 'production', deploying());
    const promotion = mark('p-broken', id, firstId);
    const refused: unknown = await target
      .route('production', { [id]: 100 }, promotion, { signal: NEVER, progress: (line) => told.push(line) })
      .catch((error: unknown) => error);
    expect(messageOf(refused)).toMatch(/ECS-DEPLOY-FAILED/);
    expect(messageOf(refused)).toMatch(/circuit breaker|rolled it back/);
    expect(told.join('\n')).toMatch(/exited with 3/);
    await target.settle('production', settling('p-broken', firstId, id, 'reverted'));
    expect(await callers(4)).toEqual({ [`first ${first.id}`]: 4 });
    expect((await target.inspect('production')).current?.releaseId).toBe(first.id);
  });

  it('takes the next release, and goes back to the one that was promoted before it, not to the one that failed', async () => {
    const next = await build('next', SERVES);
    await promote({ target, deploying }, next);
    expect(await callers(4)).toEqual({ [`next ${next.id}`]: 4 });
    const { history, current } = await target.inspect('production');
    const before = history[1]?.deploymentId ?? '';
    expect([history.map(({ releaseId }) => releaseId), before]).toEqual([[next.id, first.id], firstId]);
    await target.route('production', { [before]: 100 }, mark('back', before, current?.id));
    await target.settle('production', settling('back', before, current?.id));
    expect(await callers(4)).toEqual({ [`first ${first.id}`]: 4 });
  });

  it('says that an image is not there to be pulled, and callers keep what they had', async () => {
    const { core } = first;
    const artifact = { ...core.artifact, digest: digestOf('never pushed') };
    const gone = newRelease({ ...core, artifact, packageDigest: digestOf('another package') });
    const { id } = await target.deploy(gone, 'production', deploying());
    told.splice(0);
    const refused: unknown = await target
      .route('production', { [id]: 100 }, mark('p-gone', id, firstId), {
        signal: NEVER,
        progress: (line) => told.push(line),
      })
      .catch((error: unknown) => error);
    expect(messageOf(refused)).toMatch(/ECS-DEPLOY-FAILED/);
    expect(told.join('\n')).toMatch(/manifest unknown|not found/i);
    await target.settle('production', settling('p-gone', firstId, id, 'reverted'));
    expect(await callers(4)).toEqual({ [`first ${first.id}`]: 4 });
  });

  it('is turned off, and on again with as many tasks as there were', async () => {
    await target.setActive(firstId, false, NEVER);
    expect((await fetch(emulator.url)).ok).toBe(false);
    await target.setActive(firstId, true, NEVER);
    const { services } = await ecs.send(new DescribeServicesCommand({ cluster: 'pricing', services: [SERVICE] }));
    expect(services?.[0]?.runningCount).toBe(2);
    expect(await callers(4)).toEqual({ [`first ${first.id}`]: 4 });
  });

  const told: string[] = [];
  const deploying = () => ({
    fresh: false,
    autoscaling: STEADY,
    signal: NEVER,
    progress: (line: string) => void told.push(line),
  });

  /** An image of our own making, in the emulator's registry. */
  async function build(label: string, program: string): Promise<Release> {
    const root = folders.empty();
    const pkg = bench.packageIn(`${root}/package`, {
      ...bench.FILES,
      'haute_release_serve.py': program,
      'artifacts/rates.json': label,
    });
    const input = bench.inputFor(pkg, {
      base: bench.baseReference('here', { registry: emulator.host, repository: 'library/python' }),
      platform: { os: 'linux', architecture: architectureHere() },
      to,
    });
    const image = await assembleImage(
      input,
      bench.toolsIn(client, bench.projectWithWheels(root), folders.empty(), { env: bench.env }),
    );
    return newRelease({
      schema: 'haute.release/1',
      project: 'motor',
      model: SERVICE,
      commit: null,
      target: 'aws-ecs',
      artifact: { kind: 'image', name: `${to.registry}/${to.repository}`, digest: image.digest },
      packageDigest: pkg.digest,
      manifestDigest: pkg.manifestDigest,
      engine: { name: 'haute', version: '0.6.0' },
    });
  }

  /** As the platform team makes it, on hosts of its own. */
  async function createService({ core: { artifact } }: Release): Promise<void> {
    await ecs.send(new CreateClusterCommand({ clusterName: 'pricing' }));
    const image = artifact.kind === 'image' ? `${artifact.name}@${artifact.digest}` : '';
    const { taskDefinition } = await ecs.send(
      new RegisterTaskDefinitionCommand({
        family: SERVICE,
        requiresCompatibilities: ['EC2'],
        // Without a bridge there is no other network; each task chooses a port.
        networkMode: 'host',
        containerDefinitions: [{ name: 'app', image, memory: 256 }],
      }),
    );
    const wanted = { cluster: 'pricing', serviceName: SERVICE, desiredCount: 2, launchType: 'EC2' as const };
    await ecs.send(new CreateServiceCommand({ ...wanted, taskDefinition: taskDefinition?.taskDefinitionArn }));
    for (let running = 0; running < 2; ) {
      const { services } = await ecs.send(new DescribeServicesCommand({ cluster: 'pricing', services: [SERVICE] }));
      running = services?.[0]?.runningCount ?? 0;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  /** The rates and releases that answer callers, of so many that ask. */
  async function callers(count: number): Promise<Readonly<Record<string, number>>> {
    const counts: Record<string, number> = {};
    // The emulator calls a container well that has only begun; the steps ask the address with patience too.
    while (!(await fetch(emulator.url)).ok) await new Promise((resolve) => setTimeout(resolve, 100));
    for (let asked = 0; asked < count; asked += 1) {
      const reply = await fetch(`${emulator.url}/health`);
      const who = `${reply.headers.get('x-rates')} ${reply.headers.get('x-haute-release')}`;
      counts[who] = (counts[who] ?? 0) + 1;
    }
    return counts;
  }
});

/** Looks ten times as often: the emulator is quicker than AWS. */
function hurried(): Clock {
  const clock = new SystemClock();
  return { now: () => clock.now(), sleep: (ms, signal) => clock.sleep(ms / 10, signal) };
}
