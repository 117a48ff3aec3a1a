import type { AnyStepData, InputSpec } from '../../shared/steps/define.ts';
import { githubPipeline } from './github-pipeline.ts';
import {
  GENERATED_NOTE,
  type GeneratedFile,
  helpOf,
  hostInputs,
  outputsOf,
  type Suite,
  stub,
  unionOfInputs,
  unionOfOutputs,
} from './suite.ts';
import { expression, yamlDocument } from './yaml.ts';

/** Signs of the action on the marketplace. */
const BRANDING = { icon: 'trending-up', color: 'blue' };

const TOKEN_INPUT = {
  description: 'Token for approvals, deployment records and comments. Needs no more than the permissions of the job.',
  required: false,
  default: expression('github.token'),
};

/** `uses: haute/deploy@v1`, `uses: haute/deploy/actions/<step>@v1`, and the reusable workflow. */
export function emitGithub(suite: Suite): readonly GeneratedFile[] {
  return [
    { path: 'action.yml', content: rootAction(suite) },
    { path: 'actions/main.mjs', content: stub(suite, 'github', 'auto', '../dist/index.js') },
    ...suite.steps.flatMap((step) => [
      { path: `actions/${step.id}/action.yml`, content: stepAction(step) },
      { path: `actions/${step.id}/main.mjs`, content: stub(suite, 'github', step.id, '../../dist/index.js') },
    ]),
    { path: '.github/workflows/pipeline.yml', content: githubPipeline(suite) },
  ];
}

function stepAction(step: AnyStepData): string {
  const inputs = hostInputs(step).map(([name, spec]) => [name, inputOf(helpOf(spec), spec.default)]);
  const outputs = outputsOf(step).map(([name, help]) => [name, { description: help }]);
  return yamlDocument(
    {
      name: step.title,
      description: step.summary,
      author: 'Haute',
      inputs: Object.fromEntries([...inputs, ...(step.needs.forge ? [['github-token', TOKEN_INPUT]] : [])]),
      outputs: Object.fromEntries(outputs),
      runs: { using: 'node24', main: 'main.mjs' },
      branding: BRANDING,
    },
    GENERATED_NOTE,
  );
}

function rootAction({ steps }: Suite): string {
  const inputs = [...unionOfInputs(steps)].map(([name, shared]) => [
    name,
    inputOf(withChoices(shared.help, shared.spec), shared.default),
  ]);
  const outputs = [...unionOfOutputs(steps)].map(([name, help]) => [name, { description: help }]);
  return yamlDocument(
    {
      name: 'Haute deploy',
      description: 'Takes an insurance price change from commit to production and back.',
      author: 'Haute',
      inputs: {
        step: {
          description: `What to run: auto, ${steps.map(({ id }) => id).join(', ')}. auto validates change requests and pushes to branches; on a push to the default branch it also builds, deploys to staging, smoke-tests and reports the impact. Promotion and rollback run only when they are named.`,
          required: false,
          default: 'auto',
        },
        ...Object.fromEntries(inputs),
        'github-token': TOKEN_INPUT,
      },
      outputs: Object.fromEntries(outputs),
      runs: { using: 'node24', main: 'actions/main.mjs' },
      branding: BRANDING,
    },
    GENERATED_NOTE,
  );
}

function withChoices(help: string, spec: InputSpec): string {
  return helpOf({ ...spec, help });
}

function inputOf(description: string, value: string | undefined): object {
  return { description, required: false, ...(value !== undefined && { default: value }) };
}
