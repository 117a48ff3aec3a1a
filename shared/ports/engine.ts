import type { TestQuote } from '../project/test-quote.ts';
import type { Digest } from '../release/digest.ts';
import type { JsonObject } from '../release/json.ts';

/** A pipeline as the engine understands it after pruning to the scoring path. */
export interface ResolvedPipeline {
  readonly engine: { readonly name: string; readonly version: string; readonly python: string };
  readonly nodesKept: readonly string[];
  readonly nodesSkipped: readonly string[];
  readonly outputNode: string;
  /** Column name to the engine's type name. */
  readonly inputSchema: Readonly<Record<string, string>>;
  readonly outputSchema: Readonly<Record<string, string>>;
  readonly artifacts: readonly { readonly name: string; readonly bytes: number; readonly digest: Digest }[];
  /** Things the engine warned about: snapshots used, estimates not available, … */
  readonly warnings: readonly string[];
}

/** What the engine answered, in process, to one quote; or why it did not. */
export type QuoteAnswer =
  | { readonly ok: true; readonly row: JsonObject; readonly ms: number }
  | { readonly ok: false; readonly error: string; readonly ms: number };

/** A package on disk: the application, its manifest, artifacts and requirements, reproducible byte for byte. */
export interface EnginePackage {
  readonly dir: string;
  /** Digest over the sorted list of (path, mode, digest of content) of every file. */
  readonly digest: Digest;
  readonly manifestDigest: Digest;
  readonly files: readonly { readonly path: string; readonly bytes: number; readonly digest: Digest }[];
  readonly engine: { readonly name: string; readonly version: string };
  /** Pinned requirements of the scoring runtime, one `name==version` each. */
  readonly requirements: readonly string[];
}

/** How a package is started as a server: data, so that a process that outlives this one can do it again. */
export interface ServePlan {
  /** argv with `{port}` where the port belongs. Binds 127.0.0.1. */
  readonly argv: readonly string[];
  /** Environment for the server, in addition to PATH and HOME; complete otherwise. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

export interface EngineOptions {
  readonly signal: AbortSignal;
  readonly progress: (line: string) => void;
}

/** One request to a packaged application, as over HTTP. */
export interface ApplicationRequest {
  readonly method: string;
  /** With a slash before it. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export interface ApplicationAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** A package's application in a process of its own, asked without a server: no port is opened. */
export interface LoadedApplication {
  /**
   * Answers requests one after the other. One that is broken off by the signal takes the process with it, and so does one
   * that the application does not survive; the next request starts another one.
   * @throws ProviderError ENDPOINT-DROPPED; Interrupted
   */
  ask(request: ApplicationRequest, signal: AbortSignal): Promise<ApplicationAnswer>;
  /** Ends the process. */
  close(): Promise<void>;
}

/** The pipeline engine: everything that knows what a Haute project is inside. */
export interface Engine {
  /** Parses, prunes, collects artifacts. ConfigError for a pipeline that is wrong. */
  resolve(options: EngineOptions): Promise<ResolvedPipeline>;
  /** Scores quotes in process, through the pruned graph. One answer for each quote, in order. */
  score(quotes: readonly TestQuote[], options: EngineOptions): Promise<readonly QuoteAnswer[]>;
  /** Writes the package into `dir` (created, must be empty). */
  package(dir: string, options: EngineOptions): Promise<EnginePackage>;
  /**
   * Proves a package as it will be served: copied to where the project cannot be reached, started from its serve plan,
   * and asked for the quotes over HTTP, one row at a time and all rows at once. The answers must be the in-process ones.
   * @throws GateFailure PACKAGE-DOES-NOT-SERVE or PACKAGE-ANSWERS-DIFFER with the first difference and the last log lines
   */
  accept(
    pkg: EnginePackage,
    quotes: readonly TestQuote[],
    answers: readonly QuoteAnswer[],
    options: EngineOptions,
  ): Promise<void>;
  /**
   * Reads a package that was written before. @throws GateFailure PACKAGE-CHANGED when its digest is not `expected`,
   * naming the first file that differs where the package's own list tells.
   */
  open(dir: string, expected: Digest): Promise<EnginePackage>;
  /** How to serve a package with the scoring runtime of its requirements, making that runtime when it is not there. */
  servePlan(pkg: EnginePackage, options: EngineOptions): Promise<ServePlan>;
  /**
   * Loads a package as it would be served, with the scoring runtime of its requirements. The process ends with the
   * signal of the options, and when it is closed. @throws GateFailure PACKAGE-DOES-NOT-SERVE
   */
  load(pkg: EnginePackage, options: EngineOptions): Promise<LoadedApplication>;
}
