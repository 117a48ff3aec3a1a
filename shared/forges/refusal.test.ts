import { describe, expect, it } from 'vitest';
import { ConfigError, ProviderError } from '../errors.ts';
import { type Refusal, refusalError } from './refusal.ts';

const granting = {
  forge: 'Forge',
  renew: 'Renew it',
  grant: (permission: string) => ({ fix: `Add ${permission}`, place: { file: 'ci.yml' } }),
};
const asked = { what: 'the reviews', permission: 'reviews: read' };

function refusal(status: number, change: Partial<Refusal> = {}): Refusal {
  return { status, message: 'said', requestId: 'r-1', retryAfterMs: undefined, tooOften: false, ...change };
}

describe('a refusal', () => {
  it.each<[number, string, boolean]>([
    [400, 'FORGE-REFUSED', false],
    [408, 'FORGE-UNAVAILABLE', true],
    [409, 'FORGE-REFUSED', false],
    [422, 'FORGE-REFUSED', false],
    [429, 'FORGE-BUSY', true],
    [500, 'FORGE-UNAVAILABLE', true],
    [503, 'FORGE-UNAVAILABLE', true],
    [599, 'FORGE-UNAVAILABLE', true],
    [302, 'FORGE-REFUSED', false],
  ])('%i is the forge’s failure: %s, asked again: %s', (status, code, retryable) => {
    const error = refusalError(granting, asked, refusal(status));
    expect(error).toBeInstanceOf(ProviderError);
    expect(error).toMatchObject({ status, retryable, requestId: 'r-1', problem: { code } });
  });

  it.each<[number, string, string]>([
    [401, 'FORGE-TOKEN', 'Renew it'],
    [403, 'FORGE-PERMISSION', 'Add reviews: read'],
    [404, 'FORGE-NOT-FOUND', 'It is not there, or the token may not see it. If it is there: add reviews: read'],
    [410, 'FORGE-NOT-FOUND', 'It is not there, or the token may not see it. If it is there: add reviews: read'],
  ])('%i is for the user to mend: %s', (status, code, fix) => {
    const error = refusalError(granting, asked, refusal(status));
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as ConfigError).problems[0]).toMatchObject({ code, fix });
  });

  it('for asking too often waits as long as it was told to', () => {
    const error = refusalError(granting, asked, refusal(403, { tooOften: true, retryAfterMs: 61_500 }));
    expect(error).toMatchObject({ retryable: true, retryAfterMs: 61_500, message: expect.stringContaining('62 s') });
  });

  it('quotes what was said in one short line', () => {
    const error = refusalError(granting, asked, refusal(500, { message: `a\n\n${'b'.repeat(1_000)}` }));
    expect(error.message).toContain('a bbb');
    expect(error.message.length).toBeLessThan(600);
  });
});
