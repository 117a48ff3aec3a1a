import { expect, it } from 'vitest';
import { SparseProgress } from './sparse-progress.ts';

it('shows every stage of a ramp in tenths, however shares round', () => {
  const progress = new SparseProgress();
  const stages = [10, 20, 30, 40, 50, 60, 70, 80, 90, 100];
  expect(stages.map((percent) => progress.line('traffic', percent, 100, '%'))).toEqual(
    stages.map((percent) => `traffic: ${percent} %`),
  );
});

it('leaves out what is less than a tenth further', () => {
  const progress = new SparseProgress();
  const shown = Array.from({ length: 1000 }, (_, row) => progress.line('rows', row + 1, 1000)).filter(Boolean);
  expect(shown).toHaveLength(11);
  expect(shown.at(-1)).toBe('rows: 1000 of 1000 (100 %)');
});
