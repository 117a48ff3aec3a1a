import { beforeEach, describe, expect, it } from 'vitest';
import { ROOT, StepBench } from '../../../tests/fakes/step-bench.ts';
import { ConfigError, ProviderError } from '../../errors.ts';
import type { WantedPackage } from '../../ports/artifact-store.ts';
import type { EnginePackage, LoadedApplication } from '../../ports/engine.ts';
import type { Annotation } from '../../ports/host.ts';
import type { QuoteEndpoint } from '../../ports/quote-endpoint.ts';
import type { Project } from '../../project/project.ts';
import { encodeRelease } from '../../release/codec.ts';
import { digestOf } from '../../release/digest.ts';
import { newRelease, type Release } from '../../release/release.ts';
import type { StepContext } from '../context.ts';
import type { ComparedSides } from './find-sides.ts';
import { offlineSides, openSides } from './offline-sides.ts';
import type { Inputs } from './run.ts';

let bench: StepBench;
let open: string[];
let asked: WantedPackage[];
let warned: string[];
let before: Release;
let release: Release;
beforeEach(async () => {
  bench = new StepBench();
  open = [];
  asked = [];
  warned = [];
  before = await bench.release('last year', ['validated', 'built']);
  release = await bench.release('this year', ['validated', 'built']);
});

/** What the two functions use of a context: packages by their digest, each loaded and closed where it can be seen. */
function context(): StepContext {
  const endpoint = (name: string) => ({ address: { url: name, wire: 'haute' }, close: async () => closed(name) });
  const closed = (name: string): void => void open.splice(open.indexOf(name), 1);
  return {
    files: bench.files,
    host: {
      log: { debug: () => undefined, warn: () => undefined, info: () => undefined },
      annotate: ({ title }: Annotation) => void warned.push(title),
    },
    signal: new AbortController().signal,
    resolvePath: (path: string) => path,
    engine: () => ({
      load: async ({ dir }: EnginePackage) => {
        if (dir.endsWith(before.core.packageDigest) && bench.stored) throw bench.stored;
        open.push(dir);
        return { dir };
      },
    }),
    packageEndpoint: (application: LoadedApplication) =>
      endpoint((application as unknown as { dir: string }).dir) as QuoteEndpoint,
    target: () => ({ target: bench.target, store: { open: stored } }),
  } as unknown as StepContext;
}

async function stored(wanted: WantedPackage): Promise<EnginePackage> {
  asked.push(wanted);
  return { dir: `/packages/${wanted.packageDigest}`, digest: wanted.packageDigest } as EnginePackage;
}

const project = { root: ROOT, config: { project: { name: 'motor' }, deploy: { modelName: 'motor' } } } as Project;

function sides(inputs: Partial<Inputs> = {}): Promise<ComparedSides> {
  return offlineSides({ environment: 'staging', baseline: 'production', ...inputs } as Inputs, context(), project);
}

describe('two packages without a server', () => {
  it('are those of the release and of what serves the baseline, and are loaded when rows are scored', async () => {
    await bench.inProduction(before);
    const found = await sides();
    const of = ({ core, id }: Release) => ({
      address: { url: `package:${core.packageDigest}` },
      packageDigest: core.packageDigest,
      releaseId: id,
    });
    expect(found).toMatchObject({ staging: of(release), production: of(before), asked: true });
    expect(open).toEqual([]);
    const opened = await openSides(context(), found);
    expect(open.toSorted()).toEqual([release, before].map(({ core }) => `/packages/${core.packageDigest}`).toSorted());
    await opened.staging.close();
    await opened.production?.close();
    expect(open).toEqual([]);
  });

  it('are one before the first release', async () => {
    expect(await sides()).toMatchObject({ production: undefined, asked: true });
  });

  it('are one where what serves is no release, and that is known', async () => {
    const inspect = bench.target.inspect.bind(bench.target);
    bench.target.inspect = async (name) => ({ ...(await inspect(name)), foreign: 'motor-pricing:1' });
    expect(await sides()).toMatchObject({ production: undefined, foreign: 'motor-pricing:1' });
    expect(warned).toEqual([]);
    await bench.inProduction(before);
    expect(await sides()).toMatchObject({ production: { releaseId: before.id }, foreign: undefined });
    expect(warned).toEqual(['ENVIRONMENT-NOT-OURS']);
  });

  it('are both ended when one of them cannot be loaded', async () => {
    await bench.inProduction(before);
    bench.stored = new ProviderError({ code: 'ENGINE-KILLED', what: 'no memory', fix: 'more' });
    await expect(openSides(context(), await sides())).rejects.toBe(bench.stored);
    expect(open).toEqual([]);
  });

  it('are looked for in the images that they are in', async () => {
    const current = await bench.inProduction(before);
    const inspect = bench.target.inspect.bind(bench.target);
    bench.target.inspect = async (name) => {
      const state = await inspect(name);
      return { ...state, current: state.current && { ...state.current, image: `r.example/motor@${current}` } };
    };
    const digest = digestOf('image');
    const core = { ...release.core, artifact: { kind: 'image', name: 'r.example/motor', digest } } as const;
    await bench.files.write(`${ROOT}/.haute/release.json`, encodeRelease({ ...newRelease(core), evidence: [] }));
    await sides();
    expect(asked).toEqual([
      { packageDigest: release.core.packageDigest, image: `r.example/motor@${digest}` },
      { packageDigest: before.core.packageDigest, image: `r.example/motor@${current}` },
    ]);
  });

  it.each<[string, Partial<Inputs>, string]>([
    ['an address is named too', { 'staging-url': 'http://x' }, 'OFFLINE-ADDRESS'],
    ['the baseline’s address is', { 'production-url': 'http://x' }, 'OFFLINE-ADDRESS'],
  ])('are refused where %s', async (_, inputs, code) => {
    const error = await sides(inputs).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as ConfigError).problems[0].code).toBe(code);
  });
});
