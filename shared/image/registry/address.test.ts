import { describe, expect, it } from 'vitest';
import { addressOf, nextAddress } from './address.ts';

describe('the address of a registry', () => {
  it.each([
    ['docker.io', 'https://registry-1.docker.io/'],
    ['ghcr.io', 'https://ghcr.io/'],
    ['eu.example.com:5000', 'https://eu.example.com:5000/'],
    ['localhost', 'http://localhost/'],
    ['localhost:5000', 'http://localhost:5000/'],
    ['127.1.2.3:5000', 'http://127.1.2.3:5000/'],
    ['[::1]:5000', 'http://[::1]:5000/'],
    ['127.example.com', 'https://127.example.com/'],
    ['localhost.example.com', 'https://localhost.example.com/'],
    ['lab.example.com:5000', 'http://lab.example.com:5000/'],
    ['lab.example.com', 'https://lab.example.com/'],
  ])('%s is %s', (registry, address) => {
    expect(addressOf(registry, ['lab.example.com:5000']).href).toBe(address);
  });
});

describe('where a registry sends us', () => {
  const insecure = ['lab.example.com:5000'];

  it.each([
    ['https://a.example/x', '/y?z=1', 'https://a.example/y?z=1'],
    ['https://a.example/x', 'https://b.example/y', 'https://b.example/y'],
    ['http://127.0.0.1:5000/x', 'http://127.0.0.1:6000/y', 'http://127.0.0.1:6000/y'],
    ['http://127.0.0.1:5000/x', 'http://lab.example.com:5000/y', 'http://lab.example.com:5000/y'],
    ['http://127.0.0.1:5000/x', 'https://b.example/y', 'https://b.example/y'],
  ])('from %s to %s is followed', (from, location, next) => {
    expect(nextAddress(location, new URL(from), insecure).href).toBe(next);
  });

  it.each([
    ['https://a.example/x', 'http://a.example/x'],
    ['https://a.example/x', 'http://127.0.0.1/x'],
    ['https://a.example/x', 'http://lab.example.com:5000/x'],
    ['http://127.0.0.1/x', 'http://b.example/x'],
    ['https://a.example/x', 'https://user@b.example/x'],
    ['https://a.example/x', 'javascript:x'],
    ['https://a.example/x', 'https://['],
    ['https://a.example/x', undefined],
  ])('from %s to %s is not', (from, location) => {
    expect(() => nextAddress(location, new URL(from), insecure)).toThrow('REGISTRY-REDIRECT');
  });
});
