import { camelCase } from '../../shared/hosts/azure/names.ts';
import { variableOf } from '../../shared/hosts/gitlab/names.ts';
import type { AnyStepData, InputSpec } from '../../shared/steps/define.ts';
import { taskName } from './azure.ts';
import { permissionsOf } from './github-pipeline.ts';
import {
  type GeneratedFile,
  HOMES,
  helpOf,
  isCommon,
  majorOf,
  majorTag,
  outputsOf,
  type Suite,
  unionOfInputs,
} from './suite.ts';
import { code, defaultCell, markdownTable } from './tables.ts';

const NOTE = '<!-- Written by `npm run generate` from shared/steps. Do not edit. -->';

/** A page for each step, and one that shows them side by side. */
export function emitDocs(suite: Suite): readonly GeneratedFile[] {
  return [
    ...suite.steps.map((step) => ({ path: `docs/reference/${step.id}.md`, content: stepPage(step, suite) })),
    { path: 'docs/reference/README.md', content: overviewPage(suite) },
  ];
}

function stepPage(step: AnyStepData, { version }: Suite): string {
  const inputs = Object.entries(step.inputs);
  return page(
    NOTE,
    `# ${step.id}`,
    step.summary,
    needsOf(step),
    fence('yaml', [`# GitHub`, `- uses: ${HOMES.github}/actions/${step.id}@${majorTag(version)}`]),
    fence('yaml', [
      `# GitLab`,
      'include:',
      `  - component: $CI_SERVER_FQDN/${HOMES.gitlab}/${step.id}@${majorOf(version)}`,
    ]),
    fence('yaml', [`# Azure Pipelines`, `- task: ${taskName(step.id)}@${majorOf(version)}`]),
    fence('sh', [`haute-ci ${step.id}`]),
    '## Inputs',
    'All may be left out. Azure writes them in camel case; GitLab carries them in variables, which a variable of the project overrides; on the command line they are flags.',
    inputTable(inputs.filter(([name]) => !isCommon(name))),
    '### Inputs of every step',
    inputTable(inputs.filter(([name]) => isCommon(name))),
    '## Outputs',
    'On Azure in camel case; on GitLab as variables of a dotenv report, with the step in front.',
    markdownTable(
      ['output', 'what it is'],
      outputsOf(step).map(([name, help]) => [code(name), help]),
    ),
    '## Permissions of a GitHub job',
    fence('yaml', [
      'permissions:',
      ...Object.entries(permissionsOf(step)).map(([name, level]) => `  ${name}: ${level}`),
    ]),
    permissionNotes(step),
  );
}

function needsOf({ needs }: AnyStepData): string {
  const parts = [
    needs.python ? 'Python 3.11 or later, or uv' : '',
    needs.platform ? 'credentials of the target' : '',
    needs.environment ? `the environment ${needs.environment}` : '',
  ].filter((part) => part !== '');
  return parts.length === 0 ? '' : `Needs ${parts.join(', ')}.`;
}

function permissionNotes({ needs }: AnyStepData): string {
  const notes = [
    needs.platform ? `${code('id-token')} lets the step log in to the target without a stored secret.` : '',
    needs.forge ? `${code('deployments')} and ${code('pull-requests')} are for its records and comments.` : '',
  ];
  return notes.filter((note) => note !== '').join(' ');
}

function inputTable(inputs: readonly (readonly [string, InputSpec])[]): string {
  const spelling = (name: string, { type, terminalOnly }: InputSpec): readonly string[] =>
    terminalOnly
      ? ['terminal only', '']
      : [
          type === 'headers' ? `masked variable ${code(variableOf(name))}` : code(variableOf(name)),
          code(camelCase(name)),
        ];
  if (inputs.length === 0) return 'None of its own.';
  return markdownTable(
    ['input', 'type', 'default', 'what it is', 'GitLab variable', 'Azure'],
    inputs.map(([name, spec]) => [
      code(name),
      spec.type,
      defaultCell(spec.default),
      helpOf(spec),
      ...spelling(name, spec),
    ]),
  );
}

function overviewPage({ steps }: Suite): string {
  const rows = [...unionOfInputs(steps)].map(([name, shared]) => [
    code(name),
    ...steps.map(({ id }) => (shared.steps.includes(id) ? '✓' : '')),
  ]);
  return page(
    NOTE,
    '# Reference',
    markdownTable(
      ['step', 'what it does'],
      steps.map(({ id, summary }) => [`[${id}](${id}.md)`, summary]),
    ),
    '## Which step has which input',
    markdownTable(['input', ...steps.map(({ id }) => id)], rows),
    '## How inputs are read',
    'The same on every host: booleans are `true` or `false`, numbers are whole, durations are `90s`, `15m` or `2h`, percentages end in `%`. A bad or misspelt input stops the step before anything is done, and all of them are named at once, as the host spells them.',
  );
}

function page(...parts: readonly string[]): string {
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function fence(language: string, lines: readonly string[]): string {
  return [`\`\`\`${language}`, ...lines, '```'].join('\n');
}
