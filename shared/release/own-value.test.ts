import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from './json.ts';
import { ownValue, setOwnValue } from './own-value.ts';

/** Names of what every object has. */
const INHERITED = Object.getOwnPropertyNames(Object.prototype);

describe('values of an object by a name that data gave', () => {
  it('are none where it has none, whatever every object has', () => {
    expect(INHERITED).toEqual(expect.arrayContaining(['constructor', 'toString', '__proto__', 'hasOwnProperty']));
    for (const name of INHERITED) expect(ownValue({ premium: 1 }, name), name).toBeUndefined();
  });

  it('are what JSON says, and what was set', () => {
    const name = fc.oneof(fc.constantFrom(...INHERITED), fc.string());
    fc.assert(
      fc.property(fc.dictionary(name, fc.jsonValue()), name, (made, other) => {
        const object = JSON.parse(JSON.stringify(made)) as { [key: string]: Json };
        const copy: Record<string, Json> = {};
        for (const [key, value] of Object.entries(object)) setOwnValue(copy, key, value);
        expect(JSON.stringify(copy)).toBe(JSON.stringify(object));
        expect(Object.getPrototypeOf(copy)).toBe(Object.prototype);
        for (const [key, value] of Object.entries(object)) expect(ownValue(copy, key)).toBe(value);
        if (!Object.hasOwn(object, other)) expect(ownValue(copy, other)).toBeUndefined();
      }),
    );
  });
});
