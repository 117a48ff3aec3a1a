import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../errors.ts';
import { digestOf } from '../../release/digest.ts';
import { describeImage, describeRepository, describeTag, parseImageName } from './name.ts';

const digest = digestOf('image');

describe('the name of an image', () => {
  it.each([
    ['python', 'docker.io', 'library/python', undefined],
    ['python:3.11.9-slim', 'docker.io', 'library/python', '3.11.9-slim'],
    ['docker.io/python', 'docker.io', 'library/python', undefined],
    ['index.docker.io/acme/pricing', 'docker.io', 'acme/pricing', undefined],
    ['acme/pricing', 'docker.io', 'acme/pricing', undefined],
    ['localhost/pricing', 'localhost', 'pricing', undefined],
    ['localhost:5000/pricing:1', 'localhost:5000', 'pricing', '1'],
    ['127.0.0.1:5000/a/b/c', '127.0.0.1:5000', 'a/b/c', undefined],
    ['[::1]:5000/a:x', '[::1]:5000', 'a', 'x'],
    ['EU.Example.com/team/motor-pricing', 'eu.example.com', 'team/motor-pricing', undefined],
    [
      '123456789012.dkr.ecr.eu-west-1.amazonaws.com/motor',
      '123456789012.dkr.ecr.eu-west-1.amazonaws.com',
      'motor',
      undefined,
    ],
    ['ghcr.io/acme/a__b.c--d_e:v1', 'ghcr.io', 'acme/a__b.c--d_e', 'v1'],
  ])('%s is %s, %s, tag %s', (text, registry, repository, tag) => {
    expect(parseImageName(text)).toEqual({ name: { registry, repository }, tag, digest: undefined });
    expect(parseImageName(`${text}@${digest}`)).toEqual({ name: { registry, repository }, tag, digest });
  });

  it.each([
    ['', 'names no repository'],
    ['eu.example.com/', 'names no repository'],
    ['https://eu.example.com/pricing', 'is an address'],
    ['pricing:', 'has a tag that is none'],
    ['pricing:a b', 'has a tag that is none'],
    [`pricing:${'x'.repeat(129)}`, 'has a tag that is none'],
    ['pricing@sha512:00', 'has no digest of SHA-256'],
    ['pricing@sha256:ABC', 'has no digest of SHA-256'],
    [`pricing@${digest}@${digest}`, 'more than one @'],
    ['a//b', 'no registry takes'],
    ['-a/b', 'no registry takes'],
    ['a___b', 'no registry takes'],
    ['a..b/c', 'is no host'],
    ['eu.example.com:99999/a', 'is no host'],
    ['eu.example.com:/a', 'is no host'],
    ['a.b/c d', 'no registry takes'],
    ['a/../../etc', 'no registry takes'],
    ['f'.repeat(64), 'id of an image'],
    [`a/${'b'.repeat(255)}`, 'over 255 characters'],
  ])('%s is refused', (text, why) => {
    expect(() => parseImageName(text)).toThrow(why);
    expect(() => parseImageName(text)).toThrow(ConfigError);
  });

  it.each(['Acme/pricing', 'Pricing', 'eu.example.com/Team/Motor', 'localhost/X'])(
    '%s is refused for its upper case, with the name to write',
    (text) => {
      expect(() => parseImageName(text)).toThrow(/IMAGE-NAME-UPPER-CASE.*Write "[a-z/]+"/);
    },
  );

  it('is read back from what it is printed as, whatever it is', () => {
    const word = fc.stringMatching(/^[a-z0-9]{1,6}$/);
    const part = fc
      .tuple(word, fc.array(fc.tuple(fc.constantFrom('.', '_', '__', '-', '---'), word), { maxLength: 3 }))
      .map(([first, more]) => first + more.flat().join(''));
    const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,5}[a-z0-9])?$/);
    const host = fc
      .tuple(fc.array(label, { minLength: 2, maxLength: 4 }), fc.option(fc.integer({ min: 1, max: 65_535 })))
      .map(([labels, port]) => labels.join('.') + (port === null ? '' : `:${port}`));
    const tag = fc.stringMatching(/^\w[\w.-]{0,20}$/);
    fc.assert(
      fc.property(host, fc.array(part, { minLength: 1, maxLength: 4 }), tag, (registry, parts, version) => {
        const name = { registry, repository: parts.join('/') };
        expect(parseImageName(describeRepository(name))).toEqual({ name, tag: undefined, digest: undefined });
        expect(parseImageName(describeTag(name, version))).toEqual({ name, tag: version, digest: undefined });
        expect(parseImageName(describeImage(name, digest))).toEqual({ name, tag: undefined, digest });
      }),
    );
  });

  it('is either read to something that is printed as its own, or refused as configuration', () => {
    const text = fc.oneof(fc.string(), fc.stringMatching(/^[a-zA-Z0-9:@/._-]{0,40}$/));
    fc.assert(
      fc.property(text, (given) => {
        try {
          const { name, tag } = parseImageName(given);
          expect(name.repository).not.toMatch(/[^a-z0-9/._-]|\.\.|\/\//);
          const again = tag === undefined ? describeRepository(name) : describeTag(name, tag);
          expect(parseImageName(again)).toMatchObject({ name, tag });
        } catch (error) {
          expect(error).toBeInstanceOf(ConfigError);
        }
      }),
    );
  });
});
