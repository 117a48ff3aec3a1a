import type { Autoscaling } from '../../../release/deployment.ts';
import { neededReplicas, wantedReplicas } from './autoscale.ts';
import { LoadMeter } from './load-meter.ts';

/** How many replicas one deployment is to have, from what is asked of it. */
export class Demand {
  readonly #load: LoadMeter;
  #settings: Autoscaling;
  #wanted: number;
  #belowSince: number | undefined;

  constructor(settings: Autoscaling, wanted: number, now: number) {
    this.#settings = settings;
    this.#wanted = Math.max(wanted, settings.min);
    this.#load = new LoadMeter(now);
  }

  get wanted(): number {
    return this.#wanted;
  }

  get inFlight(): number {
    return this.#load.inFlight;
  }

  /** A request has come in; it counts until the function returned is called. */
  enter(clock: { now(): number }): () => void {
    this.#load.enter(clock.now());
    return () => this.#load.leave(clock.now());
  }

  change(settings: Autoscaling): void {
    this.#settings = settings;
    this.#wanted = Math.max(settings.min, Math.min(this.#wanted, this.#most()));
  }

  /** At least so many, as if asked for now. */
  wake(replicas: number, now: number): void {
    this.#load.touch(now);
    this.#wanted = Math.max(this.#wanted, Math.min(replicas, this.#most()));
  }

  /** None more than must be. */
  sleep(): void {
    this.#wanted = this.#settings.min;
  }

  /** Goes by the load of the last while. */
  scale(now: number): void {
    const load = { average: this.#load.average(now, this.#settings.windowMs), now: this.#load.inFlight };
    if (neededReplicas(load, this.#settings) >= this.#wanted) this.#belowSince = undefined;
    else this.#belowSince ??= now;
    const belowMs = this.#belowSince === undefined ? 0 : now - this.#belowSince;
    const idleMs = this.#load.idleMs(now);
    this.#wanted = wantedReplicas(this.#wanted, { ...load, belowMs, idleMs }, this.#settings);
  }

  /** Settings for a deployment that may have none still let it be woken. */
  #most(): number {
    return Math.max(this.#settings.max, 1);
  }
}
