import { spawn } from 'node:child_process';
import { bundle, project } from './workplace.ts';

export interface StepRun {
  readonly code: number;
  readonly result: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly seconds: number;
}

/** Ends a running step early: called with each line of its log, it may send a signal. */
export type Watcher = (line: string, kill: (signal: NodeJS.Signals) => void) => void;

/** Runs one step of the published bundle as a user would, its log indented below its name. */
export async function runStep(
  step: string,
  flags: readonly string[] = [],
  watch: Watcher = () => undefined,
): Promise<StepRun> {
  const startedAt = performance.now();
  const args = [bundle, step, '--project', project, '--target', 'local', '--json', ...flags];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let pending = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (pending + chunk).split('\n');
    pending = lines.pop() ?? '';
    for (const line of lines) {
      process.stdout.write(`    ${line}\n`);
      watch(line, (signal) => child.kill(signal));
    }
  });
  const code = await new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exit) => resolve(exit ?? 1));
  });
  const seconds = (performance.now() - startedAt) / 1000;
  const { result, outputs } = JSON.parse(stdout || '{"result":"error","outputs":{}}') as Pick<
    StepRun,
    'result' | 'outputs'
  >;
  return { code, result, outputs, seconds };
}
