import { ProviderError } from '../../shared/errors.ts';
import type { Forge } from '../../shared/ports/forge.ts';
import type { Portfolios } from '../../shared/ports/portfolio.ts';
import type { QuoteEndpoint, ScoredRow } from '../../shared/ports/quote-endpoint.ts';
import type { Project } from '../../shared/project/project.ts';
import type { ApprovalRecord } from '../../shared/release/approval.ts';
import { encodeRelease } from '../../shared/release/codec.ts';
import type { ServingAddress } from '../../shared/release/deployment.ts';
import { digestOf } from '../../shared/release/digest.ts';
import { appendEvidence, type EvidenceKind } from '../../shared/release/evidence.ts';
import type { JsonObject } from '../../shared/release/json.ts';
import { newRelease, type Release } from '../../shared/release/release.ts';
import type { Verdict } from '../../shared/release/verdict.ts';
import type { StepContext } from '../../shared/steps/context.ts';
import type { AnyStep } from '../../shared/steps/define.ts';
import { runStep } from '../../shared/steps/run-step.ts';
import { FakeClock } from './fake-clock.ts';
import { MemoryFiles } from './memory-files.ts';
import { MemoryForge } from './memory-forge.ts';
import { MemoryTarget } from './memory-target.ts';
import { RecordingHost } from './recording-host.ts';

export const ROOT = '/project';
export const POLICY_DIGEST = digestOf('policy');

/** What a release answers to a quote, and how long it takes. */
export interface Pricing {
  readonly premium: number;
  readonly ms: number;
  /** For quotes that are not all priced alike; undefined is a server that refuses the quote. */
  readonly answer?: (row: JsonObject) => JsonObject | undefined;
}

/** A project, a target in memory, and releases that price as a test says. */
export class StepBench {
  readonly files = new MemoryFiles();
  readonly target = new MemoryTarget();
  readonly clock = new FakeClock();
  readonly pricing = new Map<string, Pricing>();
  approvals: ApprovalRecord[] = [];
  authors: string[] = ['eve'];
  /** A forge to ask instead of `approvals` and `authors`. */
  forge: Forge | undefined;
  /** Thrown by the store when a release is verified. */
  stored: Error | undefined;
  /** There are none where nothing else is said. */
  portfolios: Portfolios | undefined;
  policy = defaultPolicy();
  readonly controller = new AbortController();

