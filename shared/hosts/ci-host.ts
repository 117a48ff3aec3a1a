import type { Clock } from '../ports/clock.ts';
import type { Files } from '../ports/files.ts';
import type { Host } from '../ports/host.ts';

/** Everything a CI host touches, handed in. */
export interface CiHostOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: { write(text: string): unknown };
  readonly files: Pick<Files, 'read' | 'write'>;
  /** Adds to the end of a file, which is made where there is none: the files that a runner reads when the step ends. */
  readonly append: (path: string, text: string) => Promise<void>;
  readonly clock: Pick<Clock, 'now'>;
  readonly redactor: { add(secret: string): boolean; text(text: string): string };
  /** Every form that a secret is likely to be written in. */
  readonly secretForms: (secret: string) => readonly string[];
  /** Text that nobody can guess: 16 random bytes or more, letters, digits and dashes. */
  readonly randomId: () => string;
  /** Absolute working folder of the process. */
  readonly cwd: string;
}

/** An input that was written in the job and that no step has. */
export interface StrayInput {
  /** As the host's users spell it. */
  readonly shown: string;
  /** As near to a canonical name as it can be told. */
  readonly name: string;
}

/** A host whose inputs come from a manifest: whoever wrote the job can misspell one, and the system may not notice. */
export interface CiHost extends Host {
  /** @param known the canonical names of all inputs there are */
  strayInputs(known: readonly string[]): readonly StrayInput[];
}
