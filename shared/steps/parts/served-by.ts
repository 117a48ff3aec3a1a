import type { EnvironmentState } from '../../release/deployment.ts';

/** What serves an environment, for summaries. */
export function servedBy({ current, foreign }: Pick<EnvironmentState, 'current' | 'foreign'>): string {
  if (current) return `\`${current.id}\``;
  return foreign === undefined ? 'nothing' : `\`${foreign}\`, which is no release`;
}
