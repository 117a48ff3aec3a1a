import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDuration, parseBoolean, parseDuration, parseInteger, parsePercentage, parseSize } from './units.ts';

describe('a duration', () => {
  it.each([
    ['0s', 0],
    ['500ms', 500],
    ['90s', 90_000],
    ['15m', 900_000],
    ['2h', 7_200_000],
    ['1d', 86_400_000],
    ['366d', 31_622_400_000],
    [' 10m\n', 600_000],
  ])('%j is %d ms', (text, value) => {
    expect(parseDuration(text)).toEqual({ value });
  });

  it.each([
    '',
    '10',
    '10 m',
    '1h30m',
    '1.5h',
    '-1s',
    '+1s',
    '10M',
    '10min',
    '1e3s',
    '367d',
    '٣s',
    '9999999999999999999d',
    'Infinitys',
  ])('%j is refused', (text) => {
    expect(parseDuration(text)).toMatchObject({ problem: expect.stringContaining(JSON.stringify(text)) });
  });

  it('is read back as it was written', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 366 * 86_400_000 }), (ms) => {
        expect(parseDuration(formatDuration(ms))).toEqual({ value: ms });
      }),
    );
  });

  it('is written in the largest unit that holds it', () => {
    expect([0, 1, 1000, 90_000, 7_200_000, 86_400_000].map(formatDuration)).toEqual([
      '0s',
      '1ms',
      '1s',
      '90s',
      '2h',
      '1d',
    ]);
  });
});

describe('a percentage', () => {
  it.each([
    ['5%', 0.05],
    ['0.1%', 0.001],
    ['100%', 1],
    ['0', 0],
    ['0.05', 0.05],
    ['1', 1],
  ])('%j is %d', (text, value) => {
    expect(parsePercentage(text)).toEqual({ value });
  });

  it.each(['', '%', '5 %', '-1%', '101%', '5', '1.01', '1e-2', '.5', 'NaN', '5%%', '0x1%'])('%j is refused', (text) => {
    expect(parsePercentage(text)).toHaveProperty('problem');
  });

  it('asks whether a fraction above 1 was meant as a percentage', () => {
    expect(parsePercentage('5')).toEqual({
      problem: 'is "5", a fraction above 1',
      fix: 'Write 5% if that is what you mean',
    });
  });

  it('may be over 100 % where the caller says so', () => {
    expect(parsePercentage('250%', { max: 10 })).toEqual({ value: 2.5 });
  });

  it('is not zero where the caller says so', () => {
    expect(parsePercentage('0%', { min: 0.001 })).toEqual({
      problem: 'is "0%"',
      fix: 'Write a percentage from 0.1% to 100%',
    });
  });
});

describe('a size', () => {
  it.each([
    ['0B', 0],
    ['512B', 512],
    ['1kB', 1000],
    ['1KB', 1000],
    ['64KiB', 65_536],
    ['8MiB', 8_388_608],
    ['2MB', 2_000_000],
    ['1GiB', 1_073_741_824],
  ])('%j is %d bytes', (text, value) => {
    expect(parseSize(text)).toEqual({ value });
  });

  it.each(['', '8', '8M', '8 MiB', '-8MiB', '8mib', '8iB', '8kiB', '1.5MiB', '99999999999999GiB'])(
    '%j is refused',
    (text) => {
      expect(parseSize(text)).toHaveProperty('problem');
    },
  );
});

describe('a whole number', () => {
  it.each([
    ['0', 0],
    ['-0', 0],
    ['-7', -7],
    ['+7', 7],
    [' 42 ', 42],
  ])('%j is %d', (text, value) => {
    expect(parseInteger(text)).toEqual({ value });
  });

  it.each(['', '30s', '1.0', '1e3', '0x10', '1_000', '1,000', '9007199254740993', 'NaN'])('%j is refused', (text) => {
    expect(parseInteger(text)).toHaveProperty('problem');
  });

  it.each([
    ['0', 'Write a whole number from 1 to 65535'],
    ['65536', 'Write a whole number from 1 to 65535'],
  ])('%j is out of range', (text, fix) => {
    expect(parseInteger(text, { min: 1, max: 65_535 })).toMatchObject({ fix });
  });
});

describe('a boolean', () => {
  it('is true or false', () => {
    expect([parseBoolean('true'), parseBoolean('false')]).toEqual([{ value: true }, { value: false }]);
  });

  it.each(['', 'True', 'yes', '1', '0', 'on', 'nope'])('%j is refused', (text) => {
    expect(parseBoolean(text)).toHaveProperty('problem');
  });
});
