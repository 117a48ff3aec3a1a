import type { Digest } from '../release/digest.ts';
import type { Verdict } from '../release/verdict.ts';
import type { StepContext } from './context.ts';

/** One input of a step, as data: every host's manifest, the CLI's flags and the reference page are written from it. */
export interface InputSpec {
  readonly type:
    | 'string'
    | 'path'
    | 'url'
    | 'boolean'
    | 'integer'
    | 'duration'
    | 'percentage'
    | 'choice'
    /** Repeatable on the command line; one a line, or comma-separated, elsewhere. */
    | 'list'
    /** Lines of `Name: value`; the values are masked. */
    | 'headers';
  /** One or two sentences, for the person who fills it in. */
  readonly help: string;
  /** As the user would write it. Without one the input may be left out and its value is undefined. */
  readonly default?: string;
  /** For `choice`. */
  readonly options?: readonly string[];
  /** Least value of an integer. */
  readonly min?: number;
  /** Only for the terminal: other hosts know this from their own records. */
  readonly terminalOnly?: boolean;
}

interface ValueOf {
  string: string;
  path: string;
  url: string;
  boolean: boolean;
  integer: number;
  /** Milliseconds. */
  duration: number;
  /** A fraction: 0.05 is 5 %. */
  percentage: number;
  choice: string;
  list: readonly string[];
  headers: Readonly<Record<string, string>>;
}

export type InputSpecs = Readonly<Record<string, InputSpec>>;

/** The typed values of inputs: undefined only where there is no default. Lists and headers are empty by default. */
export type InputValues<Specs extends InputSpecs> = {
  readonly [Name in keyof Specs]: Specs[Name] extends
    | { readonly default: string }
    | { readonly type: 'list' | 'headers' }
    ? ValueOf[Specs[Name]['type']]
    : ValueOf[Specs[Name]['type']] | undefined;
};

/** What a step hands to the next: text only, never a secret. */
export type OutputSpecs = Readonly<Record<string, { readonly help: string }>>;

/** What must be there for the step to run; becomes permissions, images and checkouts on the hosts. */
export interface Needs {
  readonly checkout: boolean;
  readonly python: boolean;
  /** Touches a target: credentials of the platform. */
  readonly platform: boolean;
  /** The environment whose protection applies. */
  readonly environment: 'staging' | 'production' | undefined;
  /** Reads approvals, or writes records and comments, where people work on the change. */
  readonly forge: boolean;
}

export interface StepResult<Outputs extends OutputSpecs> {
  readonly result: Verdict;
  readonly outputs: { readonly [Name in keyof Outputs]?: string | number };
  /** Markdown, read by people on the run's page. */
  readonly summary: string;
  /** The release this step worked on, where there was one. */
  readonly releaseId?: Digest;
  readonly releaseFile?: string;
}

/** A step as data: all that a host's manifest, the help and the reference page need. */
export interface StepData<Id extends string, Inputs extends InputSpecs, Outputs extends OutputSpecs> {
  readonly id: Id;
  readonly title: string;
  /** One sentence. */
  readonly summary: string;
  readonly needs: Needs;
  /** Azure knows the task by this id, for ever. */
  readonly azureTaskId: string;
  readonly inputs: Inputs;
  readonly outputs: Outputs;
}

export interface Step<Id extends string, Inputs extends InputSpecs, Outputs extends OutputSpecs>
  extends StepData<Id, Inputs, Outputs> {
  run(inputs: InputValues<Inputs>, context: StepContext): Promise<StepResult<Outputs>>;
}

/** Any of the seven, where only the data matters. */
export type AnyStepData = StepData<string, InputSpecs, OutputSpecs>;

export interface AnyStep extends AnyStepData {
  run(inputs: never, context: StepContext): Promise<StepResult<OutputSpecs>>;
}

/** A step's data, for its types. */
export function defineData<const Id extends string, const Inputs extends InputSpecs, const Outputs extends OutputSpecs>(
  data: StepData<Id, Inputs, Outputs>,
): StepData<Id, Inputs, Outputs> {
  return data;
}

/** A step: its data, and what it does. */
export function defineStep<Id extends string, Inputs extends InputSpecs, Outputs extends OutputSpecs>(
  data: StepData<Id, Inputs, Outputs>,
  run: Step<Id, Inputs, Outputs>['run'],
): Step<Id, Inputs, Outputs> {
  return { ...data, run };
}
