/** What the help is written from: a step's own definition. */
interface Documented {
  readonly id: string;
  readonly summary: string;
  readonly inputs: Readonly<
    Record<
      string,
      { readonly type: string; readonly help: string; readonly default?: string; readonly options?: readonly string[] }
    >
  >;
  readonly outputs: Readonly<Record<string, { readonly help: string }>>;
}

const WIDTH = 100;
const COLUMN = 26;

/** The overview: every step in a line. */
export function overview(steps: readonly Documented[], version: string): string {
  return [
    `haute-ci ${version}: takes a price change from commit to production and back.`,
    '',
    'Usage: haute-ci <step> [--project DIR] [--<input> VALUE]… [--json]',
    '',
    'Steps, in the order of the flow:',
    ...steps.flatMap((step) => entry(step.id, step.summary)),
    '',
    'Also:',
    ...entry('local status|logs|stop', 'What runs on this machine; its logs; stop it all.'),
    ...entry('release show|verify', 'Print the release file; check that nobody edited it.'),
    '',
    'haute-ci <step> --help lists the inputs of a step. Exit codes: 0 pass or warn, 1 the product said no, 2 configuration,',
    '3 a provider failed, 70 our defect, 130 interrupted.',
    '',
  ].join('\n');
}

/** One step: its inputs as flags, and its outputs. */
export function stepHelp(step: Documented): string {
  return [
    `Usage: haute-ci ${step.id} [--<input> VALUE]… [--json]`,
    '',
    ...wrap(step.summary, WIDTH),
    '',
    'Inputs:',
    ...Object.entries(step.inputs).flatMap(([name, spec]) => entry(`--${name} ${placeholder(spec)}`, describe(spec))),
    ...entry(
      '--json',
      'Print the outputs as one JSON object on standard output; everything else goes to standard error.',
    ),
    ...entry('--verbose', 'Show more of what is being done.'),
    '',
    'Outputs:',
    ...Object.entries(step.outputs).flatMap(([name, { help }]) => entry(name, help)),
    '',
  ].join('\n');
}

function describe(spec: Documented['inputs'][string]): string {
  const choices = spec.options ? ` One of ${spec.options.join(', ')}.` : '';
  return `${spec.help}${choices}${spec.default ? ` Default: ${spec.default}.` : ''}`;
}

function placeholder(spec: Documented['inputs'][string]): string {
  const words: Readonly<Record<string, string>> = {
    boolean: '[true|false]',
    integer: 'N',
    duration: '90s',
    percentage: '5%',
    url: 'URL',
    path: 'PATH',
    list: 'VALUE…',
    headers: "'Name: value'…",
    choice: 'NAME',
  };
  return words[spec.type] ?? 'TEXT';
}

function entry(name: string, text: string): readonly string[] {
  const lines = wrap(text, WIDTH - COLUMN - 2);
  if (name.length > COLUMN - 2) return [`  ${name}`, ...lines.map((line) => `${' '.repeat(COLUMN + 2)}${line}`)];
  return lines.map((line, index) => `  ${(index === 0 ? name : '').padEnd(COLUMN)}${line}`);
}

function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}
