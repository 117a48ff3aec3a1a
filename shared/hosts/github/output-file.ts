/**
 * Entries of the file that `GITHUB_OUTPUT` names: `name<<delimiter`, the value, `delimiter`. The delimiter is random,
 * so no value can end its own entry and begin another.
 * @param randomId unguessable text, fresh at every call
 */
export function outputEntries(outputs: Readonly<Record<string, string>>, randomId: () => string): string {
  return Object.entries(outputs)
    .map(([name, value]) => {
      const delimiter = `haute_${randomId()}`;
      return `${name}<<${delimiter}\n${value}\n${delimiter}\n`;
    })
    .join('');
}
