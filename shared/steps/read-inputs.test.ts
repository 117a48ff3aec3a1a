import { describe, expect, it } from 'vitest';
import { ConfigError } from '../errors.ts';
import type { InputSpecs } from './define.ts';
import { readInputs } from './read-inputs.ts';

const specs = {
  'dry-run': { type: 'boolean', default: 'false', help: '' },
  sample: { type: 'integer', default: '0', min: 0, help: '' },
  ramp: { type: 'duration', help: '' },
  tolerance: { type: 'percentage', help: '' },
  url: { type: 'url', help: '' },
  target: { type: 'choice', options: ['local', 'container'], help: '' },
  outputs: { type: 'list', help: '' },
  headers: { type: 'headers', help: '' },
} as const satisfies InputSpecs;

function read(given: Record<string, string[]>, masked: string[] = []) {
  return readInputs(specs, {
    input: (name) => given[name],
    spell: (name) => `--${name}`,
    mask: (secret) => masked.push(secret),
  });
}

describe('the inputs of a step', () => {
  it('are typed, with defaults where nothing was given', () => {
    expect(read({ ramp: ['10m'], outputs: ['premium, tax\nfee'], headers: ['X-Team: pricing'] })).toEqual({
      'dry-run': false,
      sample: 0,
      ramp: 600_000,
      tolerance: undefined,
      url: undefined,
      target: undefined,
      outputs: ['premium', 'tax', 'fee'],
      headers: { 'x-team': 'pricing' },
    });
  });

  it('count empty text as left out', () => {
    expect(read({ 'dry-run': [''], ramp: ['  '] })).toMatchObject({ 'dry-run': false, ramp: undefined });
  });

  it('are all reported at once, each as its host spells it', () => {
    const bad = {
      'dry-run': ['yes'],
      sample: ['-1'],
      ramp: ['10'],
      tolerance: ['5'],
      url: ['ftp://x'],
      target: ['moon'],
      headers: ['no colon here'],
    };
    expect(() => read(bad)).toThrow(ConfigError);
    try {
      read(bad);
    } catch (error) {
      const whats = (error as ConfigError).problems.map((problem) => problem.what.split(' ')[0]);
      expect(whats).toEqual(['--dry-run', '--sample', '--ramp', '--tolerance', '--url', '--target', '--headers']);
    }
  });

  it('refuse a value given twice where one is meant', () => {
    expect(() => read({ ramp: ['1m', '2m'] })).toThrow(/--ramp is given more than once/);
  });

  it('refuse credentials in an address without repeating them', () => {
    try {
      read({ url: ['https://me:hunter2@example.com'] });
      expect.unreachable();
    } catch (error) {
      expect((error as Error).message).toMatch(/holds a user name or password/);
      expect((error as Error).message).not.toContain('hunter2');
    }
  });

  it('mask header values before anything else sees them, and the token inside them', () => {
    const masked: string[] = [];
    read({ headers: ['Authorization: Bearer s3cr3t-token'] }, masked);
    expect(masked).toEqual(['Bearer s3cr3t-token', 's3cr3t-token']);
  });

  it('do not repeat the value of a bad header', () => {
    expect(() => read({ headers: ['s3cr3t without a name'] })).toThrow(/not `Name: value`/);
    expect(() => read({ headers: ['s3cr3t without a name'] })).not.toThrow(/s3cr3t/);
  });
});
