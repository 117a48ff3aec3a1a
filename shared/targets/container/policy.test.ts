import { describe, expect, it } from 'vitest';
import { environmentUrl, readContainerPolicy } from './policy.ts';

describe('[targets.container]', () => {
  it('has its defaults where it says nothing', () => {
    expect(readContainerPolicy()).toEqual({ patienceMs: 600_000, urls: {} });
  });

  it('is read', () => {
    const section = { patience: '90s', urls: { uat: 'https://uat.example.com' }, source: 'https://x', repository: 'r' };
    expect(readContainerPolicy(section)).toEqual({ patienceMs: 90_000, urls: { uat: 'https://uat.example.com' } });
  });

  it('is refused with everything that is wrong in it', () => {
    const section = {
      patience: 90,
      urls: { a: 'ftp://x', b: 'https://user:secret@x', c: 3 },
      source: '',
      repository: 4,
      ports: {},
    };
    expect(() => readContainerPolicy(section)).toThrow(
      /ports is not a key[\s\S]*source[\s\S]*repository[\s\S]*patience[\s\S]*urls\.a[\s\S]*urls\.b[\s\S]*urls\.c/,
    );
    expect(() => readContainerPolicy({ urls: 'https://x' })).toThrow(/not a table/);
  });

  it.each([
    ['staging', 'http://staging'],
    ['production', 'http://by-policy'],
    ['uat', 'http://uat'],
    ['constructor', undefined],
    ['elsewhere', undefined],
  ])('says where %s answers: %s', (environment, url) => {
    const urls = { staging: 'http://not-this', production: 'http://by-policy', uat: 'http://uat' };
    const ci = { stagingUrl: 'http://staging', productionUrl: undefined };
    expect(environmentUrl({ urls }, ci, environment)).toBe(url);
  });
});
