import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Project } from '../../shared/project/project.ts';
import { readPolicy } from '../../shared/project/read-policy.ts';
import { emptyDocument } from '../../shared/project/toml/parse-toml.ts';
import { decodeRelease, encodeRelease } from '../../shared/release/codec.ts';
import { digestOf } from '../../shared/release/digest.ts';
import { appendEvidence, type EvidenceKind } from '../../shared/release/evidence.ts';
import { DEFAULT_AUTOSCALING } from '../../shared/release/policy.ts';
import type { Release } from '../../shared/release/release.ts';
import { HttpQuoteEndpoints } from '../../shared/scoring/http-quote-endpoints.ts';
import type { StepContext } from '../../shared/steps/context.ts';
import type { AnyStep } from '../../shared/steps/define.ts';
import { runStep } from '../../shared/steps/run-step.ts';
import type { TaskDefinition, Wire } from '../fakes/aws/ecs/state.ts';
import { Traffic } from '../fakes/aws/traffic.ts';
import { MemoryFiles } from '../fakes/memory-files.ts';
import { approvalBy, MemoryForge } from '../fakes/memory-forge.ts';
import { RecordingHost } from '../fakes/recording-host.ts';
import { type BenchOptions, type EcsBench, startBench } from './target-bench.ts';

const ROOT = '/project';
const POLICY_DIGEST = digestOf('policy');
const RELEASE_FILE = `${ROOT}/.haute/release.json`;

/** The seven steps at an account of the fake, with real servers behind its load balancer. */
export interface FlowBench {
  readonly bench: EcsBench;
  readonly traffic: Traffic;
  /** What the releases price, by their ids; 100 where nothing is said. */
  readonly premiums: Map<string, number>;
  /** Who approves. */
  readonly approvers: string[];
  /** What the policy lets be replaced in production although it is no release; at first what the account comes with. */
  takeOver: string | undefined;
  /** Ended like a job that is cancelled. */
  readonly controller: AbortController;
  /** Makes a release the current one, with the evidence that build-push leaves. */
  build(): Promise<Release>;
  /** Adds evidence to the current release by hand. */
  witness(kind: EvidenceKind, facts?: Wire): Promise<void>;
  current(): Promise<Release>;
  run(step: AnyStep, inputs?: Readonly<Record<string, string>>): Promise<RecordingHost>;
  /** The releases that answer callers of production, of so many that ask. */
  callers(count: number): Promise<Readonly<Record<string, number>>>;
  stop(): Promise<void>;
}

export async function startFlow(options: BenchOptions = {}): Promise<FlowBench> {
  const servers: Server[] = [];
  const premiums = new Map<string, number>();
  const packages = new Map<string, string>();
  const approvers: string[] = [];
  const answering = async (release: () => string | undefined): Promise<string> => {
    const server = createServer((request, response) => void answer(release(), request, response));
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  const traffic = await Traffic.open((definition) => answering(() => releaseOf(definition)));
  const stagingUrl = await answering(() => bench.servedBy('motor-pricing-staging'));
  const bench: EcsBench = await startBench({
    ...options,
    address: traffic.address,
    policy: { create: ['staging'], environments: { staging: { url: stagingUrl } }, ...options.policy },
  });
  traffic.serve(bench.fake.world, bench.account);
  const files = new MemoryFiles();
  const controller = new AbortController();
  const endpoints = new HttpQuoteEndpoints({ retryAfterMs: () => undefined });

  async function answer(release: string | undefined, request: IncomingMessage, response: ServerResponse) {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const headers = {
      'content-type': 'application/json',
      ...(release !== undefined && { 'x-haute-release': release, 'x-haute-package': packages.get(release) ?? '' }),
    };
    response.writeHead(200, headers);
    if (request.url === '/health') return response.end('{"status":"ok"}');
    const rows = JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown[];
    return response.end(JSON.stringify(rows.map(() => ({ premium: premiums.get(release ?? '') ?? 100 }))));
  }

  const current = async () =>
    decodeRelease(new TextDecoder().decode((await files.read(RELEASE_FILE)) ?? new Uint8Array()), RELEASE_FILE);

  const iso = () => new Date(bench.clock.now()).toISOString();

  const write = async (release: Release, kind: EvidenceKind, facts: Wire) => {
    const entry = { kind, verdict: 'pass', at: iso(), run: 'terminal' } as const;
    const next = appendEvidence(release, { ...entry, facts: facts as never });
    await files.write(RELEASE_FILE, encodeRelease(next));
    return next;
  };

  const made: FlowBench = {
    bench,
    traffic,
    premiums,
    approvers,
    takeOver: 'motor-pricing:1',
    controller,
    current,
    async build() {
      const release = bench.release();
      packages.set(release.id, release.core.packageDigest);
      return write(await write(release, 'validated', {}), 'built', {});
    },
    async witness(kind, facts = {}) {
      await write(
        await current(),
        kind,
        kind === 'impact' ? { policyDigest: POLICY_DIGEST, files: {}, ...facts } : facts,
      );
    },
    async run(step, inputs = {}) {
      const host = new RecordingHost({ project: ROOT, ...inputs });
      await runStep(step, host, controller.signal, (signal) => contextOf(host, signal));
      return host;
    },
    async callers(count) {
      const counts: Record<string, number> = {};
      for (let asked = 0; asked < count; asked += 1) {
        const reply = await fetch(`${traffic.productionUrl}/health`);
        const who = reply.headers.get('x-haute-release') ?? 'nobody';
        counts[who] = (counts[who] ?? 0) + 1;
      }
      return counts;
    },
    async stop() {
      await traffic.close();
      for (const server of servers) {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
      await bench.stop();
    },
  };
  return made;

  function contextOf(host: RecordingHost, signal: AbortSignal): StepContext {
    const unused = (): never => {
      throw new Error('this bench has no such thing');
    };
    return {
      host,
      clock: bench.clock,
      files,
      signal,
      endpoints,
      portfolios: { open: unused },
      scorer: { score: unused },
      source: { state: async () => ({ commit: 'c', dirty: [] }), authors: async () => [] },
      resolvePath: (path: string) => path,
      loadProject: async () => project(made.takeOver),
      engine: () => ({}),
      target: () => ({ target: bench.another(), store: { verify: async () => undefined } }),
      forge: () =>
        Object.assign(new MemoryForge(), {
          made: ['somebody'],
          given: approvers.map((person) => approvalBy(person, iso())),
        }),
    } as unknown as StepContext;
  }
}

function releaseOf({ given }: TaskDefinition): string | undefined {
  const variables = given.containerDefinitions.flatMap(
    ({ environment = [] }) => environment as readonly { readonly name: string; readonly value: string }[],
  );
  return variables.find(({ name }) => name === 'HAUTE_RELEASE_ID')?.value;
}

function project(takeOver: string | undefined): Project {
  const { policy } = readPolicy(emptyDocument('haute.release.toml'), 0);
  return {
    root: ROOT,
    config: {
      project: { name: 'motor', pipeline: 'main.py' },
      deploy: { modelName: 'motor-pricing', target: 'aws-ecs' },
    } as Project['config'],
    policy: {
      ...policy,
      environments: { production: { autoscaling: DEFAULT_AUTOSCALING, ...(takeOver !== undefined && { takeOver }) } },
      promotion: { ...policy.promotion, pairedQuotes: 0 },
    },
    policyDigest: POLICY_DIGEST,
    quotes: [
      {
        file: 'tests/quotes/a.json',
        index: 0,
        description: 'young driver',
        input: { age: 20 },
        expected: { premium: 100 },
        tolerance: undefined,
      },
    ],
  };
}
