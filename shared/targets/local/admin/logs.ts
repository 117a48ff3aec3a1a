import { readdir } from 'node:fs/promises';
import { unknownDeployment } from '../errors.ts';
import { logTail } from '../log-tail.ts';
import { logFile, logsDir } from '../paths.ts';

export interface LogsOptions {
  readonly stateDir: string;
  /** Id of a deployment, or `gateway`; undefined: all of them. */
  readonly deployment: string | undefined;
  /** Lines of each, from its end. */
  readonly lines: number;
  readonly redact: (text: string) => string;
}

export interface LocalLog {
  readonly name: string;
  readonly file: string;
  readonly lines: readonly string[];
}

/** The ends of the logs, redacted. @throws ConfigError LOCAL-UNKNOWN-DEPLOYMENT when there is no such log */
export async function localLogs({ stateDir, deployment, lines, redact }: LogsOptions): Promise<readonly LocalLog[]> {
  const files = await readdir(logsDir(stateDir)).catch(() => []);
  const names = files.filter((file) => file.endsWith('.log')).map((file) => file.slice(0, -'.log'.length));
  if (deployment !== undefined && !names.includes(deployment)) throw unknownDeployment(deployment);
  const chosen = deployment === undefined ? names.sort() : [deployment];
  return Promise.all(
    chosen.map(async (name) => {
      const file = logFile(stateDir, name);
      return { name, file, lines: (await logTail(file, lines)).map(redact) };
    }),
  );
}

/** Logs as text for people: one by one, each under its name. */
export function formatLocalLogs(logs: readonly LocalLog[]): string {
  if (logs.length === 0) return 'Nothing was logged here.\n';
  return logs
    .map(({ name, file, lines }) => `== ${name} (${file})\n${lines.map((line) => `${line}\n`).join('')}`)
    .join('\n');
}
