import type { Answer, Answers } from '../../release/answers.ts';
import type { Json } from '../../release/json.ts';
import { ownValue } from '../../release/own-value.ts';
import { columnValues, type QuoteRows } from '../../release/quote-rows.ts';
import { keyText, type PlacedAnswers } from './batch.ts';
import { isInOrder } from './in-order.ts';

/** The answers in the order of the rows, and what was odd about their keys. */
export interface PairedAnswers {
  /** Undefined where no answer carries the key of the row. */
  readonly answers: PlacedAnswers;
  /** Answers with a key that no row has. */
  readonly extra: number;
  /** True when a key came back as another type: a number as text, or text as a number. */
  readonly typesDiffer: boolean;
  /** True when there were answers and none of them had the key column. */
  readonly keyless: boolean;
}

/**
 * Pairs the answers of one address with the rows of a batch by key: the answer of a row is the one with its key,
 * wherever it stands. An error names no key and belongs to the row at its place: it is the answer to that row alone.
 * Rows with the same key get their answers in order; whether they count at all is decided over the whole portfolio.
 */
export function pairAnswers(rows: QuoteRows, answers: Answers, key: string): PairedAnswers {
  const asked = columnValues(rows, key);
  if (isInOrder(asked, answers, key)) return { answers, extra: 0, typesDiffer: false, keyless: false };
  const paired: (Answer | undefined)[] = [];
  const looseRows: number[] = [];
  const looseAnswers: Answer[] = [];
  let typesDiffer = false;
  for (const [index, value] of asked.entries()) {
    const answer = answers.at(index);
    const match = answer === undefined || !answer.ok || isFor(ownValue(answer.row, key), value);
    paired.push(match ? answer : undefined);
    if (match) {
      typesDiffer ||= answer?.ok === true && typeof ownValue(answer.row, key) !== typeof value;
    } else {
      looseRows.push(index);
      looseAnswers.push(answer);
    }
  }
  const byKey = groupByKey(looseAnswers, key);
  for (const index of looseRows) {
    const answer = byKey.get(keyText(asked[index]) ?? '')?.shift();
    if (answer === undefined) continue;
    typesDiffer ||= typeof ownValue(answer.row, key) !== typeof asked[index];
    paired[index] = answer;
  }
  const extra = [...byKey.values()].reduce((sum, group) => sum + group.length, 0);
  return { answers: paired, extra, typesDiffer, keyless: isKeyless(answers, key) };
}

function isFor(answered: Json | undefined, asked: Json | undefined): boolean {
  return asked === answered
    ? keyText(asked) !== undefined
    : keyText(asked) !== undefined && keyText(asked) === keyText(answered);
}

type Row = Extract<Answer, { readonly ok: true }>;

function groupByKey(answers: readonly Answer[], key: string): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const answer of answers) {
    if (!answer.ok) continue;
    const text = keyText(ownValue(answer.row, key));
    if (text === undefined) continue;
    const group = groups.get(text);
    if (group) group.push(answer);
    else groups.set(text, [answer]);
  }
  return groups;
}

function isKeyless(answers: Answers, key: string): boolean {
  let answered = false;
  for (const answer of answers) {
    if (!answer.ok) continue;
    if (Object.hasOwn(answer.row, key)) return false;
    answered = true;
  }
  return answered;
}
