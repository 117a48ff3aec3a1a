import type { Host } from '../ports/host.ts';
import { AUTO, stepsFor } from './auto.ts';
import type { StepContext } from './context.ts';
import type { AnyStep } from './define.ts';
import { EXIT, fail, runStep } from './run-step.ts';
import { misspeltInputs } from './stray-inputs.ts';

/** A host whose inputs come from a manifest, where one may be misspelt. */
export interface JobHost extends Host {
  strayInputs(known: readonly string[]): readonly { readonly shown: string; readonly name: string }[];
}

export interface Job {
  readonly host: JobHost;
  /** A step's id, or `auto`: the step that the `step` input names, or what the event calls for. */
  readonly asked: string;
  readonly steps: readonly AnyStep[];
  readonly signal: AbortSignal;
  makeContext(signal: AbortSignal): StepContext;
}

/** Inputs of the manifests that no step reads: the host does. */
const OF_THE_HOST = ['step', 'github-token'];

/**
 * Runs the steps that a job of a CI host asks for, one after the other, until one does not pass.
 * @returns the exit code of the last one that ran
 */
export async function runJob({ host, asked, steps, signal, makeContext }: Job): Promise<number> {
  const named = asked === AUTO ? host.input('step')?.find((text) => text !== '') : asked;
  let wanted: readonly string[];
  try {
    const ids = steps.map(({ id }) => id);
    wanted = stepsFor(named ?? AUTO, ids, host.facts.change);
  } catch (error) {
    const end = fail({ id: named ?? AUTO, title: 'Haute deploy' }, host, error);
    await host.finish(end);
    return end.exitCode;
  }
  const known = [...new Set(steps.flatMap((step) => Object.keys(step.inputs))), ...OF_THE_HOST];
  const found = misspeltInputs(host.strayInputs(known), known, (name) => host.spell(name));
  for (const step of steps.filter(({ id }) => wanted.includes(id))) {
    host.log.info(`${step.title}: ${step.summary}`);
    const exitCode = await runStep(step, host, signal, makeContext, found);
    if (exitCode !== EXIT.pass) return exitCode;
  }
  return EXIT.pass;
}
