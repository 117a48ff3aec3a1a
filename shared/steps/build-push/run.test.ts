import { beforeEach, describe, expect, it } from 'vitest';
import { ROOT, StepBench } from '../../../tests/fakes/step-bench.ts';
import { GateFailure, ProviderError } from '../../errors.ts';
import type { ArtifactStore, PushOptions, StoredArtifact } from '../../ports/artifact-store.ts';
import type { Engine, EnginePackage } from '../../ports/engine.ts';
import type { ScanReport } from '../../ports/image-scanner.ts';
import { decodeRelease } from '../../release/codec.ts';
import { digestOf } from '../../release/digest.ts';
import { latestEvidence } from '../../release/evidence.ts';
import type { Release } from '../../release/release.ts';
import type { ScanFinding } from '../../release/scan.ts';
import type { StepContext } from '../context.ts';
import { defineStep } from '../define.ts';
import { definition } from './definition.ts';
import { runBuildPush } from './run.ts';

const PKG: EnginePackage = {
  dir: '/package',
  digest: digestOf('package'),
  manifestDigest: digestOf('manifest'),
  files: [],
  engine: { name: 'haute', version: '0.6.0' },
  requirements: [],
};
const COMMIT = 'c'.repeat(40);
const FILE = `${ROOT}/.haute/release.json`;

let bench: StepBench;
/** What the store was asked, in order. */
let calls: string[];
let pushed: PushOptions | undefined;
let published: Release | undefined;
let refusal: Error | undefined;
let findings: readonly ScanFinding[];
let dirty: string[];
let store: ArtifactStore;

beforeEach(() => {
  bench = new StepBench();
  calls = [];
  [pushed, published, refusal, findings, dirty] = [undefined, undefined, undefined, [], []];
  store = {
    images: { can: true },
    async plan() {
      calls.push('plan');
      return ['stored by its digest'];
    },
    async push(_pkg, options): Promise<StoredArtifact> {
      calls.push('push');
      pushed = options;
      const digest = digestOf('image');
      return {
        artifact: { kind: 'image', name: 'r.example/motor', digest },
        reference: `r.example/motor@${digest}`,
        uploadedBytes: 7,
        reusedBytes: 9,
        facts: { builder: 'oci' },
      };
    },
    async publish(release) {
      calls.push('publish');
      if (refusal) throw refusal;
      published = release;
      return ['r.example/motor:cccccccccccc'];
    },
    verify: async () => undefined,
    open: () => Promise.reject(new Error('not asked')),
  };
});

describe('build-push', () => {
  it('stores, then names, then hands on the release with what is known of it', async () => {
    const { end } = await run();
    expect(calls).toEqual(['plan', 'push', 'publish']);
    expect(end).toMatchObject({
      result: 'pass',
      outputs: { image: `r.example/motor@${digestOf('image')}`, 'uploaded-bytes': '7', 'reused-bytes': '9' },
    });
    expect(pushed?.source).toEqual({
      commit: COMMIT,
      committedAt: '2026-01-01T00:00:00.000Z',
      dirty: false,
      version: '1.4.2',
    });
    const release = decodeRelease(bench.files.text(FILE), 'f');
    expect(release.id).toBe(published?.id);
    expect(latestEvidence(release, 'built')).toMatchObject({ verdict: 'pass', facts: { builder: 'oci' } });
  });

  it('leaves no release when the name is taken: what the next step reads is never of something else', async () => {
    refusal = new GateFailure({ code: 'IMAGE-TAG-TAKEN', what: 'it names another', fix: 'look' });
    const { end } = await run();
    expect(end).toMatchObject({ result: 'fail', exitCode: 1, outputs: {} });
    expect(await bench.files.read(FILE)).toBeUndefined();
  });

  it('names nothing after a commit that the files differ from', async () => {
    dirty = ['rating/main.py'];
    expect((await run()).end).toMatchObject({ exitCode: 2 });
    expect(calls).toEqual([]);
    await run({ 'allow-dirty': 'true' });
    expect(pushed?.source).toMatchObject({ dirty: true, version: undefined });
  });

  it('says in a dry run what it would do, and does none of it', async () => {
    const { end } = await run({ 'dry-run': 'true' });
    expect(calls).toEqual(['plan']);
    expect(end).toMatchObject({ result: 'pass', outputs: { digest: PKG.digest } });
    expect(end?.summary).toContain('stored by its digest');
  });

  describe('with a scan', () => {
    it('goes on without findings, and says that it looked', async () => {
      expect((await run({ scan: 'trivy' })).end?.result).toBe('pass');
      expect(built()).toMatchObject({ facts: { scan: { scanner: 'trivy', version: '1', verdict: 'pass' } } });
    });

    it('gives neither name nor release to an image over the limit, and says why', async () => {
      findings = Array.from({ length: 30 }, (_, index) => finding('critical', index));
      const host = await run({ scan: 'grype' });
      expect(calls).toEqual(['plan', 'push']);
      expect(host.end).toMatchObject({ result: 'fail', exitCode: 1 });
      expect(host.end?.summary).toMatch(/it has no tag, and there is no release of it[\s\S]*30 critical/);
      expect(await bench.files.read(FILE)).toBeUndefined();
      expect(host.annotations.length).toBeLessThan(15);
      expect(host.annotations[0]).toMatchObject({ level: 'error', title: 'SCAN-FINDING' });
    });

    it('warns of what is worth a look, and keeps that in the evidence', async () => {
      findings = [finding('high', 1)];
      const host = await run({ scan: 'trivy' });
      expect(host.end).toMatchObject({ result: 'warn', exitCode: 0 });
      expect(built()).toMatchObject({ verdict: 'warn', facts: { scan: { counts: { high: 1 } } } });
    });

    it('fails when the scanner does: not scanned is not clean', async () => {
      const failing = {
        scan: () => Promise.reject(new ProviderError({ code: 'SCAN-FAILED', what: 'no database', fix: 'fetch it' })),
      };
      const host = await run({ scan: 'trivy' }, { scanner: async () => failing });
      expect(host.end).toMatchObject({ exitCode: 3 });
      expect(calls).toEqual(['plan', 'push']);
    });
  });
});

function built() {
  return latestEvidence(decodeRelease(bench.files.text(FILE), 'f'), 'built');
}

function finding(severity: ScanFinding['severity'], number: number): ScanFinding {
  return { id: `CVE-${number}`, severity, package: 'p', installed: '1', fixed: '2', title: '', url: undefined };
}

function run(inputs: Readonly<Record<string, string>> = {}, change: Partial<StepContext> = {}) {
  const engine = {
    resolve: async () => ({ nodesKept: ['a'], nodesSkipped: [], artifacts: [], engine: PKG.engine }),
    score: async () => [100, 100].map((premium) => ({ ok: true, row: { premium }, ms: 1 })),
    package: async () => PKG,
    accept: async () => undefined,
  } as unknown as Engine;
  const report: ScanReport = { scanner: 'trivy', version: '1', findings };
  const more: Partial<StepContext> = {
    source: {
      state: async () => ({ commit: COMMIT, dirty }),
      facts: async () => ({ committedAt: '2026-01-01T00:00:00.000Z', version: '1.4.2' }),
      authors: async () => [],
    },
    engine: () => engine,
    target: () => ({ target: bench.target, store }),
    scanner: async () => ({ scan: async () => report }),
    ...change,
  };
  return bench.run(
    defineStep(definition, (values, context) => runBuildPush(values, { ...context, ...more })),
    inputs,
  );
}
