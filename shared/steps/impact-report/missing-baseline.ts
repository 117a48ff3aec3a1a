import { shownUrl } from '../../release/deployment.ts';
import { notToBeReplaced } from '../../release/policy.ts';
import { howToTakeOver } from '../parts/take-over.ts';
import type { ImpactRun } from './impact-run.ts';
import type { Inputs } from './run.ts';

/**
 * Why it is wrong that nothing was compared; undefined where it is right. An environment that nothing was ever promoted
 * to has no baseline, unless something else serves there. An address that somebody named, or one that is known to serve
 * a release, has one.
 */
export function missingBaseline(inputs: Inputs, { sides, project }: ImpactRun): string | undefined {
  const { production, asked } = sides;
  const { baseline: name } = inputs;
  // Its callers have premiums that nobody looked at: that is no first deployment, whatever the input says.
  const serves = { name, current: undefined, ...(sides.foreign !== undefined && { foreign: sides.foreign }) };
  const foreign = notToBeReplaced(project.policy, serves);
  if (foreign !== undefined)
    return `${foreign} serves ${name} and is no release: ${howToCompare(inputs)}. ${howToTakeOver(serves)}.`;
  // Nobody can know better than the environment itself that it serves a release.
  if (production !== undefined && asked)
    return `${inputs.baseline} serves a release at ${shownUrl(production.address.url)} and answers quotes with 404: look at its log.`;
  if (asked || inputs['first-deployment']) return undefined;
  const otherwise = 'set first-deployment to true if there is nothing to compare with yet';
  if (production === undefined)
    return `Nothing says what ${project.config.project.name} is to be compared with: name its address as production-url, or ${otherwise}.`;
  return `${shownUrl(production.address.url)} was named as production and answers 404: correct production-url, or ${otherwise}.`;
}

/** What serves and is no release is known by its address alone. */
export function howToCompare({ mode }: Pick<Inputs, 'mode'>): string {
  return `${mode === 'offline' ? 'leave mode: offline out and ' : ''}give production-url its address to compare with it`;
}
