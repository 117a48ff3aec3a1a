/** Bins `from` to `to` of a feature. */
export interface ScoredRange {
  readonly from: number;
  readonly to: number;
  readonly score: number;
}

const FIRST_ROOM = 256;

/** Ranges of bins with their scores. There are thousands for each feature in each parent, so they are no objects. */
export class ScoredRanges {
  #ends = new Uint16Array(FIRST_ROOM * 2);
  #scores = new Float64Array(FIRST_ROOM);
  length = 0;

  add(from: number, to: number, score: number): void {
    if (this.length === this.#scores.length) this.#grow();
    this.#ends[this.length * 2] = from;
    this.#ends[this.length * 2 + 1] = to;
    this.#scores[this.length++] = score;
  }

  /** The one with the highest score, the highest of those that have no part of it, and so on. Of equal ones the first. */
  best(most: number): readonly ScoredRange[] {
    const kept: ScoredRange[] = [];
    while (kept.length < most) {
      const next = this.#bestApartFrom(kept);
      if (next === undefined) break;
      kept.push(next);
    }
    return kept;
  }

  #bestApartFrom(kept: readonly ScoredRange[]): ScoredRange | undefined {
    let best = -1;
    for (let at = 0; at < this.length; at++) {
      if (best >= 0 && (this.#scores[at] as number) <= (this.#scores[best] as number)) continue;
      const [start, end] = [this.#ends[at * 2] as number, this.#ends[at * 2 + 1] as number];
      if (!kept.some(({ from, to }) => start <= to && from <= end)) best = at;
    }
    if (best < 0) return undefined;
    const [from, to] = [this.#ends[best * 2] as number, this.#ends[best * 2 + 1] as number];
    return { from, to, score: this.#scores[best] as number };
  }

  #grow(): void {
    const [ends, scores] = [new Uint16Array(this.#ends.length * 2), new Float64Array(this.#scores.length * 2)];
    ends.set(this.#ends);
    scores.set(this.#scores);
    [this.#ends, this.#scores] = [ends, scores];
  }
}
