import { cpSync, existsSync, globSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { expandTemplate } from '../tools/azure-template.ts';
import { git } from '../tools/git.ts';
import { conditionHolds } from './azure-conditions.ts';
import { runTask, type TaskRun } from './azure-task.ts';

export interface AgentOptions {
  /** Text of the pipeline in the consumer's repository. */
  readonly pipeline: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** Text of a template of ours, by its path. */
  readonly template: (path: string) => string;
  /** The consumer's repository. */
  readonly repository: string;
  /** Folder of the agent: sources, artifacts, temporary files. It stays between runs, as that of an own agent does. */
  readonly home: string;
  /** Folder of an installed task by its name: `HauteValidate`. */
  readonly taskFolder: (name: string) => string;
  readonly node: string;
  /** `Build.Reason` and whatever else the service sets. */
  readonly variables: Readonly<Record<string, string>>;
  readonly token: string;
  /** Only this stage: it is run again, with the artifacts of the others. */
  readonly stage?: string;
  /** Once a task prints this, the job is cancelled. */
  readonly cancelAt?: RegExp;
  /** Asked before a job that deploys to an environment: its approvals are given here. */
  readonly atEnvironment?: (name: string) => void;
}

export interface AgentRun {
  readonly succeeded: boolean;
  /** Stages that ran. */
  readonly stages: readonly string[];
  readonly log: string;
  /** By the name of the step. */
  readonly tasks: Readonly<Record<string, TaskRun>>;
}

interface Step {
  readonly task?: string;
  readonly name?: string;
  readonly script?: string;
  readonly checkout?: string;
  readonly download?: string;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
}
interface Job {
  readonly environment?: string;
  readonly steps?: readonly Step[];
  readonly strategy?: { readonly runOnce: { readonly deploy: { readonly steps: readonly Step[] } } };
}
interface Stage {
  readonly stage: string;
  readonly condition?: string;
  readonly jobs: readonly Job[];
}
interface Pipeline {
  readonly extends?: { readonly template: string; readonly parameters?: Readonly<Record<string, unknown>> };
  readonly stages?: readonly Stage[];
}

/** Runs a pipeline of ours as the service and one agent do, with the few tasks of others that it uses. */
export async function runPipeline(options: AgentOptions): Promise<AgentRun> {
  const stages: string[] = [];
  const tasks: Record<string, TaskRun> = {};
  let log = '';
  let succeeded = true;
  if (options.stage === undefined) rmSync(join(options.home, 'artifacts'), { recursive: true, force: true });
  for (const stage of stagesOf(options)) {
    const { variables } = options;
    if (options.stage !== undefined && stage.stage !== options.stage) continue;
    if (!conditionHolds(stage.condition ?? 'succeeded()', { variables, succeeded })) continue;
    stages.push(stage.stage);
    for (const job of stage.jobs) {
      if (job.environment) options.atEnvironment?.(job.environment);
      for (const step of job.steps ?? job.strategy?.runOnce.deploy.steps ?? []) {
        if (!succeeded) break;
        const run = await runStep(step, stage.stage, options);
        if (!run) continue;
        tasks[step.name ?? step.task ?? ''] = run;
        log += run.log;
        succeeded = run.result !== 'Failed';
      }
    }
  }
  return { succeeded, stages, log, tasks };
}

function stagesOf({ pipeline, parameters, template }: AgentOptions): readonly Stage[] {
  const root = parse(pipeline) as Pipeline;
  const { extends: extended } = root;
  if (!extended) return (expandTemplate(pipeline, parameters) as Pipeline).stages ?? [];
  const [path = ''] = extended.template.split('@');
  return (expandTemplate(template(path), extended.parameters) as Pipeline).stages ?? [];
}

async function runStep(step: Step, stage: string, options: AgentOptions): Promise<TaskRun | undefined> {
  const variables = variablesOf(stage, options);
  const put = (text: string): string => text.replaceAll(/\$\(([\w.]+)\)/g, (whole, name) => variables[name] ?? whole);
  const inputs = Object.fromEntries(Object.entries(step.inputs ?? {}).map(([name, text]) => [name, put(String(text))]));
  const [task = '', major] = step.task?.split('@') ?? [];
  if (step.checkout === 'self') checkOut(options);
  else if (task.startsWith('Haute')) {
    const { token, node } = options;
    const folder = options.taskFolder(task);
    const { version } = JSON.parse(readFileSync(join(folder, 'task.json'), 'utf8')) as { version: { Major: number } };
    if (String(version.Major) !== major) throw new Error(`${step.task} is not the version that is installed`);
    const cancel = options.cancelAt ? { cancelAt: options.cancelAt } : {};
    return runTask({ folder, node, inputs, variables, env: step.env ?? {}, token, ...cancel });
  } else if (task !== '') ofOthers(task, inputs, options);
  else if (step.download !== 'none' && step.script !== 'python -m pip install --quiet uv') {
    throw new Error(`cannot run the step ${JSON.stringify(step)}`);
  }
  return undefined;
}

function variablesOf(stage: string, { home, variables }: AgentOptions): Readonly<Record<string, string>> {
  return {
    'Agent.TempDirectory': join(home, 'temp'),
    'Build.SourcesDirectory': join(home, 'sources'),
    'Build.ArtifactStagingDirectory': join(home, 'staging'),
    'System.DefaultWorkingDirectory': join(home, 'sources'),
    'System.StageName': stage,
    ...variables,
  };
}

/** Everything but what runs on this machine, and the engine that was made for it, is as the commit has it. */
function checkOut({ home, repository, variables }: AgentOptions): void {
  const sources = join(home, 'sources');
  rmSync(join(home, 'staging'), { recursive: true, force: true });
  if (!existsSync(sources)) git(dirname(sources), 'clone', '--quiet', repository, sources);
  git(sources, 'fetch', '--quiet', 'origin');
  git(sources, 'reset', '--quiet', '--hard', variables['Build.SourceVersion'] ?? '');
  const kept = /\.haute\/(?:local|engine)(?:\/|$)/;
  for (const path of globSync('.haute/*', { cwd: sources })) {
    if (!kept.test(path)) rmSync(join(sources, path), { recursive: true });
  }
}

/** The tasks of Microsoft that our template uses, as far as it uses them. */
function ofOthers(task: string, inputs: Readonly<Record<string, string>>, { home }: AgentOptions): void {
  const artifact = (name: string | undefined): string => join(home, 'artifacts', name ?? '');
  if (task === 'UsePythonVersion') return;
  if (task === 'DownloadPipelineArtifact') {
    cpSync(artifact(inputs.artifactName), inputs.targetPath ?? '', { recursive: true });
  } else if (task === 'PublishPipelineArtifact') {
    if (existsSync(artifact(inputs.artifact))) throw new Error(`artifact ${inputs.artifact} already exists`);
    cpSync(inputs.targetPath ?? '', artifact(inputs.artifact), { recursive: true });
  } else if (task === 'CopyFiles') {
    const patterns = (inputs.Contents ?? '').split('\n').filter((line) => line !== '');
    mkdirSync(inputs.TargetFolder ?? '', { recursive: true });
    for (const path of globSync(patterns, { cwd: inputs.SourceFolder ?? '' })) {
      cpSync(join(inputs.SourceFolder ?? '', path), join(inputs.TargetFolder ?? '', path), { recursive: true });
    }
  } else throw new Error(`cannot run the task ${task}`);
}
