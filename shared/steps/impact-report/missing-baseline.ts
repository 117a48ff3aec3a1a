import type { ImpactRun } from './impact-run.ts';
import type { Inputs } from './run.ts';

/**
 * Why it is wrong that nothing was compared; undefined where it is right. An environment that nothing was ever promoted
 * to has no baseline. An address that somebody named, or one that is known to serve a release, has one.
 */
export function missingBaseline(inputs: Inputs, { sides, project }: ImpactRun): string | undefined {
  if (inputs['first-deployment']) return undefined;
  const otherwise = 'set first-deployment to true if there is nothing to compare with yet';
  if (sides.production === undefined) {
    if (sides.asked) return undefined;
    return `Nothing says what ${project.config.project.name} is to be compared with: name its address as production-url, or ${otherwise}.`;
  }
  const { url } = sides.production.address;
  if (inputs['production-url'] === undefined)
    return `${inputs.baseline} serves a release at ${url} and answers quotes with 404: look at its log.`;
  return `${url} was named as production and answers 404: correct production-url, or ${otherwise}.`;
}
