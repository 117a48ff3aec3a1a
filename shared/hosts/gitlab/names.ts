export const INPUT_PREFIX = 'HAUTE_INPUT_';

/** The job variable that carries an input; a project or group variable of that name overrides the component's. */
export function variableOf(name: string): string {
  return INPUT_PREFIX + name.replaceAll('-', '_').toUpperCase();
}
