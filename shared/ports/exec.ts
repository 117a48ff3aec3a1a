/** One command, as argv: never a shell string. */
export interface Command {
  readonly argv: readonly [string, ...string[]];
  readonly cwd: string;
  /** The whole environment of the command. */
  readonly env: Readonly<Record<string, string>>;
  readonly stdin?: string;
  /** Milliseconds until it is ended with SIGTERM, then SIGKILL. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Bytes kept of each stream; what is over is dropped from the middle. 16 MiB where not given. */
  readonly maxOutputBytes?: number;
  /** Told each line of standard output and error as it comes, redacted. */
  readonly onLine?: (line: string, stream: 'stdout' | 'stderr') => void;
}

export interface CommandResult {
  /** Exit code; null when a signal ended it, or when time ran out whatever it exited with. */
  readonly code: number | null;
  /** As the command wrote it, not redacted: data, to be read and never to be shown. */
  readonly stdout: string;
  readonly stderr: string;
  readonly timedOut: boolean;
  /** Bytes dropped from the middle of standard output; not there when it is whole. */
  readonly stdoutOmittedBytes?: number;
}

/** Runs commands. */
export interface Exec {
  /** Resolves whatever the exit code. ProviderError EXEC-NOT-FOUND when the program is not there; Interrupted on the signal. */
  run(command: Command): Promise<CommandResult>;
  /**
   * Starts a process that outlives this one, in a session of its own, output to a file. Returns its pid.
   * `onExit` is told if it ends while this process still runs; it keeps nothing waiting.
   */
  detach(
    command: Pick<Command, 'argv' | 'cwd' | 'env'>,
    logFile: string,
    onExit?: (code: number | null, signal: string | null) => void,
  ): Promise<number>;
}
