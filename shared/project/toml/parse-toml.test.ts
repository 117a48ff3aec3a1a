import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseToml } from './parse-toml.ts';

function problem(text: string) {
  const parsed = parseToml(text, 'haute.toml');
  return 'problem' in parsed ? parsed.problem : undefined;
}

describe('a text that is not TOML', () => {
  it.each<[string, string, number, number, RegExp]>([
    ['a value without quotes', '[project]\nname = motor\n', 2, 8, /./],
    ['a key without a value', 'a = 1\nb =', 2, 4, /without value/],
    ['no equals sign', 'a 1', 1, 3, /"="/],
    ['an open string', '[a]\nb = "x\nc = 1', 2, 7, /[Uu]nterminated/],
    ['an open table', '[project\nname = 1', 1, 9, /./],
    ['two statements on a line', 'a = 1 b = 2', 1, 7, /end of line/],
    ['a key twice', '[a]\nb = 1\nb = 2', 3, 6, /redefine/],
    ['a table twice', '[a]\n\n[a]', 3, 3, /redefine/],
    ['True', 'a = True', 1, 5, /./],
    ['a strange character', '\né = 1', 2, 1, /"é"/],
    ['Windows line ends', 'a = 1\r\nb = 2 c\r\n', 2, 7, /end of line/],
    ['an object of another language', '{"a": 1}', 1, 1, /./],
  ])('is one problem with line and column: %s', (_, text, line, column, complaint) => {
    expect(problem(text)).toMatchObject({
      code: 'TOML-SYNTAX',
      what: expect.stringMatching(complaint),
      place: { file: 'haute.toml', line, column },
    });
    expect(problem(text)?.what).not.toMatch(/row|pos \d|\n/);
  });

  it('never has a place outside of the text', () => {
    const noise = fc.string({
      unit: fc.constantFrom('a', '=', '[', ']', '"', '\n', ' ', '1', '{', '.', '\r\n', 'é'),
      maxLength: 30,
    });
    fc.assert(
      fc.property(noise, (text) => {
        const place = problem(text)?.place;
        if (place === undefined) return;
        const line = text.split('\n')[(place.line ?? 0) - 1];
        expect(line).toBeDefined();
        expect(place.column).toBeGreaterThanOrEqual(1);
        expect(place.column).toBeLessThanOrEqual((line?.length ?? 0) + 1);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('a key that every JavaScript object has', () => {
  it.each([
    '[toString]\nx = 1',
    'constructor.prototype.x = 1',
    '[a]\n[a.hasOwnProperty]\ncall = 1',
    'a = { __proto__ = { x = 1 } }',
    '"valueOf" = 1',
    '[[toString]]',
  ])('is unknown, and changes no such object: %j', (text) => {
    expect(problem(text)).toMatchObject({ code: 'TOML-UNKNOWN-KEY', place: { line: expect.any(Number) } });
    expect(Object.keys(Object.prototype.toString)).toEqual([]);
    expect(Object.keys(Object.prototype.hasOwnProperty)).toEqual([]);
    expect('x' in {}).toBe(false);
  });
});

describe('a file of a megabyte', () => {
  it('is refused where it is nested too deeply, before anyone reads it', () => {
    expect(problem(`a = ${'['.repeat(1_000_000)}`)).toMatchObject({ code: 'TOML-TOO-DEEP', place: { line: 1 } });
  });

  it('is read', () => {
    expect(
      problem(Array.from({ length: 40_000 }, (_, i) => `key_of_some_length_${i} = ${i}`).join('\n')),
    ).toBeUndefined();
  });
});

describe('a document', () => {
  const text = '[deploy]\ntarget = "local" # port = 1\n[deploy.container]\nport = 8080.0\n';
  const parsed = parseToml(text, 'haute.toml');
  if ('problem' in parsed) throw new Error(parsed.problem.what);
  const { document } = parsed;

  it('knows where its keys stand, and for missing ones the table around them', () => {
    expect(document.place(['deploy', 'container', 'port'])).toEqual({ file: 'haute.toml', line: 4, column: 1 });
    expect(document.place(['deploy', 'container', 'registry'])).toEqual({ file: 'haute.toml', line: 3, column: 9 });
    expect(document.place(['ci', 'staging'])).toEqual({ file: 'haute.toml' });
  });

  it('knows how a bare value is written', () => {
    expect(document.bare(['deploy', 'container', 'port'])).toBe('8080.0');
    expect(document.bare(['deploy', 'target'])).toBeUndefined();
  });
});
