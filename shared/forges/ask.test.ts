import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { testTools } from '../../tests/forges/forge-tools.ts';
import { ConfigError, Interrupted, ProviderError } from '../errors.ts';
import { askOnce, persist, readAnswer } from './ask.ts';

const asked = { what: 'the reviews', permission: 'read' };
const question = (signal = new AbortController().signal) => ({ forge: 'Forge', asked, signal });
const nobody = () => undefined;

describe('a question', () => {
  it('that nobody answers says what happened on the way', async () => {
    const refused = new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED 127.0.0.1:1') });
    const asking = askOnce(testTools(), question(), () => Promise.reject(refused), nobody);
    await expect(asking).rejects.toThrow(/FORGE-UNREACHABLE/);
    await expect(asking).rejects.toMatchObject({ retryable: true, message: expect.stringContaining('ECONNREFUSED') });
  });

  it('ends after its time even when the client does not listen', async () => {
    const tools = { ...testTools(), timeoutMs: 20 };
    await expect(askOnce(tools, question(), () => new Promise(() => undefined), nobody)).rejects.toThrow(
      'FORGE-TIMEOUT',
    );
  });

  it('that was cancelled is an interruption, whatever the client makes of it', async () => {
    const stop = new AbortController();
    const asking = askOnce(testTools(), question(stop.signal), () => new Promise(() => undefined), nobody);
    stop.abort(new Error('other'));
    await expect(asking).rejects.toBeInstanceOf(Interrupted);
    let called = false;
    const call = async () => {
      called = true;
    };
    await expect(askOnce(testTools(), question(stop.signal), call, nobody)).rejects.toBeInstanceOf(Interrupted);
    expect(called).toBe(false);
  });

  it('is asked again only for what may go away', async () => {
    const signal = new AbortController().signal;
    let calls = 0;
    const failing = (error: Error) => async () => {
      calls += 1;
      throw error;
    };
    const problem = { code: 'X', what: 'x', fix: 'x' };
    await expect(persist(testTools(), signal, failing(new ConfigError(problem)))).rejects.toBeInstanceOf(ConfigError);
    expect(calls).toBe(1);
    await expect(
      persist(testTools(), signal, failing(new ProviderError(problem, { retryable: true }))),
    ).rejects.toThrow('x');
    expect(calls).toBe(4);
  });
});

describe('an answer', () => {
  it('that is not as it should be says where', () => {
    const schema = z.array(z.object({ login: z.string() }));
    expect(() => readAnswer(schema, [{ login: 'a' }, { login: 7 }], 'Forge', asked)).toThrow(/at 1\.login/);
    expect(() => readAnswer(schema, '<html>', 'Forge', asked)).toThrow(/FORGE-BAD-ANSWER/);
  });
});
