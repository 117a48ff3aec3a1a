import type { ArtifactStore } from '../ports/artifact-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { ColumnAnalyst } from '../ports/column-analyst.ts';
import type { Engine, LoadedApplication } from '../ports/engine.ts';
import type { FileDigests, Files } from '../ports/files.ts';
import type { Forge } from '../ports/forge.ts';
import type { Host } from '../ports/host.ts';
import type { ImageScanner } from '../ports/image-scanner.ts';
import type { Portfolios } from '../ports/portfolio.ts';
import type { PortfolioScorer } from '../ports/portfolio-scorer.ts';
import type { QuoteEndpoint, QuoteEndpoints } from '../ports/quote-endpoint.ts';
import type { ScratchFile } from '../ports/scratch.ts';
import type { SourceControl } from '../ports/source-control.ts';
import type { Target } from '../ports/target.ts';
import type { Project } from '../project/project.ts';

/** Which project to read: the common inputs of every step. */
export interface ProjectRequest {
  readonly dir: string;
  readonly policyPath: string | undefined;
  readonly target: string | undefined;
  readonly quotesDir: string | undefined;
}

/** A target with the store that it pulls from. */
export interface TargetKit {
  readonly target: Target;
  readonly store: ArtifactStore;
}

/** Everything a step may use of the outside. Built by main.ts, or by a test. */
export interface StepContext {
  readonly host: Host;
  readonly clock: Clock;
  readonly files: Files & FileDigests;
  /** Aborted on SIGINT, SIGTERM and when the step's own time is over. */
  readonly signal: AbortSignal;
  readonly endpoints: QuoteEndpoints;
  readonly portfolios: Portfolios;
  readonly scorer: PortfolioScorer;
  readonly source: SourceControl;
  /** A file for what does not fit into memory; whoever asks for it closes it. */
  readonly scratch: () => ScratchFile;
  /** Whoever asks for it closes it, before the file that the columns are in. */
  readonly columnAnalyst: (pages: ScratchFile) => ColumnAnalyst;
  scanner(project: Project): Promise<ImageScanner>;
  /** A packaged application that was loaded, asked as if it were served. Closing it ends the application. */
  readonly packageEndpoint: (application: LoadedApplication) => QuoteEndpoint;
  /** Absolute path of a path that the user gave. */
  resolvePath(path: string): string;
  /** @throws ConfigError with every problem of the project's files. */
  loadProject(request: ProjectRequest): Promise<Project>;
  engine(project: Project, python: string | undefined): Engine;
  /** May have to load the client of a platform first. @throws ConfigError TARGET-UNAVAILABLE for a target that this version cannot deploy to */
  target(project: Project, engine: Engine): TargetKit | Promise<TargetKit>;
  /** May have to load the client of a forge first. */
  forge(project: Project): Forge | Promise<Forge>;
}
