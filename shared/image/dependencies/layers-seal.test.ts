import { describe, expect, it } from 'vitest';
import { messageOf } from '../../errors.ts';
import { digestOf } from '../../release/digest.ts';
import { LayersSeal, sealOf } from './layers-seal.ts';

const KEY = 'k'.repeat(32);
const config = { digest: digestOf('facts'), size: 7 };
const repository = { registry: 'eu.example.com', repository: 'pricing/motor' };
const [one, other] = ['one', 'other'].map((text) => ({ digest: digestOf(text), size: 1 }));
const sealed = { repository, config, layers: [one, other].flatMap((each) => each ?? []) };

function refusal(key: string): string {
  try {
    sealOf({ HAUTE_LAYERS_KEY: key }, () => undefined);
  } catch (error) {
    return messageOf(error);
  }
  return 'it was taken';
}

describe('the seal of layers', () => {
  const seal = new LayersSeal(KEY);

  it('fits what it was made of, for everybody who has the key', () => {
    expect(new LayersSeal(KEY).fits(seal.of(sealed), sealed)).toBe(true);
  });

  it.each([
    ['other facts', { ...sealed, config: { ...config, digest: digestOf('other facts') } }],
    ['facts of another size', { ...sealed, config: { ...config, size: 8 } }],
    ['another repository', { ...sealed, repository: { ...repository, repository: 'pricing/home' } }],
    ['another registry', { ...sealed, repository: { ...repository, registry: 'us.example.com' } }],
    ['a layer taken for the facts', { ...sealed, config: one ?? config, layers: [config, ...sealed.layers.slice(1)] }],
    ['another order of layers', { ...sealed, layers: sealed.layers.toReversed() }],
    ['fewer layers', { ...sealed, layers: sealed.layers.slice(1) }],
    ['another size', { ...sealed, layers: sealed.layers.map((layer) => ({ ...layer, size: 2 })) }],
  ])('does not fit %s', (_, changed) => {
    expect(seal.fits(seal.of(sealed), changed)).toBe(false);
  });

  it.each([undefined, '', 'x', 'é'.repeat(64), '0'.repeat(64)])('is not %s', (text) => {
    expect(seal.fits(text, sealed)).toBe(false);
  });

  it('is another one with another key', () => {
    expect(new LayersSeal(`${KEY}k`).fits(seal.of(sealed), sealed)).toBe(false);
  });

  it.each([
    {},
    { HAUTE_LAYERS_KEY: '' },
    { HAUTE_LAYERS_KEY: ' \n' },
    { HAUTE_LAYERS_KEY: '$(HAUTE_LAYERS_KEY)' },
    { HAUTE_LAYERS_KEY: '$(layers-key-of-all-pricing-projects)' },
  ])('is not there where CI has no key to give: %o', (env) => {
    expect(sealOf(env, () => expect.unreachable('nothing is secret'))).toBeUndefined();
  });

  it('is hidden with its key, which a line may end', () => {
    const masked: string[] = [];
    expect(sealOf({ HAUTE_LAYERS_KEY: `${KEY}\n` }, (secret) => masked.push(secret))?.of(sealed)).toBe(seal.of(sealed));
    expect(masked).toEqual([KEY]);
  });

  it('needs a key that nobody guesses, and does not say the one that it was given', () => {
    expect(refusal('password')).toMatch(/HAUTE_LAYERS_KEY has 8 characters.*ENV-BAD-VALUE.*openssl rand -hex 32/);
    expect(refusal('password')).not.toContain('password');
  });
});
