import { variableName } from '../../shared/hosts/gitlab/dotenv.ts';
import { variableOf } from '../../shared/hosts/gitlab/names.ts';
import { REPORT_FOLDER } from '../../shared/hosts/gitlab/reports.ts';
import type { AnyStepData, InputSpec } from '../../shared/steps/define.ts';
import { gitlabPipeline } from './gitlab-pipeline.ts';
import { gitlabReadme } from './gitlab-readme.ts';
import { GENERATED_NOTE, type GeneratedFile, HANDOVER, HOMES, helpOf, hostInputs, type Suite } from './suite.ts';
import { block, yamlDocument } from './yaml.ts';

/** A component project: what `include: component:` finds at a tag. */
export function emitGitlab(suite: Suite): readonly GeneratedFile[] {
  return [
    ...suite.steps.map((step) => ({
      path: `gitlab-components/templates/${step.id}.yml`,
      content: stepComponent(step, suite.version),
    })),
    { path: 'gitlab-components/templates/pipeline.yml', content: gitlabPipeline(suite) },
    { path: 'gitlab-components/README.md', content: gitlabReadme(suite) },
    { path: 'gitlab-components/LICENSE.md', content: suite.license },
  ];
}

/** A component's header and its jobs: two documents in one file. */
export function component(inputs: object, jobs: object): string {
  return `${yamlDocument({ spec: { inputs } }, GENERATED_NOTE)}---\n${yamlDocument(jobs)}`;
}

function stepComponent(step: AnyStepData, version: string): string {
  const own = {
    as: { description: 'Name of the job.', default: step.id },
    stage: { description: 'Stage of the job.', default: 'deploy' },
    image: imageInput(version),
    rules: { description: 'When the job runs.', type: 'array', default: [{ when: 'on_success' }] },
    ...(step.needs.platform && { audience: audienceInput }),
  };
  const inputs = Object.fromEntries(componentInputs(step).map(([name, spec]) => [name, inputOf(spec)]));
  const carried = Object.fromEntries(
    componentInputs(step).map(([name]) => [variableOf(name), carry(`$[[ inputs.${name} ]]`)]),
  );
  return component(
    { ...own, ...inputs },
    {
      '$[[ inputs.as ]]': {
        ...jobOf(step, '$[[ inputs.project ]]', '$[[ inputs.environment ]]'),
        rules: '$[[ inputs.rules ]]',
        variables: carried,
      },
    },
  );
}

/** Secrets are never component inputs: those are shown to everyone who may see the pipeline. */
export function componentInputs(step: AnyStepData): readonly (readonly [string, InputSpec])[] {
  return hostInputs(step).filter(([, spec]) => spec.type !== 'headers');
}

export function imageInput(version: string): object {
  return { description: 'Image with haute-ci, Python and uv.', default: `${HOMES.gitlabImage}:${version}` };
}

export const audienceInput = {
  description:
    'Audience of the id token HAUTE_ID_TOKEN, as the target wants it: sts.amazonaws.com, api://AzureADTokenExchange, …',
  default: HOMES.url,
};

/** A job variable that GitLab hands on letter by letter: no `$` in it is taken for another variable. */
export function carry(text: string): object {
  return { value: block(text), expand: false };
}

/** All of a step's job but its rules, needs and variables. */
export function jobOf(step: AnyStepData, project: string, environment: string): object {
  const reports = `${REPORT_FOLDER}/${step.id}`;
  return {
    stage: '$[[ inputs.stage ]]',
    image: { name: '$[[ inputs.image ]]', entrypoint: [''] },
    ...environmentOf(step, environment),
    ...(step.needs.platform && { id_tokens: { HAUTE_ID_TOKEN: { aud: '$[[ inputs.audience ]]' } } }),
    script: [`haute-ci ${step.id} --host gitlab`],
    interruptible: step.id === 'validate',
    artifacts: {
      when: 'always',
      access: 'developer',
      expire_in: '90 days',
      paths: [...HANDOVER.map((name) => `${project}/.haute/${name}`), `${reports}/`],
      reports: {
        dotenv: `${reports}/outputs.env`,
        junit: `${reports}/junit.xml`,
        codequality: `${reports}/codequality.json`,
        annotations: `${reports}/annotations.json`,
      },
    },
  };
}

/** What changes an environment is a deployment to it; what looks at one is not. */
function environmentOf({ id, needs }: AnyStepData, name: string): object {
  if (needs.environment === undefined) return {};
  const changes = id === 'deploy-staging' || id === 'approve-promote' || id === 'rollback';
  if (!changes) return { environment: { name, action: 'verify' } };
  const environment = { environment: { name, url: `$${variableName(id, 'url')}`, action: 'start' } };
  // A rollback waits for nobody: it may have to cancel the promotion that holds the group.
  return id === 'rollback' ? environment : { ...environment, resource_group: `haute-${name}` };
}

function inputOf(spec: InputSpec): object {
  const description = helpOf(spec);
  switch (spec.type) {
    case 'boolean':
      return { description, type: 'boolean', default: spec.default === 'true' };
    case 'integer':
      return spec.default === undefined
        ? { description, regex: '^\\d*$', default: '' }
        : { description, type: 'number', default: Number(spec.default) };
    case 'choice':
      return {
        description,
        options: [...(spec.default ? [] : ['']), ...(spec.options ?? [])],
        default: spec.default ?? '',
      };
    case 'list':
      return { description: `${description} Comma-separated.`, default: spec.default ?? '' };
    default:
      return { description, default: spec.default ?? '' };
  }
}
