import { commonInputs, commonOutputs } from '../../shared/steps/common-inputs.ts';
import type { AnyStepData, InputSpec } from '../../shared/steps/define.ts';

/** A file that is written from the definitions. Its path is relative to the repository, with `/`. */
export interface GeneratedFile {
  readonly path: string;
  readonly content: string;
}

/** What every manifest is written from. */
export interface Suite {
  readonly steps: readonly AnyStepData[];
  /** `1.4.2`. */
  readonly version: string;
  readonly license: string;
}

/** First line of every generated file that can hold a comment. */
export const GENERATED_NOTE = 'Written by `npm run generate` from shared/steps. Do not edit.';

/** Where the suite lives on each host. */
export const HOMES = {
  github: 'haute/deploy',
  gitlab: 'haute/deploy',
  gitlabImage: 'registry.gitlab.com/haute/deploy',
  azurePublisher: 'haute',
  azureExtension: 'haute-deploy',
  url: 'https://github.com/haute/deploy',
} as const;

/** What users pin for fixes without breaks: `1`, and `v1` where tags are named so. */
export function majorOf(version: string): string {
  return version.split('.')[0] ?? version;
}

export function majorTag(version: string): string {
  return `v${majorOf(version)}`;
}

/** Inputs that a job of a CI host may be given: all but those of a terminal. */
export function hostInputs(step: AnyStepData): readonly (readonly [string, InputSpec])[] {
  return Object.entries(step.inputs).filter(([, spec]) => spec.terminalOnly !== true);
}

/** Outputs of a step, its own first. */
export function outputsOf(step: AnyStepData): readonly (readonly [string, string])[] {
  return Object.entries({ ...step.outputs, ...commonOutputs }).map(([name, { help }]) => [name, help]);
}

export function isCommon(input: string): boolean {
  return input in commonInputs;
}

/** An input as several steps have it. */
export interface SharedInput {
  readonly spec: InputSpec;
  readonly steps: readonly string[];
  /** The default, where all steps have the same one. */
  readonly default: string | undefined;
  readonly help: string;
}

/** All inputs of all steps by name: what an action has that can run any of them. */
export function unionOfInputs(steps: readonly AnyStepData[]): ReadonlyMap<string, SharedInput> {
  const names = [...new Set(steps.flatMap((step) => hostInputs(step).map(([name]) => name)))];
  return new Map(names.map((name) => [name, sharedInput(name, steps)]));
}

function sharedInput(name: string, steps: readonly AnyStepData[]): SharedInput {
  const having = steps.flatMap((step) => {
    const spec = step.inputs[name];
    return spec ? [{ id: step.id, spec }] : [];
  });
  const [first] = having;
  if (!first) throw new Error(`no step has the input ${name}`);
  const types = new Set(having.map(({ spec }) => spec.type));
  if (types.size > 1) throw new Error(`the input ${name} has several types: ${[...types].join(', ')}`);
  const ids = having.map(({ id }) => id);
  const helps = new Set(having.map(({ spec }) => spec.help));
  const defaults = new Set(having.map(({ spec }) => spec.default));
  const alike = helps.size === 1 && defaults.size === 1;
  const each = having.map(({ id, spec }) => `${id}: ${spec.help}${spec.default ? ` Default: ${spec.default}.` : ''}`);
  const used = ids.length === steps.length ? '' : ` (${ids.join(', ')})`;
  return {
    spec: first.spec,
    steps: ids,
    default: defaults.size === 1 ? first.spec.default : undefined,
    help: alike ? `${first.spec.help}${used}` : each.join(' '),
  };
}

/** Outputs of any step by name. */
export function unionOfOutputs(steps: readonly AnyStepData[]): ReadonlyMap<string, string> {
  return new Map(steps.flatMap((step) => outputsOf(step)).toReversed());
}

/** Help with the choices that there are. */
export function helpOf(spec: InputSpec): string {
  return spec.options ? `${spec.help} One of ${spec.options.join(', ')}.` : spec.help;
}

/** Environment variables in which the clients of the targets look for credentials; a job hands on those that are set. */
export const CREDENTIALS = [
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AZURE_CLIENT_ID',
  'AZURE_CLIENT_SECRET',
  'AZURE_TENANT_ID',
  'AZURE_SUBSCRIPTION_ID',
  'BASETEN_API_KEY',
  'DATABRICKS_HOST',
  'DATABRICKS_TOKEN',
  'DOCKER_USERNAME',
  'DOCKER_PASSWORD',
] as const;

/** Secrets that `build-push` alone is handed: who has this one decides what layers of packages are believed. */
export const BUILD_SECRETS = ['HAUTE_LAYERS_KEY'] as const;

/**
 * What one job leaves for the next, in `.haute` of the project: the release and all that approvers read. Neither the
 * state of the local target nor an engine's environment.
 */
export const HANDOVER = ['release.json', 'releases', 'validation.json', 'impact', 'summary'] as const;

/**
 * The two lines of an action or task. The first is in the log before the bundle is read, and says what runs.
 * @param bundle path of the bundle from the stub
 */
export function stub({ version }: Suite, host: 'github' | 'azure', step: string, bundle: string): string {
  return [
    `console.log('${HOMES.github} ${version}: ${step}');`,
    `await (await import('${bundle}')).run('${host}', '${step}');`,
    '',
  ].join('\n');
}
