/**
 * Smooth weighted round robin: deterministic, and as evenly mixed as the weights allow. Over as many picks as the
 * weights add up to, each name is picked exactly as often as its weight says: 90 and 10 give 900 and 100 of 1,000.
 * Every pick gives each name its weight in credit and takes the whole from the richest.
 */
export class WeightedPicker {
  readonly #weights: ReadonlyMap<string, number>;
  readonly #credit = new Map<string, number>();

  /** Names without weight are never picked. */
  constructor(weights: Readonly<Record<string, number>>) {
    this.#weights = new Map(Object.entries(weights).filter(([, weight]) => weight > 0));
  }

  /** The next name among those allowed; undefined when none is. Those not allowed earn no credit meanwhile. */
  pick(allowed: (name: string) => boolean): string | undefined {
    let best: string | undefined;
    let bestCredit = Number.NEGATIVE_INFINITY;
    let total = 0;
    for (const [name, weight] of this.#weights) {
      if (!allowed(name)) continue;
      const credit = (this.#credit.get(name) ?? 0) + weight;
      this.#credit.set(name, credit);
      total += weight;
      if (credit > bestCredit) [best, bestCredit] = [name, credit];
    }
    if (best !== undefined) this.#credit.set(best, bestCredit - total);
    return best;
  }
}
