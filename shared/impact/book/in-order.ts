import { type Answers, answerValue, type TextAnswers } from '../../release/answers.ts';
import type { Json } from '../../release/json.ts';
import { keyText } from './batch.ts';

/**
 * Whether answers in columns stand in the order of their rows, each with the key of its row: what nearly all of them do,
 * and what is seen without making an object of any.
 */
export function isInOrder(asked: readonly (Json | undefined)[], answers: Answers, key: string): boolean {
  const column = answers.columns?.find(({ name }) => name === key);
  if (column === undefined || asked.length !== answers.length) return false;
  for (let index = 0; index < asked.length; index++) {
    const value = asked[index];
    if (keyText(value) === undefined) return false;
    const isSame =
      column.kind === 'texts' && typeof value === 'string'
        ? isText(column, index, value)
        : answerValue(column, index) === value;
    if (!isSame) return false;
  }
  return true;
}

function isText({ bytes, starts, ends }: TextAnswers, index: number, text: string): boolean {
  const start = starts[index] as number;
  const end = ends[index] as number;
  for (let at = 0; at < text.length; at++) {
    const letter = text.charCodeAt(at);
    if (letter >= 0x80) return bytes.toString('utf8', start, end) === text;
    if (bytes[start + at] !== letter || start + at >= end) return false;
  }
  return end - start === text.length;
}
