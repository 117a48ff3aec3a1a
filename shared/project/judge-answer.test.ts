import { describe, expect, it } from 'vitest';
import { describeMismatch, judgeAnswer } from './judge-answer.ts';
import type { TestQuote } from './test-quote.ts';

function quote(expected: TestQuote['expected'], tolerance?: number): TestQuote {
  return { file: 'tests/quotes/a.json', index: 0, description: undefined, input: {}, expected, tolerance };
}

describe('an answer to a golden quote', () => {
  it.each<[string, TestQuote, Parameters<typeof judgeAnswer>[1], number, number]>([
    ['equal', quote({ premium: 928.26 }), { premium: 928.26, quote_id: 1 }, 0, 0],
    ['a penny off without tolerance', quote({ premium: 928.26 }), { premium: 928.27 }, 0, 1],
    ['exactly at its tolerance', quote({ premium: 100 }, 0.0001), { premium: 100.01 }, 0, 0],
    ['just over its tolerance', quote({ premium: 100 }, 0.0001), { premium: 100.0101 }, 0, 1],
    ['within the default tolerance', quote({ premium: 200 }), { premium: 199 }, 0.01, 0],
    ['its own tolerance wins over the default', quote({ premium: 200 }, 0), { premium: 199 }, 0.01, 1],
    ['declined as expected', quote({ premium: null }), { premium: null }, 0, 0],
    ['declined but a premium was expected', quote({ premium: 1 }), { premium: null }, 0.5, 1],
    ['priced but a decline was expected', quote({ premium: null }), { premium: 1 }, 0.5, 1],
    ['a column that is missing', quote({ premium: 1, tax: 2 }), { premium: 1 }, 0, 1],
    ['a column that is missing and expected null', quote({ premium: null }), {}, 0, 1],
    ['a string where a number was', quote({ premium: 1 }), { premium: '1' }, 1, 1],
    ['true is not 1', quote({ flag: true }), { flag: 1 }, 1, 1],
    ['nested values', quote({ cover: { fire: [1, 2] } }), { cover: { fire: [1, 2] } }, 0, 0],
    ['nested values that differ', quote({ cover: { fire: [1, 2] } }), { cover: { fire: [1, 3] } }, 0, 1],
    ['zero expected, zero answered', quote({ premium: 0 }, 0.1), { premium: 0 }, 0, 0],
    ['no expected values', quote(undefined), { premium: 1 }, 0, 0],
  ])('%s', (_, golden, row, tolerance, mismatches) => {
    expect(judgeAnswer(golden, row, tolerance)).toHaveLength(mismatches);
  });

  it('says what was expected, what came, and how far it may be off', () => {
    const [mismatch] = judgeAnswer(quote({ premium: 928.26 }, 0.0001), { premium: 930.1 }, 0);
    expect(mismatch && describeMismatch(mismatch)).toBe('premium is 930.1, expected 928.26 (at most 0.0928 off)');
  });
});
