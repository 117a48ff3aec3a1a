import type { Annotation, RunFacts, StepEnd } from '../../ports/host.ts';
import { AnnotationBudget, describeFinding } from '../annotation-budget.ts';
import type { CiHost, CiHostOptions, StrayInput } from '../ci-host.ts';
import { CiLog } from '../ci-log.ts';
import { fitMarkdown } from '../fit-markdown.ts';
import { repositoryPath } from '../repository-path.ts';
import { withoutCommands, workflowCommand } from './commands.ts';
import { githubFacts } from './facts.ts';
import { outputEntries } from './output-file.ts';

const PREFIX = 'INPUT_';
/** Of each level, and of one step; more are dropped by the runner. */
const ANNOTATIONS_PER_LEVEL = 10;
/** Characters; the runner cuts longer ones. */
const ANNOTATION_CHARS = 4096;
/** Of one step; the runner refuses a larger summary as a whole. */
const SUMMARY_BYTES = 1024 * 1024;

/** A job of GitHub Actions. @see https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands */
export class GithubHost implements CiHost {
  readonly id = 'github';
  readonly facts: RunFacts;
  readonly log: CiLog;
  readonly #options: CiHostOptions;
  readonly #budget = new AnnotationBudget(ANNOTATIONS_PER_LEVEL);

  /** @param facts see {@link githubFacts} */
  constructor(options: CiHostOptions, facts: RunFacts) {
    const { stdout, redactor, clock } = options;
    this.#options = options;
    this.facts = facts;
    this.log = new CiLog({
      stdout,
      redact: (text) => redactor.text(text),
      now: () => clock.now(),
      dialect: {
        text: withoutCommands,
        warn: (line) => `\u001b[33mwarning:\u001b[0m ${line.replaceAll('##[', '**[')}`,
        error: (line) => `\u001b[31merror:\u001b[0m ${line.replaceAll('##[', '**[')}`,
        debug: (line) => workflowCommand('debug', {}, line),
        open: (title) => ({
          opening: workflowCommand('group', {}, title),
          closing: () => workflowCommand('endgroup', {}, ''),
        }),
        nests: false,
      },
    });
  }

  /** Reads the webhook's payload for the facts. */
  static async open(options: CiHostOptions): Promise<GithubHost> {
    const path = options.env.GITHUB_EVENT_PATH;
    const event = path ? await options.files.read(path) : undefined;
    return new GithubHost(options, githubFacts(options.env, event && new TextDecoder().decode(event)));
  }

  input(name: string): readonly string[] | undefined {
    const value = this.#options.env[variableOf(name)];
    return value === undefined ? undefined : [value.trim()];
  }

  strayInputs(known: readonly string[]): readonly StrayInput[] {
    const expected = new Set(known.map(variableOf));
    return Object.keys(this.#options.env)
      .filter((name) => name.startsWith(PREFIX) && !expected.has(name))
      .map((name) => name.slice(PREFIX.length).toLowerCase())
      .map((name) => ({ shown: name, name }));
  }

  spell(name: string): string {
    return name;
  }

  annotate(annotation: Annotation): void {
    if (!this.#budget.admit(annotation)) {
      this.log.info(`${annotation.level}: ${describeFinding(annotation)}`);
      return;
    }
    const { level, title, place } = annotation;
    const file = place && repositoryPath(place.file, this.#root, this.input('project')?.[0] ?? '');
    const finding = place && !file ? describeFinding(annotation) : annotation.message;
    const message = this.log.safe(finding).join('\n');
    const position = file && { file, line: place?.line, col: place?.column };
    const shown = message.length > ANNOTATION_CHARS ? `${message.slice(0, ANNOTATION_CHARS - 1)}…` : message;
    this.log.command(workflowCommand(level, { title: this.log.safe(title).join(' '), ...position }, shown));
  }

  mask(secret: string): void {
    if (!this.#options.redactor.add(secret)) this.log.warn('a secret of fewer than 4 characters cannot be hidden');
    for (const form of this.#options.secretForms(secret)) {
      // A form of several lines is hidden line by line, and each line has a form of its own.
      if (!/[\r\n]/.test(form)) this.log.command(workflowCommand('add-mask', {}, form));
    }
  }

  async finish(end: StepEnd): Promise<void> {
    const { env, append, randomId, redactor } = this.#options;
    const outputs = { ...end.outputs, result: end.result };
    const safe = Object.fromEntries(Object.entries(outputs).map(([name, value]) => [name, redactor.text(value)]));
    if (env.GITHUB_OUTPUT) await append(env.GITHUB_OUTPUT, outputEntries(safe, randomId));
    await this.#writeSummary(end.summary);
    for (const [name, value] of Object.entries(safe)) this.log.info(`${name}: ${value}`);
  }

  async #writeSummary(markdown: string): Promise<void> {
    const { env, files, append, redactor } = this.#options;
    const path = env.GITHUB_STEP_SUMMARY;
    const text = redactor.text([markdown, this.#budget.takeOverflow()].filter((part) => part !== '').join('\n'));
    if (!path || text === '') return;
    const written = (await files.read(path))?.byteLength ?? 0;
    await append(path, fitMarkdown(`${text}\n`, SUMMARY_BYTES - written));
  }

  get #root(): string {
    return this.#options.env.GITHUB_WORKSPACE ?? this.#options.cwd;
  }
}

/** As the runner names an input's variable: upper case, spaces as `_`, dashes kept. */
function variableOf(name: string): string {
  return PREFIX + name.replaceAll(' ', '_').toUpperCase();
}
