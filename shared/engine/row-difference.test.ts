import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../release/json.ts';
import { answerDifference, firstDifference, type Precision } from './row-difference.ts';

describe('two answers to the same quote', () => {
  it.each<[string, JsonObject, JsonObject, Precision]>([
    ['the same values in another order', { a: 1.5, b: 'x' }, { b: 'x', a: 1.5 }, 'exact'],
    ['a null that the service leaves out', { premium: null, id: 1 }, { id: 1 }, 'exact'],
    ['a list and an object that hold nothing', { id: 1, list: [], inner: { a: null } }, { id: 1 }, 'exact'],
    ['nested rows', { list: [{ a: 1, b: null }, {}] }, { list: [{ a: 1 }] }, 'exact'],
    ['a 32-bit number written short', { a: 0.10000000149011612 }, { a: 0.1 }, 'rounding'],
    ['the last bit of a sum', { a: 0.30000000000000004 }, { a: 0.3 }, 'rounding'],
  ])('are alike: %s', (_, inProcess, served, precision) => {
    expect(firstDifference(inProcess, served, precision)).toBeUndefined();
  });

  it.each<[string, JsonObject, JsonObject, Precision, string]>([
    ['a penny', { premium: 928.26 }, { premium: 928.27 }, 'rounding', 'premium is 928.27, in process 928.26'],
    ['the last bit', { a: 0.30000000000000004 }, { a: 0.3 }, 'exact', 'a is 0.3, in process 0.30000000000000004'],
    ['a price for a declined risk', { premium: null }, { premium: 0 }, 'exact', 'premium is 0, in process null'],
    ['no price', { premium: 12 }, {}, 'exact', 'premium is null, in process 12'],
    ['a column more', {}, { extra: 'x' }, 'exact', 'extra is "x", in process null'],
    ['text for a number', { a: 1 }, { a: '1' }, 'rounding', 'a is "1", in process 1'],
    ['a row less', { list: [1, 2] }, { list: [1] }, 'exact', 'list is [1], in process [1,2]'],
    ['a list for an object', { a: [1] }, { a: { 0: 1 } }, 'exact', 'a is {"0":1}, in process [1]'],
  ])('differ: %s', (_, inProcess, served, precision, what) => {
    expect(firstDifference(inProcess, served, precision)).toBe(what);
  });

  it.each([
    ['no answer', { ok: true as const, row: {}, ms: 1 }, undefined, /no answer/],
    [
      'a refusal of what has a price',
      { ok: true as const, row: {}, ms: 1 },
      { ok: false as const, error: '422', status: 422 },
      /refuses it \(422\)/,
    ],
    [
      'a price for what fails',
      { ok: false as const, error: 'NaN', ms: 1 },
      { ok: true as const, row: {} },
      /prices it; in process it fails \(NaN\)/,
    ],
  ])('differ: %s', (_, inProcess, served, what) => {
    expect(answerDifference(inProcess, served, 'exact')).toMatch(what);
  });

  it('are alike when both fail', () => {
    const failed = { ok: false as const, error: 'the quote lacks age', ms: 1 };
    expect(answerDifference(failed, { ok: false, error: '422', status: 422 }, 'exact')).toBeUndefined();
  });
});
