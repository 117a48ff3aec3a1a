import { describe, expect, it } from 'vitest';
import { identityUrl } from './addresses.ts';

describe('the address of identities', () => {
  it.each([
    ['https://dev.azure.com/acme/', 'https://vssps.dev.azure.com/acme'],
    ['https://dev.azure.com/acme', 'https://vssps.dev.azure.com/acme'],
    ['https://acme.visualstudio.com/', 'https://acme.vssps.visualstudio.com'],
    ['https://tfs.example.com/tfs/DefaultCollection/', 'https://tfs.example.com/tfs/DefaultCollection'],
    ['https://dev.azure.com.example.com/acme', 'https://dev.azure.com.example.com/acme'],
  ])('of %s is %s', (collection, identities) => {
    expect(identityUrl(collection)).toBe(identities);
  });
});
