import { describe, expect, it } from 'vitest';
import { environmentUrl, readContainerPolicy } from './policy.ts';

describe('[targets.container]', () => {
  it('has its defaults where it says nothing', () => {
    expect(readContainerPolicy()).toEqual({ patienceMs: 600_000, urls: {}, insecure: [] });
  });

  it('is read', () => {
    const urls = { uat: 'https://uat.example.com' };
    const insecure = ['registry.internal:5000', 'plain.internal'];
    const section = { patience: '90s', urls, insecure, source: 'https://x', repository: 'r' };
    expect(readContainerPolicy(section)).toEqual({ patienceMs: 90_000, urls, insecure });
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
    for (const insecure of [true, ['http://registry.internal'], ['Registry.internal'], ['a/b'], 'user@host']) {
      expect(() => readContainerPolicy({ insecure })).toThrow(/insecure has .*not a registry.*CONTAINER-POLICY/);
    }
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
