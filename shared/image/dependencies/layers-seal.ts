import { createHmac, timingSafeEqual } from 'node:crypto';
import { ConfigError } from '../../errors.ts';
import type { Descriptor, RepositoryName } from '../../ports/registry.ts';

/** Variable that holds the key. */
export const LAYERS_KEY = 'HAUTE_LAYERS_KEY';
/** Annotation of the manifest that holds the seal. */
export const SEAL = 'dev.haute.dependencies.seal';

const SHORTEST_KEY = 32;
/** What Azure Pipelines hands to a task for a variable that is not there: anybody knows it, however long it is. */
const NOT_FILLED_IN = /^\$\([^()]*\)$/;
/** So that what is sealed here is nothing that the same key could have sealed for another purpose. */
const PURPOSE = 'haute.dependencies.v2';

/**
 * What a seal is of: the facts, which name requirements, platform and Python, and the layers, by digest; in the one
 * repository that they were sealed for, as builds of others may have other indexes.
 */
export interface Sealed {
  readonly repository: RepositoryName;
  readonly config: Pick<Descriptor, 'digest' | 'size'>;
  readonly layers: readonly Pick<Descriptor, 'digest' | 'size'>[];
}

/**
 * Tells layers that were made by a job of ours from layers that anybody else has put under the same tag. Whoever may
 * push to a repository may move its tags; to make a seal takes the key, which jobs of pull requests do not get.
 */
export class LayersSeal {
  readonly #key: string;

  constructor(key: string) {
    this.#key = key;
  }

  of({ repository: { registry, repository }, config, layers }: Sealed): string {
    const documents = [config, ...layers].map(({ digest, size }) => [digest, size]);
    const text = JSON.stringify([PURPOSE, registry, repository, documents]);
    return createHmac('sha256', this.#key).update(text).digest('hex');
  }

  /** @param seal as it was found, or nothing */
  fits(seal: string | undefined, sealed: Sealed): boolean {
    const [found, wanted] = [Buffer.from(seal ?? ''), Buffer.from(this.of(sealed))];
    return found.length === wanted.length && timingSafeEqual(found, wanted);
  }
}

/**
 * The seal of a run: undefined where it was given no key. A variable that is empty, or names itself, is none: so CI
 * systems hand a secret to a job that may not have it. Spaces around a key are no part of it: who pipes one into a
 * secret may end it with a line.
 * @throws ConfigError ENV-BAD-VALUE for a key that could be guessed
 */
export function sealOf(env: Readonly<Record<string, string>>, mask: (secret: string) => void): LayersSeal | undefined {
  const key = env[LAYERS_KEY]?.trim() ?? '';
  if (key === '' || NOT_FILLED_IN.test(key)) return undefined;
  mask(key);
  if (key.length >= SHORTEST_KEY) return new LayersSeal(key);
  throw new ConfigError({
    code: 'ENV-BAD-VALUE',
    what: `${LAYERS_KEY} has ${key.length} characters, and a key needs ${SHORTEST_KEY}`,
    fix: 'Make one with `openssl rand -hex 32`, and store it as a secret',
  });
}
