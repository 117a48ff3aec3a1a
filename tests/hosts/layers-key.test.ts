import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { expandTemplate } from '../tools/azure-template.ts';

const root = join(import.meta.dirname, '..', '..');
const KEY = 'HAUTE_LAYERS_KEY';

interface Step {
  readonly uses?: string;
  readonly task?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Steps of any depth that have the key in their environment: who runs, and as what it is given. */
function given(node: unknown): readonly (readonly [string, string])[] {
  if (typeof node !== 'object' || node === null) return [];
  const { uses, task, env } = node as Step;
  const own = env?.[KEY];
  return [
    ...(own === undefined ? [] : [[(uses ?? task ?? 'a job').replace(/^haute\/deploy\/actions\//, ''), own] as const]),
    ...Object.values(node).flatMap(given),
  ];
}

function read(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

it.each(['.github/workflows/pipeline.yml', 'examples/consumers/github-aws-ecs/.github/workflows/pricing.yml'])(
  'the key of layers goes from the secrets of GitHub to the build and to nothing else: %s',
  (path) => {
    expect(given(parse(read(path)))).toEqual([['build-push@v1', `\${{ secrets.${KEY} }}`]]);
  },
);

it('the reusable workflow of GitHub takes the key of layers, and needs none', () => {
  const { on } = parse(read('.github/workflows/pipeline.yml'));
  expect(on.workflow_call.secrets[KEY]).toEqual({ required: false });
  expect(parse(read('examples/consumers/github-reusable/.github/workflows/pricing.yml')).jobs.pricing.secrets).toEqual({
    [KEY]: `\${{ secrets.${KEY} }}`,
  });
});

it('the key of layers goes from a variable of Azure to the build and to nothing else', () => {
  const { extends: called } = parse(read('examples/consumers/azure-aws-ecs/azure-pipelines.yml'));
  const pipeline = expandTemplate(read('azure-tasks/pipeline.yml'), called.parameters);
  expect(given(pipeline)).toEqual([['HauteBuildPush@1', `$(${KEY})`]]);
});
