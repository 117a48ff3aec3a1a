import { ConfigError, type Problem, ProviderError } from '../errors.ts';

/** A problem as the bridge reports it. */
export interface BridgeProblem {
  readonly code: string;
  readonly what: string;
  readonly file: string | null;
  readonly line: number | null;
  readonly column: number | null;
}

/** What to do about a problem of the user's files, by its code. */
const FIXES: Readonly<Record<string, string>> = {
  'PIPELINE-INVALID': 'Correct the pipeline; `haute lint` shows the same',
  'PIPELINE-FAILS': 'Correct the node; `haute run` shows the same',
  'PIPELINE-IMPORT':
    "Move project code into the pipeline's utility package; a service has Haute's own libraries and no others",
  'PIPELINE-NOT-DEPLOYABLE': 'Correct it; `haute deploy --dry-run` shows the same',
  'PIPELINE-FILE-MISSING':
    'Put the file there and commit it (is it in .gitignore, or in Git LFS and not fetched?), or correct the path',
  'PIPELINE-FILE-UNREADABLE': 'Write the file again; a Git LFS pointer that was not fetched looks like this too',
  'PATH-OUTSIDE-PROJECT': 'Move the file into the project, and write its path relative to it',
  'NODE-CONFIG-INVALID': 'Correct the JSON, or save the node again in Haute',
  'SNAPSHOT-MISSING': "Load the node's data in Haute, or use a Parquet file of the project, which needs no snapshot",
  'OUTPUT-FIELDS': 'Correct [deploy] output_fields',
  'MODEL-NAME': 'Use letters, digits, - and _ in [deploy] model_name',
  'PACKAGE-NAMES-MACHINE': 'Write the path relative to the project: no other machine has this one',
  'ENGINE-PACKAGE-MISSING':
    'Install it there, or leave the python input out and remove Haute from that Python: an environment is made then',
};

const FAILURES: Readonly<Record<string, string>> = {
  'DISK-FULL': 'Free some space on that disk, then run the step again',
  'ENGINE-OUT-OF-MEMORY': 'Give the machine more memory, or make the data that the pipeline loads smaller',
  'ENGINE-FAILED':
    'Run `haute deploy --dry-run` in the project; if it fails too, report it to Haute, otherwise to this suite',
};

/**
 * The error that the bridge's problems are: the user's, or the engine's.
 * @param traceback last lines of what Python says, for failures that nobody foresaw
 */
export function bridgeError(problems: readonly BridgeProblem[], traceback: string): ConfigError | ProviderError {
  const [first, ...rest] = problems.map(describe);
  if (first !== undefined && first.code in FIXES) return new ConfigError(first, ...rest);
  const known = first ?? describe({ code: 'ENGINE-FAILED', what: 'it failed', file: null, line: null, column: null });
  const what = known.code === 'ENGINE-FAILED' ? `the engine failed: ${known.what}\n${traceback}`.trimEnd() : known.what;
  return new ProviderError({ ...known, what });
}

/** The process ended in a way of which it could not speak. */
export function crashError(code: number | null, timedOut: boolean, log: readonly string[]): ProviderError {
  const tail = log.slice(-15).join('\n');
  if (timedOut) {
    return new ProviderError(
      {
        code: 'ENGINE-TIMEOUT',
        what: `the engine did not end in time; it last said:\n${tail || '(nothing)'}`,
        fix: 'Look for what the pipeline waits for: a database, a registry, an endless loop',
      },
      { retryable: true },
    );
  }
  if (/no space left on device|quota exceeded/i.test(tail)) {
    const what = `the engine could not write what it has to say: the disk is full\n${tail}`;
    return new ProviderError({ code: 'DISK-FULL', what, fix: FAILURES['DISK-FULL'] ?? '' });
  }
  const how = code === null ? 'was killed' : `ended with exit code ${code} and no answer`;
  return new ProviderError({
    code: code === null ? 'ENGINE-KILLED' : 'ENGINE-NO-ANSWER',
    what: `the engine ${how}; it last said:\n${tail || '(nothing)'}`,
    fix: code === null ? 'Check that the machine has memory to spare' : 'Check that the Python that runs it is whole',
  });
}

function describe({ code, what, file, line, column }: BridgeProblem): Problem {
  const fix = FIXES[code] ?? FAILURES[code] ?? FAILURES['ENGINE-FAILED'] ?? '';
  if (file === null) return { code, what, fix };
  return { code, what, fix, place: { file, ...(line !== null && { line }), ...(column !== null && { column }) } };
}
