import { camelCase } from '../../shared/hosts/azure/names.ts';
import type { AnyStepData, InputSpec } from '../../shared/steps/define.ts';
import { azurePipeline } from './azure-pipeline.ts';
import { type GeneratedFile, HOMES, helpOf, hostInputs, majorTag, outputsOf, type Suite, stub } from './suite.ts';

/** Oldest agent that runs Node 20 tasks; newer ones choose Node 24 by themselves. */
const MINIMUM_AGENT = '4.248.0';

/**
 * The tasks, the extension that carries them, and a pipeline template. The extension puts the bundle into the folder of
 * each task, as agents install tasks one by one.
 */
export function emitAzure(suite: Suite): readonly GeneratedFile[] {
  return [
    ...suite.steps.flatMap((step) => [
      { path: `azure-tasks/${step.id}/task.json`, content: json(taskManifest(step, suite.version)) },
      { path: `azure-tasks/${step.id}/main.mjs`, content: stub(suite, 'azure', step.id, './dist/index.js') },
    ]),
    { path: 'azure-tasks/vss-extension.json', content: json(extensionManifest(suite)) },
    { path: 'azure-tasks/pipeline.yml', content: azurePipeline(suite) },
  ];
}

/** `HauteSmokeTest`: how a pipeline names the task. */
export function taskName(step: string): string {
  const name = camelCase(step);
  return `Haute${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}

function taskManifest(step: AnyStepData, version: string): object {
  const [Major, Minor, Patch] = version.split('.').map(Number);
  return {
    id: step.azureTaskId,
    name: taskName(step.id),
    friendlyName: step.title,
    description: step.summary,
    helpUrl: `${HOMES.url}/blob/${majorTag(version)}/docs/reference/${step.id}.md`,
    helpMarkDown: `[Reference](${HOMES.url}/blob/${majorTag(version)}/docs/reference/${step.id}.md)`,
    author: 'Haute',
    category: step.needs.platform ? 'Deploy' : 'Build',
    visibility: ['Build', 'Release'],
    runsOn: ['Agent', 'DeploymentGroup'],
    minimumAgentVersion: MINIMUM_AGENT,
    version: { Major, Minor, Patch },
    instanceNameFormat: step.title,
    showEnvironmentVariables: true,
    inputs: hostInputs(step).map(([name, spec]) => taskInput(name, spec)),
    outputVariables: outputsOf(step).map(([name, description]) => ({ name: camelCase(name), description })),
    execution: { Node20_1: { target: 'main.mjs' }, Node24: { target: 'main.mjs' } },
  };
}

function taskInput(name: string, spec: InputSpec): object {
  const label = name.replaceAll('-', ' ');
  return {
    name: camelCase(name),
    type: inputType(spec),
    label: label.charAt(0).toUpperCase() + label.slice(1),
    defaultValue: spec.default ?? '',
    required: false,
    helpMarkDown: helpOf(spec),
    ...(spec.options && {
      options: Object.fromEntries(spec.options.map((option) => [option, option])),
      // A variable may stand here, and nothing at all.
      properties: { EditableOptions: 'True' },
    }),
  };
}

/** Paths are text: the agent turns an empty `filePath` into the root of the sources. */
function inputType(spec: InputSpec): string {
  if (spec.type === 'boolean') return 'boolean';
  if (spec.type === 'choice') return 'pickList';
  return spec.type === 'list' || spec.type === 'headers' ? 'multiLine' : 'string';
}

function extensionManifest({ steps, version }: Suite): object {
  const targets = ['ms.vss-distributed-task.tasks'];
  return {
    manifestVersion: 1,
    id: HOMES.azureExtension,
    publisher: HOMES.azurePublisher,
    version,
    name: 'Haute deploy',
    description: 'Takes an insurance price change from commit to production and back.',
    public: true,
    categories: ['Azure Pipelines'],
    tags: ['insurance', 'pricing', 'deployment', 'rollback'],
    targets: [{ id: 'Microsoft.VisualStudio.Services' }],
    icons: { default: 'icon.png' },
    content: { details: { path: 'overview.md' }, license: { path: 'LICENSE' } },
    links: { repository: { uri: HOMES.url }, support: { uri: `${HOMES.url}/issues` } },
    repository: { type: 'git', uri: HOMES.url },
    files: [
      { path: 'icon.png', addressable: true },
      ...steps.flatMap(({ id }) => [
        { path: id },
        { path: 'task-icon.png', packagePath: `${id}/icon.png` },
        { path: 'dist', packagePath: `${id}/dist` },
      ]),
    ],
    contributions: steps.map(({ id }) => ({
      id,
      type: 'ms.vss-distributed-task.task',
      targets,
      properties: { name: id },
    })),
  };
}

function json(value: object): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
