import { execFileSync } from 'node:child_process';
import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { definitions } from '../../shared/steps/definitions.ts';
import { expandTemplate, scalarsAsText } from '../tools/azure-template.ts';
import { commitAll, git } from '../tools/git.ts';
import { gitlabWorkspace } from '../tools/gitlab-remotes.ts';
import { type ToolName, toolOrSkip } from '../tools/install.ts';
import { azurePipelinesSchema } from './azure-pipelines-schema.ts';

const root = resolve(import.meta.dirname, '../..');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
const actions = ['action.yml', ...globSync('actions/*/action.yml', { cwd: root })];
const workflows = [
  ...globSync('.github/workflows/*.yml', { cwd: root }),
  ...globSync('examples/consumers/*/.github/workflows/*.yml', { cwd: root }),
];
const components = globSync('gitlab-components/templates/*.yml', { cwd: root });
const pipelines = ['azure-tasks/pipeline.yml', ...globSync('examples/consumers/azure*/*.yml', { cwd: root })];

let scratch = '';
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'haute-validators-'));
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** Runs a tool. @returns what it said when it was not content; empty when it was */
function complaints(program: string, args: readonly string[], cwd = root, env: Record<string, string> = {}): string {
  try {
    execFileSync(program, args, { cwd, env: { ...process.env, ...env }, stdio: 'pipe', timeout: 120_000 });
    return '';
  } catch (error) {
    const { stdout, stderr, message } = error as { stdout?: Buffer; stderr?: Buffer; message: string };
    return `${stdout ?? ''}${stderr ?? ''}` || message;
  }
}

/** A group of tests that needs a tool; skipped by name where it cannot be had, never in CI. */
function withTool(name: ToolName, tests: (tool: string) => void): void {
  const tool = toolOrSkip(name);
  describe.skipIf(tool === undefined)(name, () => tests(tool ?? ''));
}

withTool('actionlint-1.7.12', (actionlint) => {
  it.each(workflows)('%s', (workflow) => {
    expect(complaints(actionlint, ['-no-color', workflow])).toBe('');
  });

  /** The workflow as if our actions were its own, so that their inputs and outputs are checked too. */
  const asOwn = (workflow: string, change: (text: string) => string): string => {
    const folder = mkdtempSync(join(scratch, 'own-'));
    cpSync(join(root, 'action.yml'), join(folder, 'action.yml'));
    cpSync(join(root, 'actions'), join(folder, 'actions'), { recursive: true });
    const file = join(folder, '.github', 'workflows', 'own.yml');
    mkdirSync(dirname(file), { recursive: true });
    const text = readFileSync(join(root, workflow), 'utf8');
    const own = text
      .replaceAll(/haute\/deploy\/(actions\/[\w-]+)@v\d+/g, './$1')
      .replaceAll(/haute\/deploy@v\d+/g, './');
    writeFileSync(file, change(own));
    git(folder, 'init', '--quiet');
    return complaints(actionlint, ['-no-color', file], folder);
  };

  it.each(workflows)('%s, with our actions looked into', (workflow) => {
    expect(asOwn(workflow, (text) => text)).toBe('');
  });

  it('finds an input that no step has, so the checks above can fail', () => {
    const rollback = 'examples/consumers/github/.github/workflows/rollback.yml';
    expect(asOwn(rollback, (text) => text.replace('          reason:', '          raeson:'))).toContain('raeson');
  });
});

withTool('zizmor-1.32.0', (zizmor) => {
  it('finds nothing unsafe in workflows and actions', () => {
    const config = ['--config', '.github/zizmor.yml'];
    expect(complaints(zizmor, ['--offline', '--no-progress', ...config, '.github', ...actions, ...workflows])).toBe('');
  });
});

withTool('workflow-parser-0.3.61', (path) => {
  interface Parsed {
    readonly context: { readonly errors: { getErrors(): readonly { readonly message: string }[] } };
  }
  interface Parser {
    parseAction(file: object, trace: object): Parsed;
    parseWorkflow(file: object, trace: object): Parsed;
  }
  const trace = { info: () => undefined, verbose: () => undefined, error: () => undefined };
  const errorsOf = (parsed: Parsed): readonly string[] =>
    parsed.context.errors.getErrors().map(({ message }) => message);
  const file = (name: string): object => ({ name, content: readFileSync(join(root, name), 'utf8') });

  it.each(actions)('%s', async (action) => {
    const { parseAction } = (await import(path)) as Parser;
    expect(errorsOf(parseAction(file(action), trace))).toEqual([]);
  });

  it.each(workflows)('%s', async (workflow) => {
    const { parseWorkflow } = (await import(path)) as Parser;
    expect(errorsOf(parseWorkflow(file(workflow), trace))).toEqual([]);
  });
});

