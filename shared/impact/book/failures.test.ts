import { describe, expect, it } from 'vitest';
import { Failures } from './failures.ts';

describe('failures', () => {
  it('are gathered by their words, numbers apart, each with the words of the first', () => {
    const failures = new Failures();
    failures.add('staging', 0, 'age of row 1', 422);
    failures.add('staging', 4, 'age of row 5', 422);
    failures.add('production', 4, 'age of row 5', 422);
    failures.add('staging', 6, 'the answer is not JSON: <html>…', undefined);
    expect(failures.groups).toEqual([
      { side: 'staging', error: 'age of row 1', status: 422, rows: 2, examples: [0, 4] },
      { side: 'production', error: 'age of row 5', status: 422, rows: 1, examples: [4] },
      { side: 'staging', error: 'the answer is not JSON: <html>…', status: undefined, rows: 1, examples: [6] },
    ]);
  });

  it('of more kinds than a person would read are counted together', () => {
    const failures = new Failures();
    const kind = (index: number): string => 'x'.repeat(index + 1);
    for (let index = 0; index < 150; index++) failures.add('staging', index, kind(index), 422);
    failures.add('staging', 150, kind(3), 422);
    const { groups } = failures;
    expect(groups).toHaveLength(101);
    expect(groups[0]).toMatchObject({ error: 'other errors', rows: 50, examples: [100, 101, 102] });
    expect(groups[1]).toMatchObject({ error: kind(3), rows: 2, examples: [3, 150] });
  });
});
