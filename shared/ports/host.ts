import type { Place } from '../errors.ts';
import type { Log } from './log.ts';

/** Who runs this, where, and for what. */
export interface RunFacts {
  /** Run URL on a CI host; `terminal` on one's own machine. */
  readonly run: string;
  /** The person or bot who started it. */
  readonly actor: string | undefined;
  /** True where nobody watches interactively. */
  readonly ci: boolean;
  /** What is being built, and why; not there on a terminal. */
  readonly change?: ChangeFacts;
}

/** The change that a CI run is about. */
export interface ChangeFacts {
  /** What set the run off. `other`: a tag, a schedule, a person, another pipeline. */
  readonly event: 'change-request' | 'push' | 'other';
  /** The host's own word for it: `pull_request`, `merge_request_event`, `IndividualCI`. */
  readonly rawEvent: string;
  /** The repository as the forge's API names it: `owner/name`, the group path and name, the Azure repository's name. */
  readonly repository: string;
  /** The commit that was checked out. */
  readonly commit: string;
  /** Full where the host says it so: `refs/heads/main`. */
  readonly ref: string;
  /** Branch that was pushed to; undefined for a tag or a change request. */
  readonly branch: string | undefined;
  /** Undefined where the host does not tell. */
  readonly defaultBranch: string | undefined;
  readonly request: ChangeRequest | undefined;
}

/** A pull request or merge request. */
export interface ChangeRequest {
  readonly number: number;
  /** The last commit of the change itself, not of a merge with its target. */
  readonly headCommit: string;
  /** True when the change comes from another repository: its code is not trusted with secrets. */
  readonly fromFork: boolean;
}

export interface Annotation {
  readonly level: 'error' | 'warning' | 'notice';
  readonly title: string;
  readonly message: string;
  readonly place?: Place;
}

/** The CI system or terminal that runs us: environment and stdio only, no network. */
export interface Host {
  readonly id: string;
  readonly facts: RunFacts;
  readonly log: Log;
  /** The raw text of an input, or undefined. Names are the canonical kebab-case ones. */
  input(name: string): readonly string[] | undefined;
  /** How this host's users spell an input: `--staging-url`, `stagingUrl`. */
  spell(name: string): string;
  annotate(annotation: Annotation): void;
  /** Never shown again in any output of this process. */
  mask(secret: string): void;
  /** Ends the step: outputs, the summary, and the verdict, in the host's form. */
  finish(end: StepEnd): Promise<void>;
}

export interface StepEnd {
  readonly step: string;
  readonly result: string;
  readonly outputs: Readonly<Record<string, string>>;
  /** Markdown. */
  readonly summary: string;
  readonly exitCode: number;
}
