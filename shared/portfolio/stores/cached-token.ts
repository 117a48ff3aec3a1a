import type { Clock } from '../../ports/clock.ts';
import type { BearerToken } from '../../ports/identity.ts';

/** A token is given back this long before it ends, so that no request carries one that ends on the way. */
const SPARE_MS = 5 * 60_000;

/** A token that is asked for when it is needed, once for many, and again when it is about to end. */
export class CachedToken {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #login: (signal: AbortSignal) => Promise<BearerToken | undefined>;
  #current: Promise<BearerToken | undefined> | undefined;

  /** @param login undefined where there is nobody to log in as */
  constructor(clock: Pick<Clock, 'now'>, login: (signal: AbortSignal) => Promise<BearerToken | undefined>) {
    this.#clock = clock;
    this.#login = login;
  }

  /** A failed login is not kept: the next caller tries again. */
  async get(signal: AbortSignal): Promise<string | undefined> {
    const current = this.#current ?? this.#start(signal);
    const token = await current;
    if (token === undefined || token.expiresAt - SPARE_MS > this.#clock.now()) return token?.token;
    if (this.#current === current) this.#current = undefined;
    return (await (this.#current ?? this.#start(signal)))?.token;
  }

  #start(signal: AbortSignal): Promise<BearerToken | undefined> {
    const started = this.#login(signal);
    this.#current = started;
    started.catch(() => {
      if (this.#current === started) this.#current = undefined;
    });
    return started;
  }
}
