import type { EnvironmentState } from '../../release/deployment.ts';

/** What a person does to let what serves an environment, and is no release, be replaced. */
export function howToTakeOver({
  name,
  foreign = '',
  current,
}: Pick<EnvironmentState, 'name' | 'foreign' | 'current'>): string {
  if (current)
    return `Find out who put it over ${current.id}, and run rollback, which gives the traffic back to that one`;
  return `If it may be replaced, write take_over = ${JSON.stringify(foreign)} under [environments.${name}] in haute.release.toml`;
}
