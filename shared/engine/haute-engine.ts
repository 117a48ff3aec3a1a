import { join, sep } from 'node:path';
import { ConfigError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type {
  Engine,
  EngineOptions,
  EnginePackage,
  LoadedApplication,
  QuoteAnswer,
  ResolvedPipeline,
  ServePlan,
} from '../ports/engine.ts';
import type { Exec } from '../ports/exec.ts';
import type { FileDigests, Files } from '../ports/files.ts';
import type { QuoteEndpoints } from '../ports/quote-endpoint.ts';
import type { HauteConfig } from '../project/haute-config.ts';
import type { TestQuote } from '../project/test-quote.ts';
import type { Digest } from '../release/digest.ts';
import type { JsonObject } from '../release/json.ts';
import { acceptPackage } from './acceptance.ts';
import { askBridge, type BridgeRequest, messagesOf, resultOf } from './bridge.ts';
import { crashError } from './bridge-errors.ts';
import { ensureEnvironment } from './environment.ts';
import { chooseHaute } from './lock/haute-pin.ts';
import { OfflineApplication } from './offline/offline-application.ts';
import { openPackage } from './open-package.ts';
import { Pythons, type Resolver } from './pythons.ts';
import { servePlan } from './serve-plan.ts';
import { DEFAULT_TIMEOUTS, type EngineTimeouts, type EngineTools } from './tools.ts';
import { writePackage } from './write-package.ts';

export interface HauteEngineOptions {
  /** Absolute, symbolic links resolved. */
  readonly projectRoot: string;
  readonly config: HauteConfig;
  readonly exec: Exec;
  readonly files: Files & FileDigests;
  readonly clock: Clock;
  readonly endpoints: QuoteEndpoints;
  readonly assets: {
    /** Folder of the suite's Python files. */
    readonly pythonDir: string;
  };
  /** The `python` input: a path, a name on PATH, or a command. */
  readonly python?: string | undefined;
  /** Environment of the programs that are run. Servers get PATH and HOME of it and nothing else. */
  readonly env: Readonly<Record<string, string>>;
  /** Folder for engine environments; `.haute/engine` in the project where not given. */
  readonly cacheDir?: string | undefined;
  readonly timeouts?: Partial<EngineTimeouts>;
}

/** The pipeline engine Haute, 0.5 or newer, asked through one small Python program in a process of its own. */
export function createHauteEngine(options: HauteEngineOptions): Engine {
  return new HauteEngine(options);
}

class HauteEngine implements Engine {
  readonly #options: HauteEngineOptions;
  readonly #tools: EngineTools;
  readonly #pythons: Pythons;

  constructor(options: HauteEngineOptions) {
    const { exec, files, env, assets, projectRoot: root, timeouts } = options;
    this.#options = options;
    this.#tools = {
      root,
      exec,
      files,
      env,
      cacheDir: options.cacheDir ?? join(root, '.haute', 'engine'),
      pythonDir: assets.pythonDir,
      timeouts: { ...DEFAULT_TIMEOUTS, ...timeouts },
    };
    this.#pythons = new Pythons(this.#tools, options.python);
  }

  async resolve(options: EngineOptions): Promise<ResolvedPipeline> {
    const messages = await this.#ask('resolve', {}, options);
    const { type: _, ...resolved } = resultOf(messages, 'resolved');
    return { ...resolved, warnings: messagesOf(messages, 'warning').map(({ text }) => text) };
  }

  async score(quotes: readonly TestQuote[], options: EngineOptions): Promise<readonly QuoteAnswer[]> {
    if (quotes.length === 0) return [];
    const messages = await this.#ask('score', { quotes: quotes.map(({ input }) => input) }, options);
    const answers = messagesOf(messages, 'answer');
    if (answers.length !== quotes.length) throw crashError(0, false, [`${answers.length} answers came back`]);
    return answers.map(({ type: _, ...answer }) => answer);
  }

  async package(dir: string, options: EngineOptions): Promise<EnginePackage> {
    const { haute } = await this.#pythons.resolver(options);
    const chosen = chooseHaute(await this.#pythons.pin(), haute);
    return writePackage(this.#tools, chosen, dir, options, (more) => this.#ask('package', more, options));
  }

  accept(
    pkg: EnginePackage,
    quotes: readonly TestQuote[],
    answers: readonly QuoteAnswer[],
    options: EngineOptions,
  ): Promise<void> {
    const { clock, endpoints } = this.#options;
    const plan = (copy: EnginePackage) => this.servePlan(copy, options);
    return acceptPackage({ ...this.#tools, clock, endpoints, plan }, pkg, quotes, answers, options);
  }

  open(dir: string, expected: Digest): Promise<EnginePackage> {
    return openPackage(this.#tools.files, dir, expected);
  }

  async servePlan(pkg: EnginePackage, options: EngineOptions): Promise<ServePlan> {
    const base = await this.#pythons.base(options);
    const environment = await ensureEnvironment(this.#tools, base, pkg.requirements, options);
    return servePlan(environment, pkg, this.#tools.cacheDir);
  }

  async load(pkg: EnginePackage, options: EngineOptions): Promise<LoadedApplication> {
    const base = await this.#pythons.base(options);
    const { python } = await ensureEnvironment(this.#tools, base, pkg.requirements, options);
    return new OfflineApplication({ ...this.#tools, clock: this.#options.clock }, python, pkg, options).load();
  }

  async #ask(command: BridgeRequest['command'], more: JsonObject, options: EngineOptions) {
    const { deploy } = this.#options.config;
    const request = {
      command,
      root: this.#tools.root,
      pipeline: await this.#pipeline(),
      model: deploy.modelName,
      outputFields: deploy.outputFields ?? null,
    };
    const ask = ({ python, madeFrom }: Resolver) =>
      askBridge(this.#tools, python, { ...request, ours: madeFrom !== undefined }, more, options);
    const said = await ask(await this.#pythons.resolver(options));
    const extended = await this.#pythons.extended(said, options);
    return extended ? ask(extended) : said;
  }

  /** Relative, as every machine has it; links on the way are followed, and must not lead out of the project. */
  async #pipeline(): Promise<string> {
    const { files, root } = this.#tools;
    const named = this.#options.config.project.pipeline;
    const real = await files.realPath(join(root, named));
    if (real === undefined) throw pipelineMissing(named);
    if (!real.startsWith(`${root}${sep}`)) throw pipelineOutside(named);
    return real
      .slice(root.length + 1)
      .split(sep)
      .join('/');
  }
}

function pipelineMissing(pipeline: string): ConfigError {
  return new ConfigError({
    code: 'PIPELINE-MISSING',
    what: `the pipeline ${pipeline} is not there`,
    fix: 'Correct [project] pipeline',
    place: { file: 'haute.toml' },
  });
}

function pipelineOutside(pipeline: string): ConfigError {
  return new ConfigError({
    code: 'PATH-OUTSIDE-PROJECT',
    what: `the pipeline ${pipeline} leads out of the project`,
    fix: 'Move it into the project, or correct [project] pipeline',
    place: { file: 'haute.toml' },
  });
}
