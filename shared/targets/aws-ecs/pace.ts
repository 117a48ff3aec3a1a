import type { EcsContext } from './context.ts';

/** How often AWS is asked what has become of something: soon at first, and then less and less often. */
export interface Pace {
  readonly firstMs: number;
  readonly mostMs: number;
}

/**
 * What AWS carries out over minutes. Its limits are for the account and the region: other pipelines ask at the same
 * time, so a long wait asks no oftener than every ten seconds.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/request-throttling.html
 */
export const LOOKS: Pace = { firstMs: 1_000, mostMs: 10_000 };
/** Looks in a row that may fail before a wait ends, each of them tried several times already. */
export const MOST_FAILED_LOOKS = 4;
/** When AWS is out of reach, at once is too soon. */
export const LOOKS_AFTER_FAILURE: Pace = { firstMs: 10_000, mostMs: 10_000 };

/** What was done already, and is only not to be seen yet. */
export const SIGHTINGS: Pace = { firstMs: 1_000, mostMs: 4_000 };
/** Looks at that before nobody can say what became of it. */
export const MOST_SIGHTINGS = 10;
/** How long AWS may answer as if an update had not been made. */
export const CONSISTENCY_MS = 90_000;

/** A pause may be longer by this share of it: runners that began at the same time do not go on asking at the same time. */
const JITTER = 0.25;

/** The pauses of one wait, each twice as long as the one before until they are as long as any. */
export class Pauses {
  readonly #context: Pick<EcsContext, 'clock' | 'random'>;
  readonly #mostMs: number;
  #nextMs: number;

  constructor(context: Pick<EcsContext, 'clock' | 'random'>, { firstMs, mostMs }: Pace) {
    this.#context = context;
    this.#mostMs = mostMs;
    this.#nextMs = firstMs;
  }

  /** Lets time pass until the next look. @throws Interrupted when the signal fires */
  pass(signal: AbortSignal | undefined): Promise<void> {
    const ms = Math.round(this.#nextMs * (1 + JITTER * this.#context.random()));
    this.#nextMs = Math.min(this.#mostMs, 2 * this.#nextMs);
    return this.#context.clock.sleep(ms, signal ?? new AbortController().signal);
  }
}
