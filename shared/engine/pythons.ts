import { join } from 'node:path';
import { z } from 'zod';
import type { EngineOptions } from '../ports/engine.ts';
import { type BridgeMessage, messagesOf } from './bridge.ts';
import { ensureEnvironment } from './environment.ts';
import { findBasePython, findPython, type PythonSearch } from './find-python.ts';
import { chooseHaute, type HautePin, readHautePin } from './lock/haute-pin.ts';
import { requirementsOf, SCORING_RUNTIME } from './lock/runtime-lock.ts';
import type { EngineTools, Python } from './tools.ts';

/** A Python that has Haute. */
export interface Resolver {
  readonly python: Python;
  readonly haute: string;
  /** Where it is an environment of ours, what that was made from. */
  readonly madeFrom: Python | undefined;
}

/** The Pythons of one project, each looked for once. */
export class Pythons {
  readonly #tools: EngineTools;
  readonly #input: string | undefined;
  #pin: HautePin | undefined;
  #base: Python | undefined;
  #resolver: Resolver | undefined;

  /** @param input the `python` input */
  constructor(tools: EngineTools, input: string | undefined) {
    this.#tools = tools;
    this.#input = input;
  }

  /** What the project says about its version of Haute. */
  async pin(): Promise<HautePin> {
    this.#pin ??= await readHautePin(this.#tools.files, this.#tools.root);
    return this.#pin;
  }

  /** What environments of servers are made from. */
  async base(options: EngineOptions): Promise<Python> {
    this.#base ??= await findBasePython(this.#tools, await this.#search(options));
    return this.#base;
  }

  /** The one that the pipeline is resolved with: the project's, or an environment of ours with the scoring runtime. */
  async resolver(options: EngineOptions): Promise<Resolver> {
    if (this.#resolver) return this.#resolver;
    const found = await findPython(this.#tools, await this.#search(options));
    this.#resolver =
      found.kind === 'with-haute'
        ? { python: found.python, haute: found.python.haute, madeFrom: undefined }
        : await this.#make(found.python, await this.#rememberedLoaders(), options);
    const { haute, python } = this.#resolver;
    options.progress(`Haute ${haute} on Python ${python.version} (${python.from})`);
    return this.#resolver;
  }

  /**
   * The environment to ask again, when the pipeline has artifacts that the one asked cannot load; undefined when it
   * could. Which loaders those are is remembered, so that the next step starts with the right one.
   */
  async extended(said: readonly BridgeMessage[], options: EngineOptions): Promise<Resolver | undefined> {
    const [needs] = messagesOf(said, 'needs');
    if (!needs || !this.#resolver?.madeFrom) return undefined;
    this.#resolver = await this.#make(this.#resolver.madeFrom, needs.distributions, options);
    await this.#tools.files.write(this.#loadersFile, JSON.stringify(needs.distributions));
    return this.#resolver;
  }

  async #search({ signal, progress }: EngineOptions): Promise<PythonSearch> {
    return { input: this.#input, pin: await this.pin(), signal, progress };
  }

  async #make(base: Python, loaders: readonly string[], options: EngineOptions): Promise<Resolver> {
    const { version: haute, lock } = chooseHaute(await this.pin());
    const requirements = requirementsOf(lock, [...SCORING_RUNTIME, ...loaders]);
    const made = await ensureEnvironment(this.#tools, base, requirements, options);
    return { python: { ...base, argv: [made.python], from: 'engine environment', haute }, haute, madeFrom: base };
  }

  /** A guess that saves time: the bridge says when it is wrong. */
  async #rememberedLoaders(): Promise<readonly string[]> {
    const content = await this.#tools.files.read(this.#loadersFile);
    try {
      return content === undefined ? [] : names.parse(JSON.parse(new TextDecoder().decode(content)));
    } catch {
      return [];
    }
  }

  get #loadersFile(): string {
    return join(this.#tools.cacheDir, 'loaders.json');
  }
}

const names = z.array(z.string().regex(/^[\w.-]+$/));
