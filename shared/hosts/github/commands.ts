/**
 * Workflow commands: lines on standard output that the runner acts on.
 * @see https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
 */
export function workflowCommand(
  name: string,
  properties: Readonly<Record<string, string | number | undefined>>,
  data: string,
): string {
  const given = Object.entries(properties).filter(([, value]) => value !== undefined && value !== '');
  const list = given.map(([key, value]) => `${key}=${escapeProperty(String(value))}`).join(',');
  return `::${name}${list === '' ? '' : ` ${list}`}::${escapeData(data)}`;
}

/**
 * One line of text in which the runner finds no command. It reads `::name::` where a line begins, and the older
 * `##[name]` anywhere.
 */
export function withoutCommands(line: string): string {
  return line.replace(/^(\s*)::/, '$1\\::').replaceAll('##[', '**[');
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
