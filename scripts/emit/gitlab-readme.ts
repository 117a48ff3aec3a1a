import { variableOf } from '../../shared/hosts/gitlab/names.ts';
import { componentInputs } from './gitlab.ts';
import { HOMES, helpOf, majorOf, type Suite } from './suite.ts';
import { code, defaultCell, markdownTable } from './tables.ts';

/** The page of the component project in the catalog. */
export function gitlabReadme({ steps, version }: Suite): string {
  const major = majorOf(version);
  const path = `$CI_SERVER_FQDN/${HOMES.gitlab}`;
  return [
    '<!-- Written by `npm run generate` from shared/steps. Do not edit. -->',
    '# haute/deploy',
    '',
    'Takes an insurance price change from commit to production and back. The suite itself, its documentation and its',
    `source are at <${HOMES.url}>.`,
    '',
    '## The whole flow',
    '',
    '```yaml',
    'include:',
    `  - component: ${path}/pipeline@${major}`,
    '```',
    '',
    'Merge requests are validated. The default branch is built, deployed to staging, smoke-tested and compared with',
    'production; `approve-promote` waits for somebody to start it, and `rollback` is there at all times.',
    '',
    '## One step',
    '',
    '```yaml',
    'include:',
    `  - component: ${path}/smoke-test@${major}`,
    '    inputs:',
    '      url: https://staging.example',
    '```',
    '',
    markdownTable(
      ['component', 'what it does'],
      [[code('pipeline'), 'All of them, wired.'], ...steps.map(({ id, summary }) => [code(id), summary])],
    ),
    '',
    '## Secrets and overrides',
    '',
    'Inputs are visible to everyone who may see the pipeline, so no secret is one. Credentials of the target, and the',
    `headers of an address (${code(variableOf('headers'))}), are masked CI/CD variables of the project or group. Any input can`,
    `be overridden the same way: ${code(variableOf('ramp'))} is the input ${code('ramp')}.`,
    '',
    'Comments on merge requests and the reading of approvals need more than a job token may do: put a project access',
    'token with the scope `api` into the masked variable `HAUTE_GITLAB_TOKEN`.',
    '',
    ...steps.flatMap((step) => [
      `## ${step.id}`,
      '',
      markdownTable(
        ['input', 'default', 'what it is'],
        componentInputs(step).map(([name, spec]) => [code(name), defaultCell(spec.default), helpOf(spec)]),
      ),
      '',
    ]),
  ].join('\n');
}
