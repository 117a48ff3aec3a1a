/**
 * Logging commands: text on standard output that the agent acts on wherever it stands in a line.
 * @see https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands
 */
export function loggingCommand(
  name: string,
  properties: Readonly<Record<string, string | number | boolean | undefined>>,
  data: string,
): string {
  const given = Object.entries(properties).filter(([, value]) => value !== undefined && value !== '');
  const list = given.map(([key, value]) => `${key}=${escapeProperty(String(value))};`).join('');
  return `##vso[${name}${list === '' ? '' : ` ${list}`}]${escapeData(data)}`;
}

/** One line of text in which the agent finds no command and no formatting. The agent itself disarms with `**`. */
export function withoutCommands(line: string): string {
  return line.replace(/##(?=vso|\[)/gi, '**');
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%AZP25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(']', '%5D').replaceAll(';', '%3B');
}
