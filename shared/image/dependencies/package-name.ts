/** A package's name as the package index writes it: lower case, with `-`. */
export function normalName(name: string): string {
  return name.toLowerCase().replaceAll(/[-_.]+/g, '-');
}

/** The name in `name==version`. */
export function nameOf(requirement: string): string {
  return normalName(requirement.split('==')[0] ?? '');
}

/** The requirement that an installed package is of: installed is what is required, and nothing else. */
export function requirementOf(name: string, requirements: readonly string[]): string {
  const found = requirements.find((line) => nameOf(line) === name);
  if (found === undefined) throw new Error(`${JSON.stringify(name)} was installed for none of the requirements`);
  return found;
}

/** Whether packages of these names are those of the requirements, each once. */
export function areOf(names: readonly string[], requirements: readonly string[]): boolean {
  return [...names].sort().join('\n') === requirements.map(nameOf).sort().join('\n');
}
