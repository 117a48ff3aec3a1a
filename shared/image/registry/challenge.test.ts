import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeScopes, parseChallenges, scopesIn } from './challenge.ts';

describe('what a registry asks for', () => {
  it.each<[string, string | readonly string[] | undefined, readonly [string, Record<string, string>][]]>([
    ['nothing', undefined, []],
    ['nothing that is known', '', []],
    ['a password', 'Basic realm="lab"', [['basic', { realm: 'lab' }]]],
    [
      'a token of Docker Hub',
      'Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:acme/motor:pull,push"',
      [
        [
          'bearer',
          {
            realm: 'https://auth.docker.io/token',
            service: 'registry.docker.io',
            scope: 'repository:acme/motor:pull,push',
          },
        ],
      ],
    ],
    [
      'a token or a password, in one header',
      'Bearer realm="https://a/t", scope="x", Basic realm="b, c"',
      [
        ['bearer', { realm: 'https://a/t', scope: 'x' }],
        ['basic', { realm: 'b, c' }],
      ],
    ],
    [
      'the same in two',
      ['Basic realm=b', 'Bearer realm="https://a/t"'],
      [
        ['basic', { realm: 'b' }],
        ['bearer', { realm: 'https://a/t' }],
      ],
    ],
    [
      'schemes without more',
      'Negotiate, NTLM, Basic realm="x"',
      [
        ['negotiate', {}],
        ['ntlm', {}],
        ['basic', { realm: 'x' }],
      ],
    ],
    [
      'a scheme with one value',
      'Negotiate YWJjZA==, Basic realm="x"',
      [
        ['negotiate', {}],
        ['basic', { realm: 'x' }],
      ],
    ],
    ['quotes in quotes', 'Basic realm="a \\"b\\" \\\\ c"', [['basic', { realm: 'a "b" \\ c' }]]],
    ['names in capitals, with spaces', 'BEARER REALM = "r" , Service=s', [['bearer', { realm: 'r', service: 's' }]]],
    ['something twice', 'Bearer realm="first",realm="second"', [['bearer', { realm: 'first' }]]],
    [
      'an address without quotes',
      'Bearer realm=https://a/t?x=1,service=s',
      [['bearer', { realm: 'https://a/t?x=1', service: 's' }]],
    ],
    ['something cut off', 'Bearer realm="https://a/t",service="x', [['bearer', { realm: 'https://a/t' }]]],
  ])('is %s', (_, header, expected) => {
    const found = parseChallenges(header).map(({ scheme, params }) => [scheme, { ...params }]);
    expect(found).toEqual(expected);
  });

  it('is read back from how it is written, whatever the values', () => {
    const token = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/);
    const value = fc.stringMatching(/^[ -~]{0,20}$/);
    const params = fc.dictionary(token, value, { minKeys: 1, maxKeys: 4 });
    const challenge = fc.record({ scheme: token, params });
    fc.assert(
      fc.property(
        fc.array(challenge, { minLength: 1, maxLength: 3 }),
        fc.constantFrom(',', ', ', ' , '),
        (all, comma) => {
          const text = all
            .map(({ scheme, params: each }) => {
              const list = Object.entries(each).map(([name, text]) => `${name}="${text.replaceAll(/["\\]/g, '\\$&')}"`);
              return `${scheme} ${list.join(comma)}`;
            })
            .join(comma);
          const found = parseChallenges(text).map((each) => ({ scheme: each.scheme, params: { ...each.params } }));
          expect(found).toEqual(all.map((each) => ({ scheme: each.scheme, params: { ...each.params } })));
        },
      ),
    );
  });

  it('never fails and always ends, whatever the header', () => {
    const text = fc.oneof(fc.string(), fc.stringMatching(/^[a-c =",\\]{0,40}$/));
    fc.assert(fc.property(text, (header) => Array.isArray(parseChallenges(header))));
  });
});

describe('scopes', () => {
  it.each([
    [['repository:a:push,pull', 'repository:a:pull'], ['repository:a:pull,push']],
    [
      ['repository:b:pull', 'repository:a:pull'],
      ['repository:a:pull', 'repository:b:pull'],
    ],
    [['repository:host:5000/a:pull', ''], ['repository:host:5000/a:pull']],
    [
      ['registry:catalog:*', 'odd'],
      ['odd', 'registry:catalog:*'],
    ],
    [
      ['repository(plugin):a:pull', 'repository:a:push'],
      ['repository(plugin):a:pull', 'repository:a:push'],
    ],
  ])('%j are %j', (given, expected) => {
    expect(mergeScopes(given)).toEqual(expected);
    expect(mergeScopes([...given].reverse())).toEqual(expected);
    expect(mergeScopes(mergeScopes(given))).toEqual(expected);
  });

  it('stand in a challenge with spaces between them', () => {
    expect(scopesIn({ scheme: 'bearer', params: { scope: 'repository:a:pull repository:b:push' } })).toHaveLength(2);
    expect(scopesIn({ scheme: 'bearer', params: {} })).toEqual([]);
  });
});
