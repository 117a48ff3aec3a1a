import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { azureCommands } from '../fakes/command-readers.ts';

export interface TaskRun {
  readonly result: 'Succeeded' | 'SucceededWithIssues' | 'Failed';
  /** Output variables by name. */
  readonly outputs: Readonly<Record<string, string>>;
  /** What was printed, as people see it: without secrets that were set. */
  readonly log: string;
  readonly issues: readonly { readonly type: string; readonly message: string }[];
  /** Summaries that were uploaded. */
  readonly summaries: readonly string[];
}

export interface TaskStart {
  /** Folder of the installed task. */
  readonly folder: string;
  /** Node of the handler that the agent chose. */
  readonly node: string;
  readonly inputs: Readonly<Record<string, string>>;
  /** Variables of the pipeline: `Build.SourcesDirectory`. */
  readonly variables: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
  /** Token of the connection that every task is given. */
  readonly token: string;
  /** Once a line matches, the job is cancelled, as the agent does it: SIGINT. */
  readonly cancelAt?: RegExp;
}

interface Manifest {
  readonly name: string;
  readonly inputs: readonly { readonly name: string; readonly defaultValue?: string }[];
  readonly execution: Readonly<Record<string, { readonly target: string }>>;
}

/**
 * Runs a task as the agent does: inputs and variables in its environment, commands on its standard output.
 * @see https://github.com/microsoft/azure-pipelines-agent/blob/master/src/Agent.Worker/Handlers/NodeHandler.cs
 * @throws Error for an input that the task does not have: the service refuses such a pipeline
 */
export async function runTask(start: TaskStart): Promise<TaskRun> {
  const manifest = JSON.parse(readFileSync(join(start.folder, 'task.json'), 'utf8')) as Manifest;
  const known = new Map(manifest.inputs.map((input) => [input.name, input.defaultValue ?? '']));
  for (const name of Object.keys(start.inputs)) {
    if (!known.has(name)) throw new Error(`${manifest.name} has no input ${name}`);
  }
  const values = Object.fromEntries([...known].map(([name, fallback]) => [name, start.inputs[name] ?? fallback]));
  const target = manifest.execution.Node20_1?.target ?? '';
  const { stdout, exitCode } = await execute(start, join(start.folder, target), environmentOf(start, values));
  return judge(stdout, exitCode);
}

function environmentOf(start: TaskStart, inputs: Readonly<Record<string, string>>): Record<string, string> {
  const upper = (name: string): string => name.replaceAll(/[. ]/g, '_').toUpperCase();
  const put = (text: string): string =>
    text.replaceAll(/\$\(([\w.]+)\)/g, (whole, name) => start.variables[name] ?? whole);
  return {
    // Tasks inherit the environment of the agent's machine.
    ...(process.env as Record<string, string>),
    ...Object.fromEntries(Object.entries(start.variables).map(([name, value]) => [upper(name), value])),
    ...Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`INPUT_${upper(name)}`, put(value)])),
    ...Object.fromEntries(Object.entries(start.env).map(([name, value]) => [name, put(value)])),
    ENDPOINT_URL_SYSTEMVSSCONNECTION: start.variables['System.CollectionUri'] ?? '',
    ENDPOINT_AUTH_SCHEME_SYSTEMVSSCONNECTION: 'OAuth',
    ENDPOINT_AUTH_PARAMETER_SYSTEMVSSCONNECTION_ACCESSTOKEN: start.token,
  };
}

function execute(
  start: TaskStart,
  target: string,
  env: Record<string, string>,
): Promise<{ stdout: string; exitCode: number | null }> {
  return new Promise((resolve, reject) => {
    const cwd = start.variables['System.DefaultWorkingDirectory'];
    const child = spawn(start.node, [target], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    const take = (chunk: Buffer): void => {
      const before = stdout;
      stdout += chunk;
      if (start.cancelAt?.test(stdout) && !start.cancelAt.test(before)) child.kill('SIGINT');
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.on('error', reject);
    child.on('close', (exitCode) => resolve({ stdout, exitCode }));
  });
}

function judge(stdout: string, exitCode: number | null): TaskRun {
  const commands = azureCommands(stdout);
  const of = (name: string): typeof commands => commands.filter((command) => command.name === name);
  const completed = of('task.complete').at(-1)?.properties.result;
  const secrets = of('task.setsecret').map(({ data }) => data);
  const visible = stdout.split('\n').filter((line) => !line.includes('##vso[task.setsecret]'));
  const outputs = of('task.setvariable').filter(({ properties }) => properties.isOutput === 'true');
  return {
    result: exitCode !== 0 || completed === 'Failed' ? 'Failed' : ((completed ?? 'Succeeded') as TaskRun['result']),
    outputs: Object.fromEntries(outputs.map(({ properties, data }) => [properties.variable ?? '', data])),
    log: secrets.reduce((log, secret) => log.replaceAll(secret, '***'), visible.join('\n')),
    issues: of('task.logissue').map(({ properties, data }) => ({ type: properties.type ?? '', message: data })),
    summaries: of('task.uploadsummary').map(({ data }) => readFileSync(data, 'utf8')),
  };
}
