import { describe, expect, it } from 'vitest';
import type { RepositoryName, StoredManifest } from '../../shared/ports/registry.ts';
import type { RouteMark } from '../../shared/ports/target.ts';
import type { Deployment, EnvironmentState } from '../../shared/release/deployment.ts';
import { DEFAULT_AUTOSCALING } from '../../shared/release/policy.ts';
import type { Release } from '../../shared/release/release.ts';
import { MemoryRegistry } from '../fakes/memory-registry.ts';
import { ContainerBench, NEVER } from './bench.ts';

const REPOSITORY = { registry: 'memory', repository: 'motor' };
const PRODUCTION = 'production';

class Killed extends Error {}

/** A registry whose client dies right before a write: what was written stays, and nothing more comes. */
class MortalRegistry extends MemoryRegistry {
  writesLeft = Number.POSITIVE_INFINITY;

  override async pushManifest(...call: Parameters<MemoryRegistry['pushManifest']>): Promise<void> {
    this.#live();
    return super.pushManifest(...call);
  }

  override async pushBlob(...call: Parameters<MemoryRegistry['pushBlob']>): Promise<number> {
    this.#live();
    return super.pushBlob(...call);
  }

  #live(): void {
    if (this.writesLeft <= 0) throw new Killed();
    this.writesLeft -= 1;
  }
}

describe('a promotion that is killed', () => {
  it('between any two writes leaves what serves, or a promotion that is reported and given back', async () => {
    let survived = false;
    for (let writes = 0; !survived; writes += 1) {
      const { bench, registry } = scene();
      const [old, next] = [await bench.release(), await bench.release()];
      await promote(bench, old);
      registry.writesLeft = writes;
      survived = await promote(bench, next).then(
        () => true,
        (error) => {
          if (!(error instanceof Killed)) throw error;
          return false;
        },
      );
      registry.writesLeft = Number.POSITIVE_INFINITY;
      const state = await bench.target.inspect(PRODUCTION);
      const serves = (await bench.serves(PRODUCTION))?.id;
      if (survived) {
        expect(serves).toBe(next.id);
        expect(writes).toBeGreaterThan(6);
      } else if (!state.promotion) {
        expect([serves, state.current?.releaseId], `after ${writes} writes`).toEqual([old.id, old.id]);
      } else {
        // Nobody knows at first whether its runner lives; after its time it is taken for gone.
        expect(state.promotion.owner, `after ${writes} writes`).toBe('unknown');
        await bench.clock.sleep(3_600_000, NEVER);
        const later = await bench.target.inspect(PRODUCTION);
        expect(later.promotion?.owner).toBe('gone');
        await giveBack(bench, later);
        expect((await bench.serves(PRODUCTION))?.id).toBe(old.id);
        expect(await bench.target.inspect(PRODUCTION)).toMatchObject({
          promotion: undefined,
          history: [{ releaseId: old.id }],
        });
      }
    }
  });

  it('as the very first, gives the tag back to what it named before this suite came', async () => {
    const { bench, registry } = scene();
    const theirs = await bench.image();
    await tag(registry, theirs);
    const foreign = theirs.descriptor.digest;
    expect(await bench.target.inspect(PRODUCTION)).toMatchObject({ foreign, current: undefined });
    const first = await bench.release();
    await promote(bench, first, { settle: false });
    expect((await bench.serves(PRODUCTION))?.id).toBe(first.id);
    expect((await bench.target.inspect(PRODUCTION)).foreign).toBeUndefined();
    await giveBack(bench, await bench.target.inspect(PRODUCTION));
    const named = await registry.manifest(REPOSITORY, PRODUCTION);
    expect(named?.descriptor.digest).toBe(theirs.descriptor.digest);
    expect(await bench.target.inspect(PRODUCTION)).toMatchObject({
      weights: {},
      foreign,
      current: undefined,
      promotion: undefined,
    });
    await promote(bench, await bench.release());
    expect((await bench.target.inspect(PRODUCTION)).foreign).toBeUndefined();
  });

  it('as the very first of a new tag, leaves a tag that cannot be run by mistake', async () => {
    const { bench, registry } = scene();
    await promote(bench, await bench.release(), { settle: false });
    await giveBack(bench, await bench.target.inspect(PRODUCTION));
    const named = await registry.manifest(REPOSITORY, PRODUCTION);
    expect(new TextDecoder().decode(named?.bytes)).toContain('application/vnd.haute.nothing.v1+json');
    const state = await bench.target.inspect(PRODUCTION);
    expect([state.weights, state.foreign]).toEqual([{}, undefined]);
    const again = await bench.release();
    await promote(bench, again);
    expect((await bench.serves(PRODUCTION))?.id).toBe(again.id);
  });
});

