/** Without a terminal to redraw, progress is a line for each of these shares of the way, at most. */
const SHARE_STEP = 0.1;
/** What shares lose in being computed: 0.3 - 0.2 is a little less than 0.1. */
const ROUNDING = 1e-9;

/** Progress where lines cannot be redrawn: one plain line a tenth of the way. */
export class SparseProgress {
  readonly #shownShare = new Map<string, number>();

  /** The line to show now, or undefined when the last one is near enough. `note` is `%` when done is a percentage. */
  line(task: string, done: number, total: number, note = ''): string | undefined {
    const share = total === 0 ? 1 : done / total;
    const last = this.#shownShare.get(task) ?? Number.NEGATIVE_INFINITY;
    if (share < 1 && share - last < SHARE_STEP - ROUNDING) return undefined;
    this.#shownShare.set(task, share >= 1 ? Number.NEGATIVE_INFINITY : share);
    if (note === '%') return `${task}: ${done} %`;
    return `${task}: ${done} of ${total} (${Math.floor(share * 100)} %)${note === '' ? '' : `, ${note}`}`;
  }
}
