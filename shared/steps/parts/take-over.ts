import type { EnvironmentState } from '../../release/deployment.ts';

/** What a person writes to let what serves an environment, and is no release, be replaced. */
export function howToTakeOver({ name, foreign = '' }: Pick<EnvironmentState, 'name' | 'foreign'>): string {
  return `If it may be replaced, write take_over = ${JSON.stringify(foreign)} under [environments.${name}] in haute.release.toml`;
}
