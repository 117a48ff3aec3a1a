import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  appendEvidence,
  chainHead,
  EVIDENCE_KINDS,
  type Evidence,
  findChainFault,
  latestEvidence,
  type NewEvidence,
} from './evidence.ts';
import { newRelease, type Release, type ReleaseCore } from './release.ts';

const core: ReleaseCore = {
  schema: 'haute.release/1',
  project: 'motor',
  model: 'motor',
  commit: 'c0ffee',
  target: 'local',
  artifact: { kind: 'package', digest: `sha256:${'a'.repeat(64)}` },
  packageDigest: `sha256:${'a'.repeat(64)}`,
  manifestDigest: `sha256:${'b'.repeat(64)}`,
  engine: { name: 'haute', version: '0.6.0' },
};

const entry: fc.Arbitrary<NewEvidence> = fc.record({
  kind: fc.constantFrom(...EVIDENCE_KINDS),
  verdict: fc.constantFrom('pass', 'warn', 'fail', 'inconclusive', 'error'),
  at: fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  run: fc.string(),
  facts: fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.boolean())),
});
const chain = fc
  .array(entry, { minLength: 1, maxLength: 8 })
  .map((entries) => entries.reduce<Release>(appendEvidence, newRelease(core)));

function edit(release: Release, index: number, change: Partial<Evidence>): Release {
  return { ...release, evidence: release.evidence.map((each, at) => (at === index ? { ...each, ...change } : each)) };
}

describe('an evidence chain', () => {
  it('holds as it was appended, and points back to the release', () => {
    fc.assert(
      fc.property(chain, (release) => {
        expect(findChainFault(release)).toBeUndefined();
        expect(release.evidence[0]?.prev).toBe(release.id);
        expect(chainHead(release)).toBe(release.evidence.at(-1)?.hash);
      }),
    );
  });

  it('says which entry was edited, whatever was edited in it', () => {
    const change = fc.constantFrom<Partial<Evidence>>(
      { verdict: 'pass', run: 'elsewhere' },
      { at: '1970-01-01T00:00:00.000Z' },
      { facts: { failed: 0, edited: true } },
      { seq: 99 },
      { prev: `sha256:${'0'.repeat(64)}` },
      { releaseId: `sha256:${'1'.repeat(64)}` },
      { hash: `sha256:${'2'.repeat(64)}` },
    );
    fc.assert(
      fc.property(chain, fc.nat(), change, (release, at, changed) => {
        const index = at % release.evidence.length;
        const before = release.evidence[index];
        const edited = edit(release, index, changed);
        fc.pre(JSON.stringify(edited.evidence[index]) !== JSON.stringify(before));
        expect(findChainFault(edited)?.index).toBe(index);
      }),
    );
  });

  it('notices a missing, a moved and a doubled entry', () => {
    fc.assert(
      fc.property(chain, fc.nat(), (release, at) => {
        fc.pre(release.evidence.length >= 2);
        const index = at % (release.evidence.length - 1);
        const without = release.evidence.toSpliced(index, 1);
        const moved = [...without, release.evidence[index] as Evidence];
        const doubled = release.evidence.toSpliced(index, 0, release.evidence[index] as Evidence);
        for (const evidence of [without, moved, doubled])
          expect(findChainFault({ ...release, evidence })).toBeDefined();
      }),
    );
  });

  it('belongs to one release: it does not hold under another id', () => {
    fc.assert(
      fc.property(chain, (release) => {
        const other = newRelease({ ...core, commit: 'another' });
        expect(findChainFault({ ...other, evidence: release.evidence })?.index).toBe(0);
      }),
    );
  });

  it('finds the newest evidence of a kind', () => {
    const first = { kind: 'smoked', verdict: 'fail', at: '', run: '', facts: {} } as const;
    const release = [first, { ...first, verdict: 'pass' as const }].reduce<Release>(appendEvidence, newRelease(core));
    expect(latestEvidence(release, 'smoked')?.verdict).toBe('pass');
    expect(latestEvidence(release, 'impact')).toBeUndefined();
  });
});
