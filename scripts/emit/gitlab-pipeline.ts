import { variableOf } from '../../shared/hosts/gitlab/names.ts';
import type { AnyStepData } from '../../shared/steps/define.ts';
import { audienceInput, carry, component, imageInput, jobOf } from './gitlab.ts';
import type { Suite } from './suite.ts';

const ON_MERGE_REQUEST = '$CI_PIPELINE_SOURCE == "merge_request_event"';
const ON_DEFAULT_BRANCH = '$CI_PIPELINE_SOURCE == "push" && $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH';

/** Inputs of the pipeline that every step is given as they are. */
const PASSED_ON = ['project', 'policy', 'target', 'python'] as const;

/** The whole flow: merge requests are validated; the default branch goes to staging and, when somebody says so, on. */
export function gitlabPipeline({ steps, version }: Suite): string {
  const flow = steps.filter(({ id }) => id !== 'rollback');
  const jobs = steps.map((step) => {
    const before = step.id === 'rollback' ? undefined : flow[flow.indexOf(step) - 1];
    return [`$[[ inputs.prefix ]]${step.id}`, pipelineJob(step, before)];
  });
  return component(inputsOf(version), Object.fromEntries(jobs));
}

function inputsOf(version: string): object {
  const text = (description: string, value = ''): object => ({ description, default: value });
  return {
    prefix: text('Put before the name of each job.'),
    stage: text('Stage of the jobs.', 'deploy'),
    image: imageInput(version),
    audience: audienceInput,
    project: text('Folder of the Haute project.', '.'),
    policy: text('Release policy file. Default: haute.release.toml in the project, if there is one.'),
    target: text('Where the release runs. Default: as haute.toml says.'),
    python: text('Python that has Haute installed. Default: found or made.'),
    staging: text('Environment to test in.', 'staging'),
    production: text('Environment to promote to; its protection holds the promotion back.', 'production'),
    promote: {
      description: 'Whether the promotion waits for somebody to start it.',
      options: ['manual', 'on_success', 'never'],
      default: 'manual',
    },
  };
}

function pipelineJob(step: AnyStepData, before: AnyStepData | undefined): object {
  const environment = step.needs.environment ? `$[[ inputs.${step.needs.environment} ]]` : '';
  const variables: Record<string, object> = Object.fromEntries(
    PASSED_ON.map((name) => [variableOf(name), carry(`$[[ inputs.${name} ]]`)]),
  );
  if (step.needs.environment) variables[variableOf('environment')] = carry(environment);
  if (step.id === 'impact-report') variables[variableOf('baseline')] = carry('$[[ inputs.production ]]');
  if (step.id === 'approve-promote') variables[variableOf('from')] = carry('$[[ inputs.staging ]]');
  return {
    ...jobOf(step, '$[[ inputs.project ]]', environment),
    needs: before ? [{ job: `$[[ inputs.prefix ]]${before.id}`, artifacts: true }] : [],
    rules: rulesOf(step),
    variables,
  };
}

function rulesOf({ id }: AnyStepData): readonly object[] {
  if (id === 'validate') return [{ if: ON_MERGE_REQUEST }, { if: ON_DEFAULT_BRANCH }];
  if (id === 'approve-promote') return [{ if: ON_DEFAULT_BRANCH, when: '$[[ inputs.promote ]]' }];
  if (id === 'rollback') return [{ if: ON_DEFAULT_BRANCH, when: 'manual', allow_failure: true }];
  return [{ if: ON_DEFAULT_BRANCH }];
}
