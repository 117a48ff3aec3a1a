import { secretForms } from './secret-forms.ts';

const MASK = '***';

/**
 * Removes registered secrets from text that people will see. Whole lines can be redacted one by one, in the order they
 * come: every line of a secret of several lines is hidden by itself.
 */
export class Redactor {
  #forms: readonly string[] = [];

  /**
   * Hides this secret from now on, in every form it is likely to be written in.
   *
   * @returns false when it is too short to be hidden (fewer than 4 characters): the caller should tell its owner.
   */
  add(secret: string): boolean {
    const forms = secretForms(secret);
    this.#forms = [...new Set([...this.#forms, ...forms])];
    return forms.length > 0;
  }

  /** Characters of the longest form: text cut short of its end by at least as many can hide no half of a secret. */
  get longestForm(): number {
    return this.#forms.reduce((longest, form) => Math.max(longest, form.length), 0);
  }

  /**
   * The text with every secret replaced by `***`. Overlapping secrets are hidden together, whole.
   *
   * @param limit what comes of the first `limit` characters is returned; what follows only tells where a secret goes on.
   */
  text(text: string, limit: number = text.length): string {
    let shown = '';
    let from = 0;
    for (const [start, end] of merged(this.#findings(text))) {
      if (start >= limit) break;
      shown += text.slice(from, start) + MASK;
      from = end;
    }
    return shown + text.slice(from, Math.max(from, limit));
  }

  #findings(text: string): [number, number][] {
    const found: [number, number][] = [];
    for (const form of this.#forms) {
      for (let at = text.indexOf(form); at !== -1; at = text.indexOf(form, at + 1)) found.push([at, at + form.length]);
    }
    return found;
  }
}

/** Intervals in order, those that overlap made one. */
function merged(intervals: readonly [number, number][]): readonly (readonly [number, number])[] {
  const out: [number, number][] = [];
  for (const [start, end] of intervals.toSorted((a, b) => a[0] - b[0])) {
    const last = out.at(-1);
    if (last && start < last[1]) last[1] = Math.max(last[1], end);
    else out.push([start, end]);
  }
  return out;
}