withTool('check-jsonschema-0.39.0', (check) => {
  it('actions are what GitHub’s schema says', () => {
    expect(complaints(check, ['--builtin-schema', 'vendor.github-actions', ...actions])).toBe('');
  });

  it('workflows are what GitHub’s schema says', () => {
    expect(complaints(check, ['--builtin-schema', 'vendor.github-workflows', ...workflows])).toBe('');
  });

  it.each(components)('the header of %s is what GitLab’s schema says', (component) => {
    const [header = ''] = readFileSync(join(root, component), 'utf8').split('\n---\n');
    const file = join(scratch, 'header.yml');
    writeFileSync(file, header);
    expect(complaints(check, ['--builtin-schema', 'vendor.gitlab-ci', file])).toBe('');
  });

  it('tasks are what Azure’s schema says', () => {
    const tasks = definitions.map(({ id }) => `azure-tasks/${id}/task.json`);
    const schema = ['--schemafile', 'tests/fixtures/azure/task.schema.json'];
    expect(complaints(check, ['--regex-variant', 'nonunicode', ...schema, ...tasks])).toBe('');
  });

  describe('Azure pipelines, with our tasks and their inputs known', () => {
    const sample = (text: string): Record<string, string> => (text.includes('name: reason') ? { reason: 'x' } : {});
    const judge = (text: string): string => {
      const schema = join(scratch, 'azure-pipelines.json');
      writeFileSync(schema, JSON.stringify(azurePipelinesSchema(root, check)));
      const file = join(scratch, 'pipeline.json');
      const expanded = text.includes('extends:') ? parse(text) : expandTemplate(text, sample(text));
      writeFileSync(file, JSON.stringify(scalarsAsText(expanded)));
      return complaints(check, ['--regex-variant', 'nonunicode', '--schemafile', schema, file]);
    };

    it.each(pipelines)('%s', (pipeline) => {
      expect(judge(readFileSync(join(root, pipeline), 'utf8'))).toBe('');
    });

    it('find an input that no task has, so the checks above can fail', () => {
      const rollback = readFileSync(join(root, 'examples/consumers/azure/rollback.yml'), 'utf8');
      expect(judge(rollback.replace('                    reason:', '                    raeson:'))).not.toBe('');
    });
  });
});

withTool('gitlab-ci-local-4.75.1', (gitlab) => {
  const check = toolOrSkip('check-jsonschema-0.39.0');

  const runGitlab = (args: readonly string[], cwd: string, env: Readonly<Record<string, string>>): string =>
    execFileSync(gitlab, args, {
      cwd,
      env: { ...process.env, ...env, PATH: `${dirname(process.execPath)}:${process.env.PATH}` },
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 120_000,
    });

  /** The jobs of a consumer as GitLab would make them: components fetched at their tag, inputs put in. */
  const preview = (consumer: string): string => {
    const workspace = gitlabWorkspace(version);
    try {
      writeFileSync(join(workspace.project, '.gitlab-ci.yml'), consumer);
      commitAll(workspace.project);
      git(workspace.project, 'remote', 'add', 'origin', 'git@gitlab.com:acme/pricing.git');
      return runGitlab(['--preview', '--no-color'], workspace.project, workspace.env);
    } finally {
      workspace.remove();
    }
  };
  const include = (name: string, inputs: object = {}): string =>
    JSON.stringify({ include: [{ component: `$CI_SERVER_FQDN/haute/deploy/${name}@${version}`, inputs }] });
  const judge = (expanded: string): string => {
    const file = join(scratch, 'expanded.yml');
    writeFileSync(file, expanded);
    return complaints(check ?? '', ['--builtin-schema', 'vendor.gitlab-ci', '--data-transform', 'gitlab-ci', file]);
  };

  it('the component project tests itself with its own components', () => {
    const workspace = gitlabWorkspace(version);
    try {
      const listed = runGitlab(['--list', '--no-color'], workspace.components, {});
      expect(listed).toMatch(/^validate\s+test\s/m);
      expect(listed).not.toMatch(/^flow-/m);
    } finally {
      workspace.remove();
    }
  });

  it.each(globSync('examples/consumers/*/.gitlab-ci.yml', { cwd: root }))(
    '%s includes components at their major version, as GitLab’s schema says',
    (example) => {
      expect(judge(preview(readFileSync(join(root, example), 'utf8')))).toBe('');
    },
  );

  it.each(definitions.map(({ id }) => id))('%s is a job as GitLab’s schema says', (step) => {
    expect(judge(preview(include(step)))).toBe('');
  });

  it.each([
    ['a quote', `don't "stop"`],
    ['a comment sign', 'a # b: c'],
    ['another variable', '$CI_JOB_TOKEN'],
    ['a number with zeros', '007'],
  ])('an input with %s reaches its variable letter by letter', (_, reason) => {
    const jobs = parse(preview(include('rollback', { reason }))) as Record<string, { variables: object }>;
    // A preview writes `$` twice where it is not to be expanded.
    expect(jobs.rollback?.variables).toMatchObject({ HAUTE_INPUT_REASON: reason.replace('$', '$$$$') });
  });

  it.each<[string, object]>([
    ['a target that there is not', { target: 'mainframe' }],
    ['a word for a switch', { 'dry-run': 'perhaps' }],
  ])('%s is refused before any job is made', (_, inputs) => {
    expect(() => preview(include('validate', inputs))).toThrow();
  });
});