describe('a tag that something else moves', () => {
  it('is reported, refused for a promotion, and given back', async () => {
    const { bench, registry } = scene();
    const release = await bench.release();
    await promote(bench, release);
    await tag(registry, await bench.image());
    const state = await bench.target.inspect(PRODUCTION);
    expect(state.promotion).toMatchObject({ owner: 'gone', run: 'something that is not this suite' });
    expect(Object.keys(state.weights)).not.toContain(state.current?.id);
    const other = await deploy(bench, await bench.release());
    const move = bench.target.route(PRODUCTION, { [other.id]: 100 }, mark('p', other, state.current));
    await expect(move).rejects.toThrow(/ENVIRONMENT-MOVED/);
    await giveBack(bench, state);
    expect((await bench.serves(PRODUCTION))?.id).toBe(release.id);
  });

  it('is no way back when it was deleted meanwhile', async () => {
    const { bench, registry } = scene();
    const old = await promote(bench, await bench.release());
    const next = await deploy(bench, await bench.release());
    await bench.target.route(PRODUCTION, { [next.id]: 100 }, mark('p', next, old));
    await bench.target.route(PRODUCTION, { [old.id]: 100 }, mark('p', next, old));
    const manifest = registry.manifest.bind(registry);
    registry.manifest = async (name, reference) => (reference === PRODUCTION ? undefined : manifest(name, reference));
    const settling = bench.target.settle(PRODUCTION, { ...settled('p', old), outcome: 'reverted' });
    await expect(settling).rejects.toThrow(/CONTAINER-NOT-SETTLED/);
  });

  it('is no success for whoever moved it first', async () => {
    const { bench, registry } = scene();
    const candidate = await deploy(bench, await bench.release());
    await bench.target.route(PRODUCTION, { [candidate.id]: 100 }, mark('p', candidate, undefined));
    await tag(registry, await bench.image());
    await expect(bench.target.settle(PRODUCTION, settled('p', candidate))).rejects.toThrow(/CONTAINER-NOT-SETTLED/);
  });
});

describe('two promotions at the same time', () => {
  it('end with one of them, and the other knows that it did not', async () => {
    const { bench } = scene();
    const old = await promote(bench, await bench.release());
    const both = [await bench.release(), await bench.release()];
    const ends = await Promise.allSettled(both.map((release) => promote(bench, release, { current: old })));
    const served = (await bench.serves(PRODUCTION))?.id;
    const winners = both.filter((_, index) => ends[index]?.status === 'fulfilled');
    expect(winners.length).toBeLessThan(2);
    const state = await bench.target.inspect(PRODUCTION);
    if (winners[0]) expect([served, state.current?.releaseId]).toEqual([winners[0].id, winners[0].id]);
    else expect(state.promotion).toBeDefined();
  });
});

