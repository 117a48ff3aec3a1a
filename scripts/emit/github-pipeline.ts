import type { AnyStepData } from '../../shared/steps/define.ts';
import { pinned } from './pins.ts';
import { BUILD_SECRETS, CREDENTIALS, GENERATED_NOTE, HANDOVER, HOMES, majorTag, type Suite } from './suite.ts';
import { expression, yamlDocument } from './yaml.ts';

/** Inputs of the workflow that every step is given as they are. */
const PASSED_ON = ['project', 'policy', 'target', 'python'] as const;

const ON_DEFAULT_BRANCH =
  "github.event_name == 'push' && github.ref == format('refs/heads/{0}', github.event.repository.default_branch)";

/** Minutes; a step ends itself by its own timeout well before. */
const JOB_MINUTES = 120;

/** The whole flow as a workflow that others call: one job a step, so that environments can gate each of them. */
export function githubPipeline({ steps, version }: Suite): string {
  const flow = steps.filter(({ id }) => id !== 'rollback');
  const jobs = flow.map((step, index) => [step.id, job(step, flow[index - 1]?.id, version)]);
  return yamlDocument(
    {
      name: 'Haute pipeline',
      on: {
        workflow_call: {
          inputs: workflowInputs(),
          secrets: Object.fromEntries([...CREDENTIALS, ...BUILD_SECRETS].map((name) => [name, { required: false }])),
        },
      },
      permissions: {},
      jobs: Object.fromEntries(jobs),
    },
    GENERATED_NOTE,
  );
}

function workflowInputs(): object {
  const text = (description: string, value: string): object => ({
    description,
    type: 'string',
    required: false,
    default: value,
  });
  return {
    project: text('Folder of the Haute project.', '.'),
    policy: text('Release policy file. Default: haute.release.toml in the project, if there is one.', ''),
    target: text('Where the release runs. Default: as haute.toml says.', ''),
    python: text('Python that has Haute installed. Default: found or made.', ''),
    'runs-on': text('Label of the runner.', 'ubuntu-latest'),
    staging: text('Environment to test in.', 'staging'),
    production: text('Environment to promote to; its protection rules hold the promotion back.', 'production'),
    promote: {
      description: 'Go on to production once the environment lets it.',
      type: 'boolean',
      required: false,
      default: true,
    },
  };
}

function job(step: AnyStepData, before: string | undefined, version: string): object {
  return {
    name: step.title,
    ...(before && { needs: before }),
    ...(before && { if: step.id === 'approve-promote' ? `inputs.promote && ${ON_DEFAULT_BRANCH}` : ON_DEFAULT_BRANCH }),
    'runs-on': expression('inputs.runs-on'),
    'timeout-minutes': JOB_MINUTES,
    permissions: permissionsOf(step),
    ...environmentOf(step),
    ...concurrencyOf(step),
    steps: jobSteps(step, before !== undefined, version),
  };
}

/** The least that the step needs of the job's token. */
export function permissionsOf({ needs, id }: AnyStepData): Readonly<Record<string, 'read' | 'write'>> {
  return {
    ...(id === 'approve-promote' && { actions: 'read' as const }),
    contents: 'read',
    ...(needs.forge && { deployments: 'write' as const }),
    ...(needs.platform && { 'id-token': 'write' as const }),
    ...(needs.forge && { 'pull-requests': 'write' as const }),
  };
}

function environmentOf({ id, needs }: AnyStepData): object {
  if (needs.environment === undefined) return {};
  const name = expression(`inputs.${needs.environment}`);
  const deploys = id === 'deploy-staging' || id === 'approve-promote';
  // Only what changes an environment is a deployment; the others use its secrets and leave no record.
  return { environment: deploys ? { name, url: expression('steps.run.outputs.url') } : { name, deployment: false } };
}

/** Two runs never change an environment at the same time; the one that is under way is not cut off. */
function concurrencyOf({ id, needs }: AnyStepData): object {
  if (id !== 'deploy-staging' && id !== 'approve-promote') return {};
  const parts = ['github.repository', 'inputs.project', `inputs.${needs.environment}`];
  const group = ['haute', ...parts.map(expression)].join('-');
  return { concurrency: { group, 'cancel-in-progress': false } };
}

function secretsOf({ id }: AnyStepData): readonly string[] {
  return id === 'build-push' ? [...CREDENTIALS, ...BUILD_SECRETS] : CREDENTIALS;
}

function jobSteps(step: AnyStepData, hasBefore: boolean, version: string): readonly object[] {
  const folder = `${expression('inputs.project')}/.haute`;
  const inputs: Record<string, string> = Object.fromEntries(
    PASSED_ON.map((name) => [name, expression(`inputs.${name}`)]),
  );
  if (step.needs.environment) inputs.environment = expression(`inputs.${step.needs.environment}`);
  if (step.id === 'impact-report') inputs.baseline = expression('inputs.production');
  if (step.id === 'approve-promote') inputs.from = expression('inputs.staging');
  return [
    { name: 'Check out', uses: pinned('actions/checkout'), with: { 'fetch-depth': 0, 'persist-credentials': false } },
    ...(step.needs.python ? [{ name: 'Set up uv', uses: pinned('astral-sh/setup-uv') }] : []),
    ...(hasBefore
      ? [
          {
            name: 'Fetch the release',
            uses: pinned('actions/download-artifact'),
            with: { name: 'haute', path: folder },
          },
        ]
      : []),
    {
      name: step.title,
      id: 'run',
      uses: `${HOMES.github}/actions/${step.id}@${majorTag(version)}`,
      with: inputs,
      ...(step.needs.platform && {
        env: Object.fromEntries(secretsOf(step).map((name) => [name, expression(`secrets.${name}`)])),
      }),
    },
    {
      name: 'Keep the release',
      if: expression('!cancelled()'),
      uses: pinned('actions/upload-artifact'),
      with: {
        name: 'haute',
        path: `${HANDOVER.map((name) => `${folder}/${name}`).join('\n')}\n`,
        'include-hidden-files': true,
        'if-no-files-found': 'ignore',
        overwrite: true,
      },
    },
  ];
}
