import type { Project } from '../../../project/project.ts';
import type { Deployment } from '../../../release/deployment.ts';
import type { Evidence } from '../../../release/evidence.ts';
import type { Release } from '../../../release/release.ts';
import type { StepContext } from '../../context.ts';
import { drawPairs } from './draw-pairs.ts';
import { PairedQuotes } from './paired-quotes.ts';

/** Quotes of the approved portfolio to ask both deployments for, enough for every check; says so where there are none. */
export async function openPairs(
  context: StepContext,
  project: Project,
  release: Release,
  impact: Evidence,
  current: Deployment | undefined,
  checks: number,
): Promise<PairedQuotes> {
  const { pairedQuotes } = project.policy.promotion;
  const count = pairedQuotes * checks;
  const drawn =
    count === 0
      ? 'the policy asks for none'
      : await drawPairs(context, project, { releaseId: release.id, impact, current, count });
  if (typeof drawn === 'string' && current && count > 0)
    context.host.log.warn(`candidate and current are not compared quote by quote: ${drawn}`);
  return new PairedQuotes(context, drawn, pairedQuotes);
}
