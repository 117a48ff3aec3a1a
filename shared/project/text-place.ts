import type { Place } from '../errors.ts';

export type PlaceAt = (offset: number) => Required<Place>;

/**
 * Line and column, from 1, of any position in a text, from one look through it. Columns count UTF-16 units, as editors
 * and annotations do.
 */
export function placesIn(file: string, text: string): PlaceAt {
  const starts = [0];
  for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', end + 1)) starts.push(end + 1);
  return (offset) => {
    let line = 0;
    for (let after = starts.length; after - line > 1; ) {
      const middle = (line + after) >> 1;
      if ((starts[middle] ?? 0) <= offset) line = middle;
      else after = middle;
    }
    return { file, line: line + 1, column: offset - (starts[line] ?? 0) + 1 };
  };
}
