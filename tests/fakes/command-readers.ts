/** A command as a CI system's log reader takes it from a line. */
export interface ReadCommand {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly data: string;
}

/** Not seen by a comparison by culture, as .NET makes it where nothing else is asked for. */
const IGNORABLE = /(?![\t\r\n])[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;

/**
 * Commands that the GitHub runner finds in standard output: `::name k=v::data` where a line begins, and the older
 * `##[name k=v;]data` anywhere in a line.
 * @see https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs
 */
export function githubCommands(stdout: string): readonly ReadCommand[] {
  return linesOf(stdout).flatMap((line) => {
    const now = /^\s*::([^\s:]+)(?: (.*?))?::(.*)$/s.exec(line);
    if (now) return [command(now[1], now[2], now[3], ',', unescapeGithub)];
    const old = /##\[([^\s\]]+)(?: ([^\]]*))?\](.*)$/s.exec(line);
    return old ? [command(old[1], old[2], old[3], ';', unescapeGithub)] : [];
  });
}

/**
 * Commands that the Azure agent finds: `##vso[area.name k=v;]data` anywhere in a line.
 * @see https://github.com/microsoft/azure-pipelines-agent/blob/master/src/Agent.Sdk/CommandStringConvertor.cs
 */
export function azureCommands(stdout: string): readonly ReadCommand[] {
  return linesOf(stdout).flatMap((line) => {
    const found = /##vso\[([^\s\]]+)(?: ([^\]]*))?\](.*)$/is.exec(line);
    return found ? [command(found[1], found[2], found[3], ';', unescapeAzure)] : [];
  });
}

/** Sections that GitLab's log page opens and closes, by name. */
export function gitlabSections(stdout: string): readonly string[] {
  const marks = stdout
    .split('\r\u001b[0K')
    .map((before) => /section_(start|end):\d+:([\w.-]+)(?:\[[^\]]*\])?$/.exec(before));
  return marks.flatMap((mark) => (mark ? [`${mark[1]} ${mark[2]}`] : []));
}

function linesOf(stdout: string): readonly string[] {
  return stdout.split(/\r\n|\n|\r/).map((line) => line.replace(IGNORABLE, ''));
}

function command(name = '', list = '', data = '', separator: string, decode: (text: string) => string): ReadCommand {
  const pairs = list.split(separator).filter((pair) => pair.includes('='));
  const properties = pairs.map((pair) => {
    const at = pair.indexOf('=');
    return [pair.slice(0, at).trim(), decode(pair.slice(at + 1))];
  });
  return { name, properties: Object.fromEntries(properties), data: decode(data) };
}

function unescapeGithub(text: string): string {
  const signs = { '%0D': '\r', '%0A': '\n', '%3A': ':', '%2C': ',', '%5D': ']', '%3B': ';', '%25': '%' } as const;
  return Object.entries(signs).reduce((out, [code, sign]) => out.replaceAll(code, sign), text);
}

function unescapeAzure(text: string): string {
  const signs = { '%3B': ';', '%0D': '\r', '%0A': '\n', '%5D': ']', '%AZP25': '%' } as const;
  return Object.entries(signs).reduce((out, [code, sign]) => out.replaceAll(code, sign), text);
}

/** Outputs in a file that `GITHUB_OUTPUT` names, as the runner reads it: the last of a name holds. */
export function githubOutputs(text: string): Readonly<Record<string, string>> {
  const outputs: Record<string, string> = {};
  const lines = text.split('\n');
  for (let at = 0; at < lines.length; at += 1) {
    const [name, delimiter] = lines[at]?.split('<<') ?? [];
    if (!name || delimiter === undefined) continue;
    const end = lines.indexOf(delimiter, at + 1);
    if (end === -1) throw new Error(`no end of output ${name}`);
    outputs[name] = lines.slice(at + 1, end).join('\n');
    at = end;
  }
  return outputs;
}
