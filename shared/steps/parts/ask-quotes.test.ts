import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../../tests/fakes/fake-clock.ts';
import { ProviderError } from '../../errors.ts';
import type { QuoteEndpoint } from '../../ports/quote-endpoint.ts';
import type { TestQuote } from '../../project/test-quote.ts';
import type { JsonObject } from '../../release/json.ts';
import { askQuotes, askTogether } from './ask-quotes.ts';

const options = { clock: new FakeClock(), signal: new AbortController().signal, tolerance: 0, timeoutMs: 1_000 };

function quote(index: number, expected?: JsonObject): TestQuote {
  return { file: 'q.json', index, description: undefined, input: { id: index }, expected, tolerance: undefined };
}

/** A service that answers each row by a function; many rows may be answered by another one. */
function service(one: (row: JsonObject) => JsonObject, many = one, sizes: number[] = []): QuoteEndpoint {
  return {
    address: { url: 'http://service', wire: 'haute' },
    identify: () => Promise.reject(new Error('not asked')),
    score: async (rows) => {
      sizes.push(rows.length);
      return rows.map((row) => ({ ok: true, row: (rows.length > 1 ? many : one)(row) }));
    },
    close: async () => undefined,
  };
}

describe('quotes asked of a live address', () => {
  it('take a column that Haute left out for null', async () => {
    const declined = service(() => ({ decline_reason: 'driver under 18' }));
    const [met, missed] = await askQuotes(declined, [quote(0, { premium: null }), quote(1, { premium: 5 })], options);
    expect(met?.faults).toEqual([]);
    expect(missed?.faults).toEqual(['premium is null, expected 5']);
  });

  it('are asked together once for each different answer, since Haute gives rows that are alike only once', async () => {
    const sizes: number[] = [];
    const alike = service((row) => ({ premium: Number(row.id) < 2 ? 1 : 2 }), undefined, sizes);
    const alone = await askQuotes(alike, [quote(0), quote(1), quote(2)], options);
    expect((await askTogether(alike, alone, options)).map((outcome) => outcome.quote.index)).toEqual([0, 2]);
    expect(sizes).toEqual([1, 1, 1, 2]);
  });

  it('must be answered together as alone', async () => {
    const wrong = service(
      (row) => ({ premium: Number(row.id) + 1 }),
      (row) => ({ premium: Number(row.id) * 2 + 1 }),
    );
    const together = await askTogether(wrong, await askQuotes(wrong, [quote(0), quote(1)], options), options);
    expect(together.map((outcome) => outcome.faults)).toEqual([
      [],
      ['premium is 3 in one request with the others, and 2 alone'],
    ]);
  });

  it('are not asked together when there is only one answer to compare', async () => {
    const constant = service(() => ({ premium: 1 }));
    expect(await askTogether(constant, await askQuotes(constant, [quote(0), quote(1)], options), options)).toEqual([]);
  });

  it('turn a failed request into a fault of its quotes', async () => {
    const failure = new ProviderError({ code: 'ENDPOINT-500', what: 'the server broke', fix: 'look' });
    const broken: QuoteEndpoint = { ...service(() => ({})), score: () => Promise.reject(failure) };
    const [outcome] = await askQuotes(broken, [quote(0)], options);
    expect(outcome?.faults[0]).toContain('the server broke');
  });
});
