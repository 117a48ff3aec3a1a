/** `staging-url` as Azure allows it: letters and digits only, so `stagingUrl`. */
export function camelCase(name: string): string {
  return name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}

/** The variable in which the agent hands an input to a task: upper case, `.` and space as `_`. */
export function inputVariable(name: string): string {
  return `INPUT_${camelCase(name).replace(/[. ]/g, '_').toUpperCase()}`;
}
