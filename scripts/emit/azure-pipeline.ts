import { camelCase } from '../../shared/hosts/azure/names.ts';
import type { AnyStepData } from '../../shared/steps/define.ts';
import { taskName } from './azure.ts';
import { GENERATED_NOTE, HANDOVER, majorOf, type Suite } from './suite.ts';
import { expression, yamlDocument } from './yaml.ts';

/** Inputs of the template that every task is given as they are. */
const PASSED_ON = ['project', 'policy', 'target', 'python'] as const;

/** Who may do what at the target, where it has a role for each. */
const ROLES = {
  build: 'build and push',
  staging: 'deploy to staging, smoke test and impact report',
  production: 'approve and promote',
} as const;

const HAUTE_FOLDER = `$(Build.SourcesDirectory)/${expression('parameters.project')}/.haute`;
const ARTIFACT = 'haute';

const ON_DEFAULT_BRANCH = `and(succeeded(), ne(variables['Build.Reason'], 'PullRequest'), eq(variables['Build.SourceBranch'], 'refs/heads/${expression('parameters.branch')}'))`;

/** A template to extend: pull requests are validated; the default branch goes to staging and, once approved, on. */
export function azurePipeline(suite: Suite): string {
  const only = (...wanted: readonly string[]): readonly AnyStepData[] =>
    suite.steps.filter(({ id }) => wanted.includes(id));
  const validating = {
    job: 'validate',
    displayName: 'Validate',
    pool: expression('parameters.pool'),
    steps: [...setUp(undefined), ...tasks(only('validate'), suite), ...handOver('validate')],
  };
  const staging = only('build-push', 'deploy-staging', 'smoke-test', 'impact-report');
  const production = stage('production', 'staging', [deployment('production', only('approve-promote'), suite)]);
  return yamlDocument(
    {
      parameters: parameters(),
      stages: [
        { stage: 'validate', displayName: 'Validate', jobs: [validating] },
        stage('staging', 'validate', [deployment('staging', staging, suite)]),
        { [expression('if eq(parameters.promote, true)')]: [production] },
      ],
    },
    GENERATED_NOTE,
  );
}

function parameters(): readonly object[] {
  return [
    { name: 'project', displayName: 'Folder of the Haute project', type: 'string', default: '.' },
    { name: 'policy', displayName: 'Release policy file', type: 'string', default: '' },
    {
      name: 'target',
      displayName: 'Where the release runs; as haute.toml says when empty',
      type: 'string',
      default: '',
    },
    { name: 'python', displayName: 'Python that has Haute installed', type: 'string', default: '' },
    { name: 'branch', displayName: 'Branch that goes to staging', type: 'string', default: 'main' },
    { name: 'staging', displayName: 'Environment to test in', type: 'string', default: 'staging' },
    { name: 'production', displayName: 'Environment to promote to', type: 'string', default: 'production' },
    { name: 'promote', displayName: 'Go on to production once approved', type: 'boolean', default: true },
    { name: 'pool', displayName: 'Agents', type: 'object', default: { vmImage: 'ubuntu-latest' } },
    {
      name: 'credentials',
      displayName: 'Environment variables with credentials of the target, as NAME: $(variable)',
      type: 'object',
      default: {},
    },
    ...Object.entries(ROLES).map(([role, steps]) => ({
      name: `${role}Credentials`,
      displayName: `Environment variables with credentials for ${steps} alone`,
      type: 'object',
      default: {},
    })),
  ];
}

function stage(name: string, dependsOn: string, jobs: readonly object[]): object {
  const displayName = name.charAt(0).toUpperCase() + name.slice(1);
  return { stage: name, displayName, dependsOn, condition: ON_DEFAULT_BRANCH, jobs };
}

/** A deployment job: the checks and approvals of its environment come before it. */
function deployment(name: 'staging' | 'production', steps: readonly AnyStepData[], suite: Suite): object {
  const from = name === 'staging' ? 'validate' : 'staging';
  const deploy = { steps: [...setUp(from), ...tasks(steps, suite), ...handOver(name)] };
  return {
    deployment: name,
    displayName: steps.map(({ title }) => title.replace(/^Haute /, '')).join(', '),
    pool: expression('parameters.pool'),
    environment: expression(`parameters.${name}`),
    strategy: { runOnce: { deploy } },
  };
}

function setUp(from: string | undefined): readonly object[] {
  const input = { artifactName: `${ARTIFACT}-${from}`, targetPath: HAUTE_FOLDER };
  return [
    { checkout: 'self', fetchDepth: 0, persistCredentials: false },
    // Otherwise a deployment job fetches every artifact of the run by itself.
    ...(from ? [{ download: 'none' }] : []),
    ...(from ? [{ task: 'DownloadPipelineArtifact@2', displayName: 'Fetch the release', inputs: input }] : []),
    { task: 'UsePythonVersion@0', displayName: 'Set up Python', inputs: { versionSpec: '3.11' } },
    { script: 'python -m pip install --quiet uv', displayName: 'Set up uv' },
  ];
}

function tasks(steps: readonly AnyStepData[], { version }: Suite): readonly object[] {
  return steps.map((step) => ({
    task: `${taskName(step.id)}@${majorOf(version)}`,
    name: camelCase(step.id),
    displayName: step.title,
    inputs: inputsOf(step),
    ...environmentOf(step),
  }));
}

function inputsOf(step: AnyStepData): object {
  const inputs: Record<string, string> = Object.fromEntries(
    PASSED_ON.map((name) => [name, expression(`parameters.${name}`)]),
  );
  if (step.needs.environment) inputs.environment = expression(`parameters.${step.needs.environment}`);
  if (step.id === 'impact-report') inputs.baseline = expression('parameters.production');
  if (step.id === 'approve-promote') inputs.from = expression('parameters.staging');
  return inputs;
}

function roleOf(step: string): keyof typeof ROLES {
  if (step === 'build-push') return 'build';
  return step === 'approve-promote' ? 'production' : 'staging';
}

/** Secret variables reach a task only where they are named. */
function environmentOf({ id, needs }: AnyStepData): object {
  if (!needs.platform) return {};
  const own = `each own in parameters.${roleOf(id)}Credentials`;
  const credentials = {
    [expression('insert')]: expression('parameters.credentials'),
    // A mapping has one insertion.
    [expression(own)]: { [expression('own.key')]: expression('own.value') },
  };
  return { env: { ...(needs.forge && { SYSTEM_ACCESSTOKEN: '$(System.AccessToken)' }), ...credentials } };
}

/** What the next stage needs: neither the state of the local target nor an engine's environment. */
function handOver(name: string): readonly object[] {
  const folder = `$(Build.ArtifactStagingDirectory)/${ARTIFACT}`;
  const contents = `${HANDOVER.flatMap((part) => (part.includes('.') ? [part] : [`${part}/**`])).join('\n')}\n`;
  return [
    {
      task: 'CopyFiles@2',
      displayName: 'Gather the release',
      inputs: { SourceFolder: HAUTE_FOLDER, Contents: contents, TargetFolder: folder },
    },
    {
      task: 'PublishPipelineArtifact@1',
      displayName: 'Keep the release',
      inputs: { targetPath: folder, artifact: `${ARTIFACT}-${name}` },
    },
  ];
}
