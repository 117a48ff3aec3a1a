import type { EnvironmentState } from '../../release/deployment.ts';

/** What serves an environment, for summaries. */
export function servedBy({ current, foreign }: Pick<EnvironmentState, 'current' | 'foreign'>): string {
  if (foreign !== undefined) return `\`${foreign}\`, which is no release`;
  return current ? `\`${current.id}\`` : 'nothing';
}
