import { describe, expect, it } from 'vitest';
import { readCommandLine } from './arguments.ts';

const switches = new Set(['json', 'dry-run']);

describe('a command line', () => {
  it.each<[string, string[], string[], Record<string, string[]>]>([
    [
      'values apart and with =',
      ['validate', '--project', 'x', '--target=local'],
      ['validate'],
      { project: ['x'], target: ['local'] },
    ],
    ['switches alone', ['validate', '--json', '--dry-run'], ['validate'], { json: ['true'], 'dry-run': ['true'] }],
    ['switches with a word', ['validate', '--dry-run', 'false'], ['validate'], { 'dry-run': ['false'] }],
    ['a switch before a word that is not its value', ['--json', 'validate'], ['validate'], { json: ['true'] }],
    ['repeated flags in order', ['x', '--approve', 'Ann', '--approve', 'Bo'], ['x'], { approve: ['Ann', 'Bo'] }],
    ['empty values', ['x', '--reason='], ['x'], { reason: [''] }],
    ['values that look like flags, with =', ['x', '--reason=--why'], ['x'], { reason: ['--why'] }],
  ])('%s', (_, argv, words, flags) => {
    const { line, problems } = readCommandLine(argv, switches);
    expect({ words: line.words, flags: Object.fromEntries(line.flags), problems }).toEqual({
      words,
      flags,
      problems: [],
    });
  });

  it('reports every flag that lacks its value', () => {
    const { problems } = readCommandLine(['x', '--project', '--target'], switches);
    expect(problems.map((problem) => problem.what)).toEqual(['--project has no value', '--target has no value']);
  });
});
