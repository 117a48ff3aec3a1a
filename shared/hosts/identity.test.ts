import { describe, expect, it } from 'vitest';
import { azureIdentity } from './azure/identity.ts';
import { githubIdentity } from './github/identity.ts';
import { gitlabIdentity } from './gitlab/identity.ts';

describe('what a job can prove itself by', () => {
  it('is asked for at the address that GitHub gives a job with the permission', () => {
    const env = { ACTIONS_ID_TOKEN_REQUEST_URL: 'https://token.example/x', ACTIONS_ID_TOKEN_REQUEST_TOKEN: 't0ken' };
    expect(githubIdentity(env)).toEqual({
      kind: 'github',
      requestUrl: 'https://token.example/x',
      requestToken: 't0ken',
    });
  });

  it('says which permission is missing, in which workflow', () => {
    const env = {
      GITHUB_REPOSITORY: 'acme/motor',
      GITHUB_WORKFLOW_REF: 'acme/motor/.github/workflows/pricing.yml@refs/heads/main',
    };
    expect(() => githubIdentity(env)).toThrow(
      /\.github\/workflows\/pricing\.yml.*ID-TOKEN-UNAVAILABLE.*id-token: write/,
    );
  });

  it('is in the variables that a GitLab pipeline names for it, and in no others', () => {
    const env = { HAUTE_ID_TOKEN: 'a', HAUTE_ID_TOKEN_AWS: 'b', HAUTE_ID_TOKEN_EMPTY: '', CI_JOB_TOKEN: 'c' };
    expect(gitlabIdentity(env)).toEqual({ kind: 'gitlab', tokens: { HAUTE_ID_TOKEN: 'a', HAUTE_ID_TOKEN_AWS: 'b' } });
  });

  it('needs the token of the job and a service connection on Azure', () => {
    const env = { SYSTEM_OIDCREQUESTURI: 'https://dev.azure.com/oidc', SYSTEM_ACCESSTOKEN: 't0ken' };
    expect(azureIdentity(env, 'c-1')).toMatchObject({
      kind: 'azure',
      accessToken: 't0ken',
      serviceConnectionId: 'c-1',
    });
    expect(() => azureIdentity(env, undefined)).toThrow(/ID-TOKEN-UNAVAILABLE/);
    expect(() => azureIdentity({}, 'c-1')).toThrow(/ID-TOKEN-UNAVAILABLE/);
  });
});
