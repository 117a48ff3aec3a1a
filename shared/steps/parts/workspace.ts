import { join, relative } from 'node:path';
import type { Engine, EngineOptions } from '../../ports/engine.ts';
import type { Project } from '../../project/project.ts';
import type { commonInputs } from '../common-inputs.ts';
import type { StepContext, TargetKit } from '../context.ts';
import type { InputValues } from '../define.ts';

/** What nearly every step opens first: the project, its engine, and the target with its store. */
export interface Workspace extends TargetKit {
  readonly project: Project;
  readonly engine: Engine;
}

type Common = Pick<InputValues<typeof commonInputs>, 'project' | 'policy' | 'target' | 'python'>;

/** Opens the project, engine and target that the inputs name. @throws ConfigError with all problems */
export async function openWorkspace(context: StepContext, inputs: Common, quotes?: string): Promise<Workspace> {
  const project = await openProject(context, inputs, quotes);
  const engine = context.engine(project, inputs.python);
  return { project, engine, ...(await context.target(project, engine)) };
}

/** The project alone, for what needs neither engine nor target. */
export function openProject(context: StepContext, inputs: Common, quotes?: string): Promise<Project> {
  return context.loadProject({
    dir: context.resolvePath(inputs.project),
    policyPath: inputs.policy === undefined ? undefined : context.resolvePath(inputs.policy),
    target: inputs.target,
    quotesDir: quotes === undefined ? undefined : context.resolvePath(quotes),
  });
}

/** How the engine is called from a step: cancelled with it, its lines in the step's log. */
export function engineOptions(context: StepContext): EngineOptions {
  return { signal: context.signal, progress: (line) => context.host.log.debug(line) };
}

/** A folder inside the project that git ignores. */
export function ownFolder(project: Project, ...names: readonly string[]): string {
  return join(project.root, '.haute', ...names);
}

/** A path as people read it: relative to the project where it is inside. */
export function shown(project: Project, path: string): string {
  const inside = relative(project.root, path);
  return inside.startsWith('..') ? path : inside;
}
