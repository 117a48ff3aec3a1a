/** @see https://docs.gitlab.com/ci/yaml/artifacts_reports/#artifactsreportsdotenv */
const DOTENV_BYTES = 5 * 1024;
/** What a self-managed instance takes by default; gitlab.com takes more. */
const DOTENV_VARIABLES = 20;

export interface Dotenv {
  readonly text: string;
  /** Outputs that found no room or have several lines; they are in the outputs file alone. */
  readonly leftOut: readonly string[];
}

/**
 * Outputs as variables for later jobs: `HAUTE_<STEP>_<OUTPUT>=value`, one line each, within GitLab's limits. GitLab
 * refuses the job whose file is over them, so what does not fit is left out and named.
 */
export function dotenvOf(step: string, outputs: Readonly<Record<string, string>>): Dotenv {
  const leftOut: string[] = [];
  let text = '';
  let variables = 0;
  for (const [name, value] of Object.entries(outputs)) {
    const line = `${variableName(step, name)}=${value}\n`;
    const fits = variables < DOTENV_VARIABLES && Buffer.byteLength(text + line) <= DOTENV_BYTES;
    // GitLab strips space around a value, and so does not hand on what has some.
    if (!fits || value === '' || value !== value.trim() || /\p{Cc}/u.test(value)) {
      leftOut.push(name);
      continue;
    }
    text += line;
    variables += 1;
  }
  return { text, leftOut };
}

/** The variable that carries an output to later jobs. */
export function variableName(step: string, output: string): string {
  return `HAUTE_${step}_${output}`.replaceAll('-', '_').toUpperCase();
}
