import { describe, expect, it } from 'vitest';
import { answerRows, BadAnswer } from './answer-rows.ts';

const JSON_TYPE = 'application/json';
const LINES = 'application/x-ndjson; charset=utf-8';

describe('the rows of an answer', () => {
  const rows = [{ a: 1 }, { a: null }];
  it.each([
    ['lines', '{"a":1}\n{"a":null}\n', LINES],
    ['lines under their other name', '{"a":1}\n{"a":null}\n', 'application/jsonl'],
    ['lines with carriage returns', '{"a":1}\r\n{"a":null}\r\n', LINES],
    ['an envelope', JSON.stringify({ rows, row_count: 2, returned_rows: 2, truncated: false, limit: 1000 }), JSON_TYPE],
    ['a bare array', JSON.stringify(rows), JSON_TYPE],
    ['predictions', JSON.stringify({ predictions: rows }), JSON_TYPE],
    ['a bare array without a content type', JSON.stringify(rows), ''],
  ])('are read from %s', (_, text, type) => {
    expect(answerRows(text, type, 2)).toEqual(rows);
  });

  it('may be nested objects', () => {
    expect(answerRows('[{"a":{"b":[1]}}]', JSON_TYPE, 1)).toEqual([{ a: { b: [1] } }]);
  });

  it.each([
    ['too few rows', '[{"a":1}]', JSON_TYPE, '1 rows came back for 2 rows asked'],
    ['too many rows', '[{},{},{}]', JSON_TYPE, '3 rows came back for 2 rows asked'],
    ['too few lines', '{"a":1}\n', LINES, '1 rows came back for 2 rows asked'],
    ['no lines', '', LINES, '0 rows came back for 2 rows asked'],
    ['a last line without its end', '{"a":1}\n{"a":2}', LINES, 'cut short'],
    ['half a line', '{"a":1}\n{"a":', LINES, 'cut short'],
    ['half a line in the middle', '{"a":1}\n{"a":\n{"a":2}\n', LINES, 'line 2 of 3 is not one JSON value: {"a":'],
    ['an empty line', '{"a":1}\n\n', LINES, 'line 2 of 2 is not one JSON value'],
    ['two rows in one line', '{"a":1},{"a":2}\n', LINES, 'line 1 of 1 is not one JSON value'],
    [
      'an envelope that was truncated',
      '{"rows":[{}],"row_count":2,"returned_rows":1,"truncated":true}',
      JSON_TYPE,
      'truncated to 1 of 2 rows',
    ],
    ['an envelope that hides its truncation', '{"rows":[{}],"row_count":2}', JSON_TYPE, 'truncated to 1 of 2 rows'],
    [
      'an envelope that miscounts',
      '{"rows":[{},{}],"row_count":2,"returned_rows":1}',
      JSON_TYPE,
      'says 1 rows and holds 2',
    ],
    ['NaN', '[{"a":NaN},{"a":1}]', JSON_TYPE, 'is not JSON: [{"a":NaN}'],
    ['NaN in a line', '{"a":NaN}\n{"a":1}\n', LINES, 'line 1 of 2'],
    ['Infinity', '[{"a":-Infinity},{"a":1}]', JSON_TYPE, 'is not JSON'],
    ['a number beyond the largest', '[{"a":1},{"a":1e999}]', JSON_TYPE, 'row 2: a is too large a number'],
    ['a nested number beyond the largest', '[{"a":{"b":[1e999]}},{}]', JSON_TYPE, 'row 1: a.b.0 is too large a number'],
    ['rows that are lists', '[[1],[2]]', JSON_TYPE, 'row 1 is not an object: [1]'],
    ['rows that are numbers', '{"predictions":[1.5,2.5]}', JSON_TYPE, 'row 1 is not an object: 1.5'],
    ['rows that are null', '[null,{}]', JSON_TYPE, 'row 1 is not an object: null'],
    [
      'an answer for each row',
      '[{"rows":[{}],"row_count":1},{"rows":[{}],"row_count":1}]',
      JSON_TYPE,
      'answer inside an answer',
    ],
    ['an object without rows', '{"detail":"hello"}', JSON_TYPE, 'holds no rows: {"detail":"hello"}'],
    ['a web page', '<html>Log in</html>', 'text/html', 'the answer (text/html) is not JSON: <html>'],
    ['nothing', '', JSON_TYPE, 'is not JSON'],
  ])('are not read from %s', (_, text, type, why) => {
    expect(() => answerRows(text, type, 2)).toThrow(BadAnswer);
    expect(() => answerRows(text, type, 2)).toThrow(why);
  });

  it.each([
    ['{"a":1}\n{"a":', LINES, 'cut'],
    ['{"rows":[{}],"row_count":2,"returned_rows":1,"truncated":true}', JSON_TYPE, 'truncated'],
    ['{"a":1}\n', LINES, 'wrong'],
  ])('%j: it is %s', (text, type, kind) => {
    let thrown: unknown;
    try {
      answerRows(text, type, 2);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({ kind });
  });
});
