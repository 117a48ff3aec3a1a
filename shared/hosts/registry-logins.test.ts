import { describe, expect, it } from 'vitest';
import { registryLogins } from './registry-logins.ts';

const from = 'the token of this job';

describe('the logins of a job', () => {
  it.each([
    [undefined, 'ghcr.io'],
    ['https://github.com', 'ghcr.io'],
    ['https://acme.ghe.com', 'containers.acme.ghe.com'],
    ['https://git.acme.example', 'containers.git.acme.example'],
  ])('on GitHub %s are for %s', (server, registry) => {
    const env = { GITHUB_SERVER_URL: server, GITHUB_ACTOR: 'eve', GITHUB_TOKEN: 'ghs_1' };
    expect(registryLogins(env)).toEqual([{ registry, username: 'eve', password: 'ghs_1', from }]);
    expect(registryLogins({ ...env, GITHUB_TOKEN: '' })).toEqual([]);
  });

  it('on GitLab are for its registry and its cache of images', () => {
    const env = {
      CI_REGISTRY: 'registry.gitlab.example:5050',
      CI_REGISTRY_USER: 'gitlab-ci-token',
      CI_REGISTRY_PASSWORD: 'job',
      CI_DEPENDENCY_PROXY_SERVER: 'gitlab.example:443',
      CI_DEPENDENCY_PROXY_USER: 'gitlab-ci-token',
      CI_DEPENDENCY_PROXY_PASSWORD: 'job',
    };
    expect(registryLogins(env)).toEqual([
      { registry: 'registry.gitlab.example:5050', username: 'gitlab-ci-token', password: 'job', from },
      { registry: 'gitlab.example:443', username: 'gitlab-ci-token', password: 'job', from },
    ]);
    expect(registryLogins({ ...env, CI_REGISTRY_PASSWORD: '', CI_DEPENDENCY_PROXY_USER: '' })).toEqual([]);
  });

  it('elsewhere are none', () => {
    expect(registryLogins({ SYSTEM_ACCESSTOKEN: 'azure', PATH: '/bin' })).toEqual([]);
  });
});
