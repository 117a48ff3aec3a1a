import { describe, expect, it } from 'vitest';
import { azureAccess } from './azure/forge-access.ts';
import { githubAccess } from './github/forge-access.ts';
import { gitlabAccess } from './gitlab/forge-access.ts';
import { withoutJobTokens } from './without-job-tokens.ts';

describe('the way to the API', () => {
  it('of a GitHub job is its token, its run, and the file where a permission is added', () => {
    const env = {
      GITHUB_API_URL: 'https://ghe.example/api/v3',
      GITHUB_SERVER_URL: 'https://ghe.example',
      GITHUB_REPOSITORY: 'acme/pricing',
      GITHUB_RUN_ID: '7',
      GITHUB_WORKFLOW_REF: 'acme/pricing/.github/workflows/release.yml@refs/heads/a@b',
      'INPUT_GITHUB-TOKEN': 'ghs_input',
      GITHUB_TOKEN: 'ghs_env',
    };
    expect(githubAccess(env)).toEqual({
      kind: 'github',
      apiUrl: 'https://ghe.example/api/v3',
      repository: 'acme/pricing',
      token: 'ghs_input',
      run: { id: '7', url: 'https://ghe.example/acme/pricing/actions/runs/7' },
      workflowFile: '.github/workflows/release.yml',
    });
    expect(githubAccess({ ...env, 'INPUT_GITHUB-TOKEN': '' }).token).toBe('ghs_env');
  });

  it('of a GitLab job is its own token and the one that was given', () => {
    const env = {
      CI_API_V4_URL: 'https://gitlab.example/api/v4',
      CI_PROJECT_ID: '5',
      CI_PROJECT_URL: 'https://gitlab.example/acme/pricing',
      CI_JOB_TOKEN: 'job',
      HAUTE_GITLAB_TOKEN: 'project',
      CI_JOB_ID: '8',
      CI_PIPELINE_ID: '9',
      CI_PIPELINE_CREATED_AT: '2026-11-21T09:00:00Z',
      CI_ENVIRONMENT_NAME: 'production',
      CI_COMMIT_REF_NAME: 'main',
      CI_PIPELINE_SOURCE: 'push',
      GITLAB_USER_LOGIN: 'eve',
    };
    expect(gitlabAccess(env)).toMatchObject({
      apiUrl: 'https://gitlab.example/api/v4',
      project: '5',
      jobToken: 'job',
      token: 'project',
      job: { id: '8', pipelineId: '9', environment: 'production', ref: 'main', isTag: false, pusher: 'eve' },
    });
    expect(gitlabAccess({}).job).toBeUndefined();
    expect(gitlabAccess({ ...env, CI_JOB_MANUAL: 'true' }).job?.pusher).toBeUndefined();
    expect(gitlabAccess({ ...env, CI_PIPELINE_SOURCE: 'schedule' }).job?.pusher).toBeUndefined();
  });

  it.each<[string, Record<string, string>, string]>([
    ['mapped by the pipeline', { SYSTEM_ACCESSTOKEN: 'mapped' }, 'mapped'],
    ['of the agent', { ENDPOINT_AUTH_PARAMETER_SYSTEMVSSCONNECTION_ACCESSTOKEN: 'agent' }, 'agent'],
    [
      'of the agent, as JSON',
      { ENDPOINT_AUTH_SYSTEMVSSCONNECTION: '{"scheme":"OAuth","parameters":{"AccessToken":"json"}}' },
      'json',
    ],
    ['that is not there', {}, ''],
    ['that cannot be read', { ENDPOINT_AUTH_SYSTEMVSSCONNECTION: '{' }, ''],
  ])('of an Azure task is the token %s', (_, env, token) => {
    expect(azureAccess(env).token).toBe(token);
  });

  it('of an Azure task names the repository only where its pull requests are', () => {
    const env = { SYSTEM_COLLECTIONURI: 'https://dev.azure.com/acme/', BUILD_REPOSITORY_ID: 'r-1', BUILD_BUILDID: '4' };
    expect(azureAccess({ ...env, BUILD_REPOSITORY_PROVIDER: 'TfsGit' })).toMatchObject({
      collectionUrl: 'https://dev.azure.com/acme',
      repositoryId: 'r-1',
      run: { id: '4', stage: undefined },
    });
    expect(azureAccess({ ...env, BUILD_REPOSITORY_PROVIDER: 'GitHub' }).repositoryId).toBeUndefined();
  });
});

describe('what a job starts', () => {
  it('gets neither its tokens nor its inputs, and keeps the rest', () => {
    const kept = { PATH: '/bin', DATABRICKS_TOKEN: 'd', AWS_SECRET_ACCESS_KEY: 'a', GITHUB_SHA: 'c0ffee', CI: 'true' };
    const withheld = [
      'INPUT_GITHUB-TOKEN',
      'HAUTE_INPUT_HEADERS',
      'HAUTE_LAYERS_KEY',
      'GITHUB_TOKEN',
      'GITHUB_OUTPUT',
      'ACTIONS_ID_TOKEN_REQUEST_TOKEN',
      'ACTIONS_RUNTIME_TOKEN',
      'CI_JOB_TOKEN',
      'CI_REPOSITORY_URL',
      'HAUTE_GITLAB_TOKEN',
      'HAUTE_ID_TOKEN',
      'SYSTEM_ACCESSTOKEN',
      'ENDPOINT_AUTH_PARAMETER_SYSTEMVSSCONNECTION_ACCESSTOKEN',
    ];
    const env = { ...kept, ...Object.fromEntries(withheld.map((name) => [name, 'secret'])) };
    expect(withoutJobTokens(env)).toEqual(kept);
  });
});
