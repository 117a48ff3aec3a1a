import { join } from 'node:path';
import type { Annotation, RunFacts, StepEnd } from '../../ports/host.ts';
import { AnnotationBudget, describeFinding } from '../annotation-budget.ts';
import type { CiHost, CiHostOptions, StrayInput } from '../ci-host.ts';
import { CiLog } from '../ci-log.ts';
import { fitMarkdown } from '../fit-markdown.ts';
import { repositoryPath } from '../repository-path.ts';
import { loggingCommand, withoutCommands } from './commands.ts';
import { azureFacts } from './facts.ts';
import { camelCase, inputVariable } from './names.ts';

const PREFIX = 'INPUT_';
/** Errors, and as many warnings, of one task; the run's page shows no more. */
const ISSUES_PER_LEVEL = 10;
/** A page that a browser still opens at once. */
const SUMMARY_BYTES = 1024 * 1024;

/** A task of Azure Pipelines. @see https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands */
export class AzureHost implements CiHost {
  readonly id = 'azure';
  readonly facts: RunFacts;
  readonly log: CiLog;
  readonly #options: CiHostOptions;
  readonly #budget = new AnnotationBudget(ISSUES_PER_LEVEL);

  constructor(options: CiHostOptions) {
    const { stdout, redactor, clock, env } = options;
    this.#options = options;
    this.facts = azureFacts(env);
    this.log = new CiLog({
      stdout,
      redact: (text) => redactor.text(text),
      now: () => clock.now(),
      dialect: {
        text: withoutCommands,
        // Formatting commands: colour only, and no entry on the run's page.
        warn: (line) => `##[warning]${withoutCommands(line)}`,
        error: (line) => `##[error]${withoutCommands(line)}`,
        debug: (line) => loggingCommand('task.debug', {}, withoutCommands(line)),
        open: (title) => ({ opening: `##[group]${withoutCommands(title)}`, closing: () => '##[endgroup]' }),
        nests: false,
      },
    });
  }

  input(name: string): readonly string[] | undefined {
    const value = this.#options.env[inputVariable(name)];
    return value === undefined ? undefined : [value.trim()];
  }

  strayInputs(known: readonly string[]): readonly StrayInput[] {
    const expected = new Set(known.map(inputVariable));
    return Object.keys(this.#options.env)
      .filter((name) => name.startsWith(PREFIX) && !expected.has(name))
      .map((name) => name.slice(PREFIX.length).toLowerCase())
      .map((name) => ({ shown: name, name }));
  }

  spell(name: string): string {
    return camelCase(name);
  }

  annotate(annotation: Annotation): void {
    const { level, title, place } = annotation;
    if (level === 'notice' || !this.#budget.admit(annotation)) {
      this.log.info(`${level}: ${describeFinding(annotation)}`);
      return;
    }
    const file = place && repositoryPath(place.file, this.#root, this.input('project')?.[0] ?? '');
    const finding = place && !file ? describeFinding(annotation) : annotation.message;
    const message = this.log.safe(finding).map(withoutCommands).join('\n');
    const position = file && { sourcepath: file, linenumber: place?.line, columnnumber: place?.column };
    const code = this.log.safe(title).join(' ');
    this.log.command(loggingCommand('task.logissue', { type: level, ...position, code }, message));
  }

  mask(secret: string): void {
    if (!this.#options.redactor.add(secret)) this.log.warn('a secret of fewer than 4 characters cannot be hidden');
    for (const form of this.#options.secretForms(secret)) {
      // A form of several lines is hidden line by line, and each line has a form of its own.
      if (!/[\r\n]/.test(form)) this.log.command(loggingCommand('task.setsecret', {}, form));
    }
  }

  async finish(end: StepEnd): Promise<void> {
    const { redactor } = this.#options;
    for (const [name, value] of Object.entries({ ...end.outputs, result: end.result })) {
      const safe = redactor.text(value);
      this.log.command(loggingCommand('task.setvariable', { variable: camelCase(name), isOutput: true }, safe));
      this.log.info(`${camelCase(name)}: ${safe}`);
    }
    await this.#uploadSummary(end);
    const message = `${end.step}: ${end.result}`;
    if (end.exitCode !== 0) this.log.command(loggingCommand('task.complete', { result: 'Failed' }, message));
    else if (end.result === 'warn')
      this.log.command(loggingCommand('task.complete', { result: 'SucceededWithIssues' }, message));
  }

  async #uploadSummary(end: StepEnd): Promise<void> {
    const { env, cwd, files, redactor, randomId } = this.#options;
    const text = redactor.text([end.summary, this.#budget.takeOverflow()].filter((part) => part !== '').join('\n'));
    if (text === '') return;
    // The file's name becomes the heading on the run's page; the agent reads it after this process has ended.
    const path = join(env.AGENT_TEMPDIRECTORY ?? join(cwd, '.haute'), randomId(), `Haute ${end.step}.md`);
    await files.write(path, fitMarkdown(text, SUMMARY_BYTES));
    this.log.command(loggingCommand('task.uploadsummary', {}, path));
  }

  get #root(): string {
    return this.#options.env.BUILD_SOURCESDIRECTORY ?? this.#options.cwd;
  }
}
