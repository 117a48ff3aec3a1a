import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { compose } from '../../shared/compose.ts';
import type { Portfolio, Portfolios } from '../../shared/ports/portfolio.ts';
import { encodeRelease } from '../../shared/release/codec.ts';
import type { EnvironmentState } from '../../shared/release/deployment.ts';
import { digestOf } from '../../shared/release/digest.ts';
import type { JsonObject } from '../../shared/release/json.ts';
import { newRelease, type Release } from '../../shared/release/release.ts';
import type { StepContext } from '../../shared/steps/context.ts';
import { impactReport } from '../../shared/steps/impact-report/step.ts';
import { runStep } from '../../shared/steps/run-step.ts';
import { MemoryForge } from '../fakes/memory-forge.ts';
import { MemoryTarget } from '../fakes/memory-target.ts';
import { RecordingHost } from '../fakes/recording-host.ts';
import { type Handler, hauteLike, QuoteServer, text } from './quote-server.ts';

const fixture = resolve(import.meta.dirname, '../fixtures/motor-pricing');

/** Where the release of the project is staged, and where the one before it serves: real servers on loopback. */
class ServedTarget extends MemoryTarget {
  readonly urls = new Map<string, string>();

  override async inspect(name: string): Promise<EnvironmentState> {
    return { ...(await super.inspect(name)), address: { url: this.urls.get(name) ?? '', wire: 'haute' } };
  }
}

/** The price of a row on one side. */
export type Rates = (row: JsonObject, side: 'staging' | 'production') => JsonObject;

/** A pricing project on disk, two real quote servers, and the step with everything real but the target and the forge. */
export class ImpactBench {
  readonly root = mkdtempSync(join(tmpdir(), 'haute-impact-'));
  readonly target = new ServedTarget();
  readonly forge = new MemoryForge();
  readonly #servers: QuoteServer[] = [];
  /** Those that were not closed. */
  readonly openPortfolios = new Set<Portfolio>();
  staging = '';
  production = '';

  static async start(rates: Rates): Promise<ImpactBench> {
    const bench = new ImpactBench();
    cpSync(fixture, bench.root, { recursive: true });
    bench.staging = await bench.serve(hauteLike((row) => rates(row, 'staging')));
    bench.production = await bench.serve(hauteLike((row) => rates(row, 'production')));
    return bench;
  }

  /** A server of quotes that says nothing of itself when it is asked who it is. */
  async serve(handler: Handler, identity?: Readonly<Record<string, string>>): Promise<string> {
    const server = await QuoteServer.start((request, response) => {
      if (request.method === 'POST') return handler(request, response);
      return text(response, identity ? 200 : 404, '{}', identity);
    });
    this.#servers.push(server);
    return server.url;
  }

  async stop(): Promise<void> {
    for (const server of this.#servers) await server.stop();
    rmSync(this.root, { recursive: true, force: true });
  }

  write(path: string, content: string | Uint8Array): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    writeFileSync(join(this.root, path), content);
  }

  read(path: string): string {
    return readFileSync(join(this.root, path), 'utf8');
  }

  list(path: string): readonly string[] {
    return readdirSync(join(this.root, path)).toSorted();
  }

  /** Rows as JSON lines in the project. */
  portfolio(rows: readonly JsonObject[]): string {
    this.write('book.jsonl', rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    return 'book.jsonl';
  }

  /** The step on the two addresses, named by hand. */
  standalone(inputs: Readonly<Record<string, string>> = {}, parts?: Partial<StepContext>): Promise<RecordingHost> {
    return this.run({ 'staging-url': this.staging, 'production-url': this.production, ...inputs }, parts);
  }

  /** The step as a flow runs it: on the environments of a release. @param instead parts that are not the real ones */
  async run(inputs: Readonly<Record<string, string>> = {}, instead: Partial<StepContext> = {}): Promise<RecordingHost> {
    const host = new RecordingHost({ project: this.root, dataset: 'book.jsonl', key: 'quote_id', ...inputs });
    const parts = compose({ env: {}, cwd: this.root, here: '', node: '', entry: '' });
    await runStep(impactReport, host, new AbortController().signal, (signal) => {
      const context = parts.context(host, signal, () => this.forge);
      // Nothing is stored here.
      const target = (): never => ({ target: this.target, store: undefined }) as never;
      return { ...context, target, portfolios: this.#counted(context.portfolios), ...instead };
    });
    return host;
  }

  #counted(portfolios: Portfolios): Portfolios {
    return {
      open: async (request, signal) => {
        const portfolio = await portfolios.open(request, signal);
        this.openPortfolios.add(portfolio);
        return {
          files: portfolio.files,
          count: (until) => portfolio.count(until),
          rows: (options) => portfolio.rows(options),
          close: async () => {
            this.openPortfolios.delete(portfolio);
            await portfolio.close();
          },
        };
      },
    };
  }

  /** A release that is staged, and one that serves production. @returns the staged one */
  async releases(rates: Rates): Promise<Release> {
    const [before, now] = [this.#release('before'), this.#release('now')] as const;
    for (const [environment, release] of [
      ['production', before],
      ['staging', now],
    ] as const) {
      const deployment = await this.target.deploy(release, environment, { fresh: true } as never);
      this.target.environment(environment).history.unshift({
        deploymentId: deployment.id,
        releaseId: release.id,
        settledAt: '',
        evidence: '',
      });
      const identity = { 'x-haute-release': release.id, 'x-haute-package': release.core.packageDigest };
      const handler = hauteLike((row) => rates(row, environment));
      this.target.urls.set(environment, await this.serve(handler, identity));
    }
    return now;
  }

  #release(commit: string): Release {
    const digest = digestOf(commit);
    const release = newRelease({
      schema: 'haute.release/1',
      project: 'motor-pricing',
      model: 'motor-pricing',
      commit,
      target: 'local',
      artifact: { kind: 'package', digest },
      packageDigest: digest,
      manifestDigest: digest,
      engine: { name: 'haute', version: '0.6.0' },
    });
    this.write('.haute/release.json', encodeRelease(release));
    return release;
  }
}
