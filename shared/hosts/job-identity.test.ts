import { describe, expect, it } from 'vitest';
import { jobIdentity } from './job-identity.ts';

const GITHUB = { ACTIONS_ID_TOKEN_REQUEST_URL: 'https://token.example/x', ACTIONS_ID_TOKEN_REQUEST_TOKEN: 't0ken' };
const AZURE = {
  SYSTEM_OIDCREQUESTURI: 'https://dev.azure.com/oidc',
  SYSTEM_ACCESSTOKEN: 't0ken',
  AZURESUBSCRIPTION_SERVICE_CONNECTION_ID: 'c-1',
};
const EVERY = { ...GITHUB, ...AZURE, HAUTE_ID_TOKEN: 'a' };

describe('the identity of a job', () => {
  it.each([
    ['github', { kind: 'github', requestUrl: 'https://token.example/x', requestToken: 't0ken' }],
    ['gitlab', { kind: 'gitlab', tokens: { HAUTE_ID_TOKEN: 'a' } }],
    ['azure', { kind: 'azure', serviceConnectionId: 'c-1', accessToken: 't0ken' }],
  ])('is what %s gives it, and nobody else', (host, identity) => {
    expect(jobIdentity(host, EVERY)).toMatchObject(identity);
  });

  it.each([
    ['terminal', EVERY],
    ['github', { ...AZURE, HAUTE_ID_TOKEN: 'a' }],
    ['gitlab', { ...GITHUB, ...AZURE }],
    ['azure', { ...GITHUB, ...AZURE, AZURESUBSCRIPTION_SERVICE_CONNECTION_ID: undefined }],
  ])('is none on %s without what it takes', (host, env) => {
    expect(jobIdentity(host, env)).toBeUndefined();
  });
});
