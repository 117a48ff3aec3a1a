import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../errors.ts';
import { readLocalPolicy } from './policy.ts';

describe('[targets.local]', () => {
  it.each([
    ['nothing', undefined, { ports: {}, deploymentsPort: undefined }],
    ['an empty table', {}, { ports: {}, deploymentsPort: undefined }],
    [
      'ports and the deployments’ port',
      { ports: { production: 8080, staging: 8081 }, deployments_port: 8090 },
      { ports: { production: 8080, staging: 8081 }, deploymentsPort: 8090 },
    ],
  ])('reads %s', (_what, section, expected) => {
    expect(readLocalPolicy(section)).toEqual(expected);
  });

  it.each([
    ['a key that is not there', { prots: {} }, ['prots is not a key']],
    ['ports that are no table', { ports: 8080 }, ['ports is 8080, not a table']],
    ['a port in quotes', { ports: { production: '8080' } }, ['ports.production is "8080", not a port']],
    [
      'a port that cannot be',
      { ports: { a: 0, b: 65536, c: 80.5 } },
      ['ports.a is 0', 'ports.b is 65536', 'ports.c is 80.5'],
    ],
    ['a deployments’ port that is none', { deployments_port: -1 }, ['deployments_port is -1']],
    ['one port for two', { ports: { a: 8080, b: 8080 } }, ['a and b have the same port 8080']],
    [
      'one port for an environment and the deployments',
      { ports: { a: 8080 }, deployments_port: 8080 },
      ['a and deployments_port have the same port'],
    ],
    [
      'everything at once',
      { ports: { a: 'x' }, more: 1, deployments_port: 'y' },
      ['more', 'ports.a', 'deployments_port'],
    ],
  ])('refuses %s, naming all that is wrong', (_what, section, parts) => {
    let thrown: unknown;
    try {
      readLocalPolicy(section);
    } catch (error) {
      thrown = error;
    }
    if (!(thrown instanceof ConfigError)) throw new Error('it was accepted');
    expect(thrown.problems.map(({ code }) => code)).toEqual(parts.map(() => 'LOCAL-POLICY'));
    for (const [index, part] of parts.entries()) expect(thrown.problems[index]?.what).toContain(part);
  });
});
