import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { camelCase } from '../shared/hosts/azure/names.ts';
import { variableOf } from '../shared/hosts/gitlab/names.ts';
import { definitions } from '../shared/steps/definitions.ts';
import { hostInputs, outputsOf, unionOfInputs } from './emit/suite.ts';
import { generatedFiles, leftOverFiles } from './generate.ts';

const root = join(import.meta.dirname, '..');
const files = generatedFiles(root);
const contentOf = (path: string): string => {
  const file = files.find((each) => each.path === path);
  if (!file) throw new Error(`${path} is not generated`);
  return file.content;
};

interface Action {
  readonly inputs: Readonly<Record<string, { readonly default?: string }>>;
  readonly outputs: Readonly<Record<string, object>>;
  readonly runs: { readonly using: string; readonly main: string };
}
interface Task {
  readonly id: string;
  readonly inputs: readonly { readonly name: string; readonly defaultValue: string }[];
  readonly outputVariables: readonly { readonly name: string }[];
  readonly execution: Readonly<Record<string, { readonly target: string }>>;
}

describe('generated files', () => {
  it.each(files.map(({ path }) => path))('%s is what the definitions give', (path) => {
    expect(readFileSync(join(root, path), 'utf8')).toBe(contentOf(path));
  });

  it('are generated once each', () => {
    expect(new Set(files.map(({ path }) => path)).size).toBe(files.length);
  });

  it('have nothing beside them that no definition asks for', () => {
    expect(leftOverFiles(root, files)).toEqual([]);
  });

  it('run files that are there', () => {
    const { runs } = parse(contentOf('action.yml')) as Action;
    expect(existsSync(join(root, runs.main))).toBe(true);
    for (const { id } of definitions) {
      const action = parse(contentOf(`actions/${id}/action.yml`)) as Action;
      expect(existsSync(join(root, 'actions', id, action.runs.main))).toBe(true);
    }
  });
});

describe.each(definitions)('the manifests of $id', (step) => {
  const action = parse(contentOf(`actions/${step.id}/action.yml`)) as Action;
  const task = JSON.parse(contentOf(`azure-tasks/${step.id}/task.json`)) as Task;
  const [header, body] = parseAllDocuments(contentOf(`gitlab-components/templates/${step.id}.yml`)).map(
    (document) => document.toJS() as Record<string, unknown>,
  );
  const names = hostInputs(step).map(([name]) => name);

  it('offer the same inputs on GitHub and Azure, with the same defaults', () => {
    const { 'github-token': _, ...github } = action.inputs;
    expect(Object.keys(github)).toEqual(names);
    expect(task.inputs.map(({ name }) => name)).toEqual(names.map(camelCase));
    const defaults = hostInputs(step).map(([, spec]) => spec.default ?? '');
    expect(Object.values(github).map((input) => input.default ?? '')).toEqual(defaults);
    expect(task.inputs.map(({ defaultValue }) => defaultValue)).toEqual(defaults);
  });

  it('carry every input but secrets through variables of a GitLab job, and none through its script', () => {
    const secrets = Object.entries(step.inputs).filter(([, { type }]) => type === 'headers');
    const carried = names.filter((name) => !secrets.some(([secret]) => secret === name));
    const [job] = Object.values(body ?? {}) as { variables: Record<string, object>; script: string[] }[];
    expect(Object.keys(job?.variables ?? {})).toEqual(carried.map(variableOf));
    expect(Object.values(job?.variables ?? {})).toEqual(
      carried.map((name) => ({ value: `$[[ inputs.${name} ]]`, expand: false })),
    );
    expect(job?.script).toEqual([`haute-ci ${step.id} --host gitlab`]);
    const spec = header?.spec as { inputs: Record<string, object> };
    for (const [secret] of secrets) expect(Object.keys(spec.inputs)).not.toContain(secret);
  });

  it('offer nothing that only a terminal knows', () => {
    const terminal = Object.entries(step.inputs).flatMap(([name, { terminalOnly }]) => (terminalOnly ? [name] : []));
    for (const name of terminal) {
      expect(names).not.toContain(name);
      expect(contentOf(`gitlab-components/templates/${step.id}.yml`)).not.toContain(`inputs.${name} `);
    }
  });

  it('promise the same outputs', () => {
    const outputs = outputsOf(step).map(([name]) => name);
    expect(Object.keys(action.outputs)).toEqual(outputs);
    expect(task.outputVariables.map(({ name }) => name)).toEqual(outputs.map(camelCase));
  });

  it('run on every Node that the agents may choose', () => {
    expect(Object.keys(task.execution)).toEqual(['Node20_1', 'Node24']);
    expect(action.runs.using).toBe('node24');
  });
});

describe('the root action', () => {
  const action = parse(contentOf('action.yml')) as Action;

  it('has the inputs of all steps, and the one that names a step', () => {
    const union = [...unionOfInputs(definitions).keys()];
    expect(Object.keys(action.inputs)).toEqual(['step', ...union, 'github-token']);
  });

  it('has no default where steps differ, so that each step takes its own', () => {
    expect(action.inputs.environment?.default).toBeUndefined();
    expect(action.inputs.timeout?.default).toBe('30m');
  });
});

it('no two Azure tasks share an id', () => {
  expect(new Set(definitions.map(({ azureTaskId }) => azureTaskId)).size).toBe(definitions.length);
});