describe('a registry that is not what it should be', () => {
  it('lost the image: nothing is moved', async () => {
    const { bench, registry } = scene();
    const release = await promote(bench, await bench.release());
    const next = await deploy(bench, await bench.release());
    registry.manifest = async (name: RepositoryName, reference: string) =>
      reference.startsWith('sha256:') ? undefined : MemoryRegistry.prototype.manifest.call(registry, name, reference);
    const move = bench.target.route(PRODUCTION, { [next.id]: 100 }, mark('p', next, release));
    await expect(move).rejects.toThrow(/ARTIFACT-MISSING/);
    expect(await bench.target.inspect(PRODUCTION)).toMatchObject({
      weights: { [release.id]: 100 },
      promotion: undefined,
    });
  });

  it('does not move tags, and says so', async () => {
    const { bench, registry } = scene();
    await promote(bench, await bench.release());
    const next = await deploy(bench, await bench.release());
    const { current } = await bench.target.inspect(PRODUCTION);
    const write = registry.pushManifest.bind(registry);
    registry.pushManifest = async (name, manifest, to, call) =>
      to === PRODUCTION ? undefined : write(name, manifest, to, call);
    const move = bench.target.route(PRODUCTION, { [next.id]: 100 }, mark('p', next, current));
    await expect(move).rejects.toThrow(/CONTAINER-TAG-NOT-MOVED/);
  });

  it.each([
    ['something else', { schema: 'other' }],
    ['a newer record', { schema: 'haute.environment/2' }],
  ])('keeps %s where the record should be', async (_, record) => {
    const { bench, registry } = scene();
    const bytes = new TextEncoder().encode(JSON.stringify({ schemaVersion: 2, ...record }));
    const image = await bench.image();
    const { digestOf } = await import('../../shared/release/digest.ts');
    const stored = { descriptor: { ...image.descriptor, digest: digestOf(bytes), size: bytes.length }, bytes };
    await registry.pushManifest(REPOSITORY, stored, 'production.haute', { signal: NEVER });
    await expect(bench.target.inspect(PRODUCTION)).rejects.toThrow(/CONTAINER-RECORD/);
  });
});

function scene() {
  const registry = new MortalRegistry();
  return { registry, bench: new ContainerBench(registry, REPOSITORY) };
}

function deploy({ target }: ContainerBench, release: Release): Promise<Deployment> {
  return target.deploy(release, PRODUCTION, {
    fresh: false,
    autoscaling: DEFAULT_AUTOSCALING,
    signal: NEVER,
    progress: () => undefined,
  });
}

/** As a step does it: deploy, claim, move, settle. */
async function promote(
  bench: ContainerBench,
  release: Release,
  { settle = true, current }: { settle?: boolean; current?: Deployment } = {},
): Promise<Deployment> {
  const { target } = bench;
  const before = current ?? (await target.inspect(PRODUCTION)).current;
  const candidate = await deploy(bench, release);
  const own = mark(`promotion of ${candidate.id}`, candidate, before);
  await target.route(PRODUCTION, before ? { [before.id]: 100 } : {}, own);
  await target.route(PRODUCTION, { [candidate.id]: 100 }, own);
  if (settle) await target.settle(PRODUCTION, settled(own.promotionId, candidate));
  return candidate;
}

/** As the next step does it with what it finds. */
async function giveBack({ target }: ContainerBench, { current, promotion }: EnvironmentState): Promise<void> {
  const own = { ...mark('give back', { id: promotion?.candidate ?? '' }, current), supersede: true };
  await target.route(PRODUCTION, current ? { [current.id]: 100 } : {}, own);
  await target.settle(PRODUCTION, {
    ...settled('give back', { id: current?.id ?? promotion?.candidate ?? '' }),
    outcome: 'reverted',
  });
}

function mark(promotionId: string, candidate: { id: string }, current: { id: string } | undefined): RouteMark {
  return { promotionId, candidate: candidate.id, current: current?.id, run: 'test', paused: false, supersede: false };
}

function settled(promotionId: string, keep: { id: string }) {
  return {
    keep: keep.id,
    previous: undefined,
    previousPolicy: 'keep',
    rollbackWindowMs: 0,
    promotionId,
    evidence: 'sha256:e',
    outcome: 'promoted',
  } as const;
}

function tag(registry: MemoryRegistry, image: StoredManifest): Promise<void> {
  return registry.pushManifest(REPOSITORY, image, PRODUCTION, { signal: NEVER });
}
