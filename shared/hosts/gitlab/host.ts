import { join } from 'node:path';
import type { Annotation, RunFacts, StepEnd } from '../../ports/host.ts';
import { describeFinding } from '../annotation-budget.ts';
import type { CiHost, CiHostOptions, StrayInput } from '../ci-host.ts';
import { CiLog } from '../ci-log.ts';
import { fitMarkdown } from '../fit-markdown.ts';
import { repositoryPath } from '../repository-path.ts';
import { dotenvOf } from './dotenv.ts';
import { gitlabFacts } from './facts.ts';
import { INPUT_PREFIX, variableOf } from './names.ts';
import { annotationsReport, codeQualityReport, type Finding, junitReport, REPORT_FOLDER } from './reports.ts';
import { sectionEnd, sectionStart } from './sections.ts';

/** Larger files are not rendered on GitLab's pages. */
const SUMMARY_BYTES = 1024 * 1024;
/** Findings that a report takes; a merge request page becomes unusable long before. */
const FINDINGS = 1000;

/** A job of GitLab CI. Job variables in; a log with sections, a dotenv file and reports out. */
export class GitlabHost implements CiHost {
  readonly id = 'gitlab';
  readonly facts: RunFacts;
  readonly log: CiLog;
  readonly #options: CiHostOptions;
  readonly #startedAt: number;
  readonly #findings: Finding[] = [];

  constructor(options: CiHostOptions) {
    const { stdout, redactor, clock, env } = options;
    this.#options = options;
    this.#startedAt = clock.now();
    this.facts = gitlabFacts(env);
    const seconds = (): number => Math.floor(clock.now() / 1000);
    let sections = 0;
    this.log = new CiLog({
      stdout,
      redact: (text) => redactor.text(text),
      now: () => clock.now(),
      dialect: {
        text: (line) => line,
        warn: (line) => `\u001b[33mwarning:\u001b[0m ${line}`,
        error: (line) => `\u001b[31merror:\u001b[0m ${line}`,
        debug: (line) => (env.CI_DEBUG_TRACE === 'true' ? line : undefined),
        open: (title) => {
          sections += 1;
          const name = `haute_${sections}`;
          return { opening: sectionStart(name, seconds(), title), closing: () => sectionEnd(name, seconds()) };
        },
        nests: true,
      },
    });
  }

  input(name: string): readonly string[] | undefined {
    const value = this.#options.env[variableOf(name)];
    return value === undefined ? undefined : [value.trim()];
  }

  strayInputs(known: readonly string[]): readonly StrayInput[] {
    const expected = new Set(known.map(variableOf));
    return Object.keys(this.#options.env)
      .filter((name) => name.startsWith(INPUT_PREFIX) && !expected.has(name))
      .map((shown) => ({ shown, name: shown.slice(INPUT_PREFIX.length).replaceAll('_', '-').toLowerCase() }));
  }

  spell(name: string): string {
    return `${name} (${variableOf(name)})`;
  }

  annotate(annotation: Annotation): void {
    const { level, place } = annotation;
    const line = describeFinding(annotation);
    if (level === 'error') this.log.error(line);
    else if (level === 'warning') this.log.warn(line);
    else this.log.info(line);
    const path = place && repositoryPath(place.file, this.#root, this.input('project')?.[0] ?? '');
    const message = this.log.safe(annotation.message).join('\n');
    if (this.#findings.length < FINDINGS) this.#findings.push({ ...annotation, message, path });
  }

  /** GitLab's runner masks CI/CD variables alone and takes no commands from a job: what we print, we mask. */
  mask(secret: string): void {
    if (!this.#options.redactor.add(secret)) this.log.warn('a secret of fewer than 4 characters cannot be hidden');
  }

  async finish(end: StepEnd): Promise<void> {
    const { files, redactor, clock } = this.#options;
    const outputs = Object.fromEntries(
      Object.entries({ ...end.outputs, result: end.result }).map(([name, value]) => [name, redactor.text(value)]),
    );
    const dotenv = dotenvOf(end.step, outputs);
    const seconds = (clock.now() - this.#startedAt) / 1000;
    const reports: Readonly<Record<string, string>> = {
      'outputs.env': dotenv.text,
      'outputs.json': `${JSON.stringify(outputs, undefined, 2)}\n`,
      'junit.xml': redactor.text(junitReport(end, this.#findings, seconds)),
      'codequality.json': redactor.text(codeQualityReport(this.#findings)),
      'annotations.json': annotationsReport(this.#links(end, outputs)),
      'summary.md': fitMarkdown(redactor.text(end.summary), SUMMARY_BYTES),
    };
    for (const [name, text] of Object.entries(reports)) {
      await files.write(join(this.#root, REPORT_FOLDER, end.step, name), text);
    }
    for (const [name, value] of Object.entries(outputs)) this.log.info(`${name}: ${value}`);
    if (dotenv.leftOut.length > 0) this.log.debug(`not in the dotenv report: ${dotenv.leftOut.join(', ')}`);
  }

  #links(end: StepEnd, outputs: Readonly<Record<string, string>>): { label: string; url: string }[] {
    const job = this.#options.env.CI_JOB_URL;
    const summary = job && `${job}/artifacts/file/${REPORT_FOLDER}/${end.step}/summary.md`;
    return [
      ...(summary ? [{ label: `Haute ${end.step}: ${end.result}`, url: summary }] : []),
      ...(outputs.url && URL.canParse(outputs.url) ? [{ label: 'Address', url: outputs.url }] : []),
    ];
  }

  get #root(): string {
    return this.#options.env.CI_PROJECT_DIR ?? this.#options.cwd;
  }
}
