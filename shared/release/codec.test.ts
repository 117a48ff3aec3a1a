import { describe, expect, it } from 'vitest';
import { ConfigError, GateFailure } from '../errors.ts';
import { decodeRelease, encodeRelease } from './codec.ts';
import { appendEvidence } from './evidence.ts';
import { newRelease, type Release } from './release.ts';

const digest = `sha256:${'a'.repeat(64)}` as const;
const release: Release = appendEvidence(
  newRelease({
    schema: 'haute.release/1',
    project: 'motor',
    model: 'motor',
    commit: null,
    target: 'local',
    artifact: { kind: 'package', digest },
    packageDigest: digest,
    manifestDigest: digest,
    engine: { name: 'haute', version: '0.6.0' },
  }),
  { kind: 'smoked', verdict: 'fail', at: '2026-01-01T00:00:00.000Z', run: 'terminal', facts: { failed: 3 } },
);
const text = encodeRelease(release);

describe('a release file', () => {
  it('is read as it was written', () => {
    expect(decodeRelease(text, 'release.json')).toEqual(release);
  });

  it.each<[string, string, string | RegExp]>([
    ['empty', '', 'RELEASE-BROKEN'],
    ['not JSON', '{"id":', 'RELEASE-BROKEN'],
    ['another kind of file', '{"name":"x"}', 'RELEASE-BROKEN'],
    ['an id that is no digest', text.replace(release.id, 'latest'), 'RELEASE-BROKEN'],
    ['an unknown key', text.replace('"evidence": [', '"extra": 1, "evidence": ['), 'RELEASE-BROKEN'],
    ['another schema', text.replace('haute.release/1', 'haute.release/9'), 'RELEASE-BROKEN'],
  ])('%s is refused as broken', (_, content, code) => {
    expect(() => decodeRelease(content, 'release.json')).toThrow(ConfigError);
    expect(() => decodeRelease(content, 'release.json')).toThrow(code);
  });

  it.each<[string, string, RegExp]>([
    ['the commit', text.replace('"commit": null', '"commit": "c0ffee"'), /core of the release does not match its id/],
    [
      'a verdict',
      text.replace('"verdict": "fail"', '"verdict": "pass"'),
      /evidence 0 \(smoked\) does not match its hash/,
    ],
    ['a figure', text.replace('"failed": 3', '"failed": 0'), /evidence 0 \(smoked\) does not match its hash/],
  ])('says which part was edited: %s', (_, content, message) => {
    expect(() => decodeRelease(content, 'release.json')).toThrow(GateFailure);
    expect(() => decodeRelease(content, 'release.json')).toThrow(message);
  });

  it('notices any one changed byte, or reads the same release', () => {
    for (let at = 0; at < text.length; at += 1) {
      const changed = `${text.slice(0, at)}${text[at] === '7' ? '8' : '7'}${text.slice(at + 1)}`;
      let read: Release | undefined;
      try {
        read = decodeRelease(changed, 'release.json');
      } catch (error) {
        expect(error instanceof GateFailure || error instanceof ConfigError).toBe(true);
      }
      if (read) expect(read).toEqual(release);
    }
  });
});
