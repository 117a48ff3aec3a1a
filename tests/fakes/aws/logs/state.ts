export interface LogLine {
  readonly at: number;
  readonly message: string;
}

export interface LogsState {
  /** Streams by name, by group. */
  readonly groups: Map<string, Map<string, LogLine[]>>;
}
