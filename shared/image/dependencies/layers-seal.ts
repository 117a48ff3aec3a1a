import { createHmac, timingSafeEqual } from 'node:crypto';
import { ConfigError } from '../../errors.ts';
import type { Descriptor } from '../../ports/registry.ts';

/** Variable that holds the key. */
export const LAYERS_KEY = 'HAUTE_LAYERS_KEY';
/** Annotation of the manifest that holds the seal. */
export const SEAL = 'dev.haute.dependencies.seal';

const SHORTEST_KEY = 32;
/** So that what is sealed here is nothing that the same key could have sealed for another purpose. */
const PURPOSE = 'haute.dependencies.v2';

/** What a seal is of: the facts, which name requirements, platform and Python, and the layers, by digest. */
export interface Sealed {
  readonly config: Pick<Descriptor, 'digest'>;
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

  of({ config, layers }: Sealed): string {
    const text = JSON.stringify([PURPOSE, config.digest, layers.map(({ digest, size }) => [digest, size])]);
    return createHmac('sha256', this.#key).update(text).digest('hex');
  }

  /** @param seal as it was found, or nothing */
  fits(seal: string | undefined, sealed: Sealed): boolean {
    const [found, wanted] = [Buffer.from(seal ?? ''), Buffer.from(this.of(sealed))];
    return found.length === wanted.length && timingSafeEqual(found, wanted);
  }
}

/**
 * The seal of a run: undefined where it was given no key. A variable that is empty is none: so a CI system hands a
 * secret to a job that may not have it.
 * @throws ConfigError ENV-BAD-VALUE for a key that could be guessed
 */
export function sealOf(env: Readonly<Record<string, string>>, mask: (secret: string) => void): LayersSeal | undefined {
  const key = env[LAYERS_KEY] ?? '';
  if (key === '') return undefined;
  mask(key);
  if (key.length >= SHORTEST_KEY) return new LayersSeal(key);
  throw new ConfigError({
    code: 'ENV-BAD-VALUE',
    what: `${LAYERS_KEY} has ${key.length} characters, and a key needs ${SHORTEST_KEY}`,
    fix: 'Make one with `openssl rand -hex 32`, and store it as a secret',
  });
}
