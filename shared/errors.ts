/**
 * The four ways a run can end badly. Every error carries a code (a heading of docs/errors.md), what happened, and
 * what to do. One place (`shared/steps/run-step.ts`) turns them into the host's failure and exit code.
 */

/** A place in a user's file. `file` is relative to the project where it can be; `line` and `column` count from 1. */
export interface Place {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
}

/** One thing that is wrong in the user's files or inputs. */
export interface Problem {
  /** Upper-case, dash-separated, stable: `TOML-UNKNOWN-KEY`. A heading of docs/errors.md. */
  readonly code: string;
  /** What is wrong, one sentence, without a full stop at the end. */
  readonly what: string;
  /** What to do about it, in the imperative. */
  readonly fix: string;
  readonly place?: Place;
}

/** The user's file or input is wrong. All problems found are carried together. Exit code 2. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly [Problem, ...Problem[]];

  constructor(problem: Problem, ...more: readonly Problem[]) {
    super([problem, ...more].map(describeProblem).join('\n'));
    this.problems = [problem, ...more];
  }
}

/** The product worked and said no: a failed quote, a gate, a refused approval. Exit code 1. */
export class GateFailure extends Error {
  override readonly name = 'GateFailure';
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(describeProblem(problem));
    this.problem = problem;
  }
}

/** A provider (engine, platform, registry, forge, network, disk) failed us. Exit code 3. */
export class ProviderError extends Error {
  override readonly name = 'ProviderError';
  readonly problem: Problem;
  /** HTTP status, where the provider speaks HTTP. */
  readonly status: number | undefined;
  readonly requestId: string | undefined;
  /** True when the same call may succeed later. */
  readonly retryable: boolean;
  /** Milliseconds the provider asked to wait before the next call (`Retry-After`); undefined where it did not say. */
  readonly retryAfterMs: number | undefined;

  constructor(
    problem: Problem,
    detail: { status?: number; requestId?: string; retryable?: boolean; retryAfterMs?: number; cause?: unknown } = {},
  ) {
    super(describeProblem(problem), { cause: detail.cause });
    this.problem = problem;
    this.status = detail.status;
    this.requestId = detail.requestId;
    this.retryable = detail.retryable ?? false;
    this.retryAfterMs = detail.retryAfterMs;
  }
}

/** The run was cancelled by SIGINT, SIGTERM or the caller's signal. Exit code 130. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';

  constructor(what = 'interrupted') {
    super(what);
  }
}

/** `place: what [CODE]. fix` on one line. */
export function describeProblem(problem: Problem): string {
  const at = problem.place ? `${describePlace(problem.place)}: ` : '';
  return `${at}${problem.what} [${problem.code}]. ${problem.fix}`;
}

/** `file`, `file:line` or `file:line:column`. */
export function describePlace(place: Place): string {
  return [place.file, place.line, place.column].filter((part) => part !== undefined).join(':');
}

const ERRORS_PAGE = 'https://github.com/haute/deploy/blob/main/docs/errors.md';

/** Address of what docs/errors.md says about a code; of the whole page where none is given. */
export function explanationOf(code?: string): string {
  return code === undefined ? ERRORS_PAGE : `${ERRORS_PAGE}#${code.toLowerCase()}`;
}

/** The one line that ends the problems of a run: where to read what their codes mean. */
export function whereToRead(problems: readonly Problem[]): string {
  const codes = new Set(problems.map(({ code }) => code));
  const [only] = codes;
  return `See ${explanationOf(codes.size === 1 ? only : undefined)}`;
}

/** Throws one ConfigError that carries all problems; returns when there are none. */
export function throwIfAny(problems: readonly Problem[]): void {
  const [first, ...rest] = problems;
  if (first) throw new ConfigError(first, ...rest);
}

/** The message of anything thrown, never empty. */
export function messageOf(error: unknown): string {
  if (error instanceof Error && error.message !== '') return error.message;
  return String(error);
}