  /** Runs a step to its end on a recording host. */
  async run(step: AnyStep, inputs: Readonly<Record<string, string>> = {}): Promise<RecordingHost> {
    const host = new RecordingHost({ project: ROOT, ...inputs });
    await runStep(step, host, this.controller.signal, (signal) => this.#context(host, signal));
    return host;
  }

  /** A release of this project whose evidence has these kinds, written as the current one. */
  async release(
    commit: string,
    kinds: readonly EvidenceKind[],
    change: Partial<Record<EvidenceKind, EvidenceChange>> = {},
  ): Promise<Release> {
    const digest = digestOf(commit);
    const core = {
      schema: 'haute.release/1',
      project: 'motor',
      model: 'motor',
      commit,
      target: 'local',
      artifact: { kind: 'package', digest },
      packageDigest: digest,
      manifestDigest: digest,
      engine: { name: 'haute', version: '0.6.0' },
    } as const;
    let release: Release = newRelease(core);
    for (const kind of kinds) {
      const { verdict = 'pass', facts = {} } = change[kind] ?? {};
      const known: JsonObject =
        kind === 'staged'
          ? { environment: 'staging' }
          : kind === 'impact'
            ? { policyDigest: POLICY_DIGEST, files: {} }
            : {};
      release = appendEvidence(release, {
        kind,
        verdict,
        at: '2026-01-01T00:00:00.000Z',
        run: 'terminal',
        facts: { ...known, ...facts },
      });
    }
    await this.files.write(`${ROOT}/.haute/release.json`, encodeRelease(release));
    this.pricing.set(release.id, { premium: 100, ms: 40 });
    return release;
  }

  /** Puts a release into production as if it had been promoted before. */
  async inProduction(release: Release): Promise<string> {
    const deployment = await this.target.deploy(release, 'production', {
      fresh: false,
      autoscaling: { min: 1, max: 1, concurrency: 8, windowMs: 1, scaleDownDelayMs: 1, utilization: 70 },
      signal: this.controller.signal,
      progress: () => undefined,
    });
    const environment = this.target.environment('production');
    environment.weights = { [deployment.id]: 100 };
    environment.history.unshift({ deploymentId: deployment.id, releaseId: release.id, settledAt: '', evidence: '' });
    return deployment.id;
  }

  #context(host: RecordingHost, signal: AbortSignal): StepContext {
    const unused = (): never => {
      throw new Error('this bench has no such thing');
    };
    return {
      host,
      clock: this.clock,
      files: this.files,
      signal,
      endpoints: { open: (address) => this.#endpoint(address) },
      portfolios: this.portfolios ?? { open: unused },
      scorer: { score: unused },
      scratch: () => ({ descriptor: undefined, append: unused, read: unused, close: () => undefined }),
      columnAnalyst: unused,
      source: {
        state: async () => ({ commit: 'c', dirty: [] }),
        facts: async () => ({ committedAt: '2026-01-01T00:00:00.000Z', version: undefined }),
        authors: async () => this.authors,
      },
      scanner: unused,
      packageEndpoint: unused,
      resolvePath: (path) => path,
      loadProject: async () => this.#project(),
      engine: () => ({
        resolve: unused,
        score: unused,
        package: unused,
        accept: unused,
        open: unused,
        servePlan: unused,
        load: unused,
      }),
      target: () => ({
        target: this.target,
        store: {
          images: { can: false, why: 'this bench has none' },
          plan: unused,
          push: unused,
          publish: unused,
          verify: async () => {
            if (this.stored) throw this.stored;
          },
          open: unused,
        },
      }),
      forge: () => {
        if (this.forge) return this.forge;
        const forge = new MemoryForge();
        forge.approvals = async () => this.approvals;
        forge.authors = async () => this.authors;
        return forge;
      },
    };
  }

  #endpoint(address: ServingAddress): QuoteEndpoint {
    const { target, pricing, clock } = this;
    return {
      address,
      async identify() {
        const deployment = target.behind(address.url);
        if (!deployment)
          throw new ProviderError({ code: 'ENDPOINT-UNREACHABLE', what: `${address.url} answers 404`, fix: 'deploy' });
        const { releaseId, packageDigest } = deployment;
        return { ok: true, packageDigest, releaseId, deploymentId: deployment.id, detail: '' };
      },
      async score(rows): Promise<readonly ScoredRow[]> {
        const price = pricing.get(target.behind(address.url)?.releaseId ?? '');
        if (!price) throw new ProviderError({ code: 'ENDPOINT-UNREACHABLE', what: 'nobody answers', fix: 'deploy' });
        await clock.sleep(price.ms, new AbortController().signal);
        return rows.map((row) => {
          const answer = price.answer ? price.answer(row) : { premium: price.premium };
          return answer ? { ok: true, row: answer } : { ok: false, error: '422 refused', status: 422 };
        });
      },
      close: async () => undefined,
    };
  }

  #project(): Project {
    return {
      root: ROOT,
      config: { project: { name: 'motor', pipeline: 'main.py' }, deploy: { modelName: 'motor' } } as Project['config'],
      policy: this.policy,
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
        {
          file: 'tests/quotes/a.json',
          index: 1,
          description: undefined,
          input: { age: 50 },
          expected: undefined,
          tolerance: undefined,
        },
      ],
    };
  }
}

interface EvidenceChange {
  readonly verdict?: Verdict;
  readonly facts?: JsonObject;
}

function defaultPolicy(): Project['policy'] {
  const unlimited = { warn: undefined, fail: undefined };
  return {
    target: undefined,
    environments: {},
    promotion: {
      rampMs: 600_000,
      stages: 10,
      patienceMs: 60_000,
      previous: 'scale-to-zero',
      rollbackWindowMs: 86_400_000,
      redeploy: false,
      pairedQuotes: 0,
    },
    gates: {
      smoke: { p95LatencyMs: 500, tolerance: 0 },
      scan: { warn: 'high', fail: 'critical', failUnfixed: false },
      impact: {
        key: undefined,
        outputs: [],
        weight: 'premium',
        meanChange: unlimited,
        premiumChange: unlimited,
        rowsOver: { ...unlimited, change: 0.25 },
        quotability: unlimited,
        minScored: 0.995,
        onFail: 'block',
      },
    },
    approval: { min: 2, distinctFromAuthor: true, approvers: [], sources: ['environment', 'review', 'comment'] },
    targets: {},
  };
}
