import type { Side } from './batch.ts';

/** Rows that failed with about the same words at one address. */
export interface FailureGroup {
  readonly side: Side;
  /** The words of the first of them. */
  readonly error: string;
  readonly status: number | undefined;
  readonly rows: number;
  /** The first rows of the group, by position. */
  readonly examples: readonly number[];
}

const MOST_GROUPS = 100;
const MOST_EXAMPLES = 3;
const MOST_LETTERS = 300;

/** Gathers the errors of single rows by what they say, numbers in them apart. */
export class Failures {
  readonly #groups = new Map<
    string,
    { readonly side: Side; error: string; status: number | undefined; rows: number; examples: number[] }
  >();

  add(side: Side, row: number, error: string, status: number | undefined): void {
    const about = error.slice(0, MOST_LETTERS).replaceAll(/\d+/g, '#');
    const isOther = this.#groups.size >= MOST_GROUPS && !this.#groups.has(`${side} ${about}`);
    const id = isOther ? side : `${side} ${about}`;
    const said = isOther ? 'other errors' : error.slice(0, MOST_LETTERS);
    const group = this.#groups.get(id) ?? { side, error: said, status, rows: 0, examples: [] };
    group.rows += 1;
    if (group.examples.length < MOST_EXAMPLES) group.examples.push(row);
    this.#groups.set(id, group);
  }

  /** The largest groups first; of equal ones the one that was met first. */
  get groups(): readonly FailureGroup[] {
    return [...this.#groups.values()].sort((a, b) => b.rows - a.rows || (a.examples[0] ?? 0) - (b.examples[0] ?? 0));
  }
}
