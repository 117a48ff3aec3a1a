/**
 * Characters that a CI's log viewer or command parser may act on or look through: controls (escape sequences, carriage
 * returns that restart a line), bidirectional overrides, and everything that is compared as if it were not there (a
 * zero-width space between two colons still makes `::` for a parser that compares by culture). A tab stays.
 */
const UNSEEN = /(?!\t)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** One line's characters, without them. */
export function plainLine(line: string): string {
  return line.replace(UNSEEN, '');
}
