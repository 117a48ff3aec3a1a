/** Bins `from` to `to` of a feature. */
export interface ScoredRange {
  readonly from: number;
  readonly to: number;
  readonly score: number;
}

const FIRST_ROOM = 1_024;

/**
 * Ranges of bins with their scores. There are thousands for each feature in each parent, so they are no objects, and the
 * room for them is used again.
 */
export class ScoredRanges {
  #ends = new Uint16Array(FIRST_ROOM * 2);
  #scores = new Float64Array(FIRST_ROOM);
  length = 0;

  clear(): void {
    this.length = 0;
  }

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
      const next = this.#first();
      if (next === undefined) break;
      kept.push(next);
      if (kept.length < most) this.#dropPartsOf(next);
    }
    return kept;
  }

  #first(): ScoredRange | undefined {
    if (this.length === 0) return undefined;
    const scores = this.#scores;
    let best = 0;
    for (let at = 1; at < this.length; at++) if ((scores[at] as number) > (scores[best] as number)) best = at;
    return {
      from: this.#ends[best * 2] as number,
      to: this.#ends[best * 2 + 1] as number,
      score: scores[best] as number,
    };
  }

  #dropPartsOf({ from, to }: ScoredRange): void {
    const [ends, scores] = [this.#ends, this.#scores];
    let kept = 0;
    for (let at = 0; at < this.length; at++) {
      const [start, end] = [ends[at * 2] as number, ends[at * 2 + 1] as number];
      if (start <= to && from <= end) continue;
      ends[kept * 2] = start;
      ends[kept * 2 + 1] = end;
      scores[kept++] = scores[at] as number;
    }
    this.length = kept;
  }

  #grow(): void {
    const [ends, scores] = [new Uint16Array(this.#ends.length * 2), new Float64Array(this.#scores.length * 2)];
    ends.set(this.#ends);
    scores.set(this.#scores);
    [this.#ends, this.#scores] = [ends, scores];
  }
}
