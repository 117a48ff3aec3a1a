import { describePlace } from '../errors.ts';
import type { Annotation } from '../ports/host.ts';

/** Annotations that a page shows: so many a level, the rest told in the summary. */
export class AnnotationBudget {
  readonly #perLevel: number;
  readonly #shown = new Map<Annotation['level'], number>();
  #overflow: Annotation[] = [];

  constructor(perLevel: number) {
    this.#perLevel = perLevel;
  }

  /** True when the page still has room for it; otherwise it is kept for {@link takeOverflow}. */
  admit(annotation: Annotation): boolean {
    const shown = this.#shown.get(annotation.level) ?? 0;
    if (shown >= this.#perLevel) {
      this.#overflow.push(annotation);
      return false;
    }
    this.#shown.set(annotation.level, shown + 1);
    return true;
  }

  /** Markdown of what found no room since the last call; empty where all did. */
  takeOverflow(): string {
    if (this.#overflow.length === 0) return '';
    // Every line starts with its level, so no text in it can end the fence.
    const lines = this.#overflow.map(describeAnnotation);
    this.#overflow = [];
    return ['### Further findings', '', '~~~text', ...lines, '~~~', ''].join('\n');
  }
}

/** `level: place: message [title]` on one line. */
export function describeAnnotation({ level, title, message, place }: Annotation): string {
  return `${level}: ${describeFinding({ title, message, ...(place && { place }) })}`.replace(/\s+/g, ' ');
}

/** `place: message [title]`. */
export function describeFinding({ title, message, place }: Pick<Annotation, 'title' | 'message' | 'place'>): string {
  return `${place ? `${describePlace(place)}: ` : ''}${message} [${title}]`;
}
