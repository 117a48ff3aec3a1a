import type { Answers } from '../release/answers.ts';
import { answerRows, isLines } from './answer-rows.ts';
import { scanLines } from './scan-lines.ts';

/**
 * The answers in the body of a response, one for each row that was asked for: as columns where it has lines that can be
 * read as such, as rows otherwise.
 * @param contentType of the response; empty where it has none
 * @param expected rows in the request
 * @param repeatsOnce rows answered alike may come back once, so there may be fewer
 * @throws BadAnswer for a body that is not exactly that
 */
export function answersIn(body: Buffer, contentType: string, expected: number, repeatsOnce?: boolean): Answers {
  const columns = isLines(contentType) ? scanLines(body, expected) : undefined;
  if (columns !== undefined) return columns;
  const rows = answerRows(body.toString('utf8'), contentType, expected, repeatsOnce);
  return rows.map((row) => ({ ok: true, row }));
}
