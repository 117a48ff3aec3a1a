import { describe, expect, it } from 'vitest';
import { batchOf, motorBook, type Priced, reportOf } from '../../../tests/impact/make-book.ts';
import { BookBuilder } from '../book/book-builder.ts';
import { changesOf } from '../figures/changes.ts';
import { ChangeTotals } from '../figures/output-figures.ts';
import { SeededRandom } from '../numbers/random.ts';
import { RowSet } from '../pages/row-set.ts';
import { findSegments } from './find-segments.ts';
import type { Segment } from './segment.ts';

function segmentsOf(book: readonly Priced[]): readonly Segment[] {
  const builder = new BookBuilder({ key: 'quote_id', weightColumn: undefined });
  builder.add(batchOf(book));
  const built = builder.finish();
  const premium = built.outputs.find(({ name }) => name === 'premium');
  if (premium === undefined) throw new Error('no premium');
  const rows = new RowSet();
  for (let row = 0; row < built.rows; row++) rows.add(row);
  const totals = new ChangeTotals();
  const changes = changesOf(premium, rows, built.rows, [totals]);
  return findSegments(built.segments, changes, totals.whole(changes)).segments;
}

function named(segment: Segment): string {
  return segment.conditions
    .map(({ column, low, high }) => `${column} ${low === high ? low : `${low ?? ''}..${high ?? ''}`}`)
    .sort()
    .join(' & ');
}

describe('segments', () => {
  it('of one column are found: its category', () => {
    const segments = segmentsOf(motorBook(20_000, 1, ({ region }) => (region === 'London' ? 12 : 1)));
    expect(segments.map(named)).toEqual(['region London']);
    expect(segments[0]).toMatchObject({ direction: 'increase', parent: undefined });
    expect(segments[0]?.meanChangePct).toBeCloseTo(12, 1);
  });

  it('of a range of numbers are found, open to the side where no more are', () => {
    const segments = segmentsOf(motorBook(20_000, 2, ({ driver_age: age }) => (Number(age) < 25 ? 15 : 0)));
    expect(segments).toHaveLength(1);
    expect(segments[0]?.conditions).toEqual([{ column: 'driver_age', low: undefined, high: 24 }]);
  });

  it('of two columns are found, with the wider one that they refine', () => {
    const segments = segmentsOf(
      motorBook(
        20_000,
        3,
        ({ region, fuel }, random) => (region === 'Wales' && fuel === 'diesel' ? 9 : 0) + random.below(3) - 1,
      ),
    );
    expect(segments.map(named)).toEqual(['fuel diesel & region Wales']);
    expect(segments[0]?.parent?.conditions).toHaveLength(1);
    expect(Math.abs(segments[0]?.parent?.meanChangePct ?? 0)).toBeLessThan(segments[0]?.meanChangePct ?? 0);
  });

  it('of three columns are found', () => {
    const planted = ({ region, fuel, garaged }: Priced['row']): boolean =>
      region === 'North' && fuel === 'electric' && garaged === false;
    const segments = segmentsOf(motorBook(30_000, 5, (row, random) => (planted(row) ? -11 : 0) + random.below(3) - 1));
    expect(segments.map(named)).toEqual(['fuel electric & garaged false & region North']);
    expect(segments[0]).toMatchObject({ direction: 'decrease', rows: expect.any(Number) });
  });

  it('are told by one column where another makes some of them only a little stronger', () => {
    const segments = segmentsOf(
      motorBook(20_000, 4, ({ region, vehicle_value: value }, random) => {
        const noise = random.below(100) / 100;
        return region === 'Wales' ? 4 + Number(value) / 20_000 + noise : noise + (region === 'London' ? 2 : 0);
      }),
    );
    expect(segments.map(named)).toEqual(['region Wales']);
  });

  it('of both directions are found apart', () => {
    const book = motorBook(
      20_000,
      6,
      ({ region, fuel }) => (region === 'South' ? 8 : 0) + (fuel === 'hybrid' ? -9 : 0),
    );
    const found = segmentsOf(book);
    expect(new Set(found.map(({ direction }) => direction))).toEqual(new Set(['increase', 'decrease']));
    for (const { direction, conditions } of found) {
      expect(conditions.map(({ column }) => column)).toContain(direction === 'increase' ? 'region' : 'fuel');
    }
  });

  it('of a fall fall on average, and those of a rise rise more than the book', () => {
    const book = motorBook(6_000, 3, ({ region, driver_age: age, vehicle_value: value }) => {
      return (region === 'Wales' ? 8 : -1) + (Number(age) < 25 ? 4 : 0) + (Number(value) < 20_000 ? 2 : 0);
    });
    const mean = reportOf(book).outputs[0]?.mean_change_pct ?? 0;
    for (const { direction, meanChangePct = 0 } of segmentsOf(book)) {
      if (direction === 'decrease') expect(meanChangePct).toBeLessThan(Math.min(0, mean));
      else expect(meanChangePct).toBeGreaterThan(Math.max(0, mean));
    }
  });

  it('of a fall are found inside rows that rise on average', () => {
    const segments = segmentsOf(
      motorBook(20_000, 3, ({ region, vehicle_group: group }) => {
        if (region !== 'Wales') return 0;
        return Number(group) <= 42 ? -4 : 30;
      }),
    );
    expect(segments.filter(({ direction }) => direction === 'decrease').map(named)).toEqual([
      'region Wales & vehicle_group ..42',
    ]);
  });

  it('are found in a very large book that lists its rows in turns', () => {
    const book = motorBook(200_002, 3, () => 0).map((quote, index): Priced => {
      const odd = index % 2 === 1;
      const staging = Number(quote.production) * (odd ? 1.1 : 1);
      return { ...quote, row: { quote_id: quote.row.quote_id ?? null, channel: odd ? 'broker' : 'direct' }, staging };
    });
    expect(segmentsOf(book).map(named)).toEqual(['channel broker']);
  });

  it('are none where all change by the same', () => {
    expect(segmentsOf(motorBook(5_000, 7, () => 4))).toEqual([]);
    expect(segmentsOf(motorBook(5_000, 7, () => 0))).toEqual([]);
  });

  /** Uniform from 0 to 1. */
  const part = (random: SeededRandom): number => (random.below(2 ** 32) + 0.5) / 2 ** 32;
  const CHANCE: readonly [string, (random: SeededRandom) => number][] = [
    ['anything from -10 to +10', (random) => 20 * part(random) - 10],
    ['+10 for one quote in two', (random) => (part(random) < 0.5 ? 10 : 0)],
    ['+10 for two quotes in three', (random) => (part(random) < 0.667 ? 10 : 0)],
    ['-8 for most', (random) => (part(random) < 0.6 ? -8 : 0)],
    ['+60 for one quote in a hundred', (random) => (part(random) < 0.01 ? 60 : 0)],
    ['with heavy tails', (random) => Math.min(1_000, part(random) ** (-1 / 1.5) - 1)],
  ];

  it.each(CHANCE)('are none where the change is chance: %s', (_, change) => {
    const columns = Array.from({ length: 20 }, (__, column) => column);
    for (const [rows, books] of [
      [60, 8],
      [300, 12],
      [2_000, 3],
    ] as const) {
      for (let seed = 1; seed <= books; seed++) {
        const random = new SeededRandom(seed * 1_009);
        const book = motorBook(rows, seed, (__, changes) => change(changes)).map((priced) => {
          const more = columns.map((column) => [`x${column}`, random.below(column % 2 === 0 ? 1_000 : 6)] as const);
          return { ...priced, row: { ...priced.row, ...Object.fromEntries(more) } };
        });
        expect(segmentsOf(book)).toEqual([]);
      }
    }
  });

  it('are found in spite of a few rows that go far beyond all others', () => {
    const book = motorBook(
      20_000,
      3,
      ({ region, fuel }, random) =>
        (region === 'Wales' && fuel === 'diesel' ? 9 : 0) +
        random.below(3) -
        1 +
        (random.below(4_000) === 0 ? 5_000 : 0),
    );
    expect(segmentsOf(book).map(named)).toEqual(['fuel diesel & region Wales']);
  });

  it('are a screen of them at most, and never of ids', () => {
    const book = motorBook(20_000, 8, (row) => Number(row.vehicle_group) * (row.region === 'London' ? 1 : 0.2)).map(
      (priced, index) => ({
        ...priced,
        row: { ...priced.row, policy_id: index, customerRef: `c${index % 7}` },
      }),
    );
    const segments = segmentsOf(book);
    expect(segments.length).toBeLessThanOrEqual(12);
    expect(segments.flatMap(({ conditions }) => conditions.map(({ column }) => column))).not.toContain('policy_id');
    expect(segments.flatMap(({ conditions }) => conditions.map(({ column }) => column))).not.toContain('customerRef');
  });

  it('have the figures of exactly the rows that meet their conditions', () => {
    const book = motorBook(8_000, 9, ({ region, vehicle_group: group }) =>
      region === 'London' && Number(group) > 40 ? 20 : 0,
    );
    for (const { conditions, rows, totalChange } of segmentsOf(book)) {
      const members = book.filter(({ row }) =>
        conditions.every(({ column, low, high }) => {
          const value = row[column] as string | number | boolean;
          if (typeof value !== 'number') return String(value) === low;
          return (low === undefined || value >= Number(low)) && (high === undefined || value <= Number(high));
        }),
      );
      expect(members).toHaveLength(rows);
      expect(totalChange).toBeCloseTo(
        members.reduce((sum, { production, staging }) => sum + Number(staging) - Number(production), 0),
        4,
      );
    }
  });

  it('may be of rows without a value', () => {
    const book = motorBook(5_000, 10, ({ fuel }) => (fuel === 'hybrid' ? 30 : 0)).map((priced) => ({
      ...priced,
      row: { ...priced.row, fuel: priced.row.fuel === 'hybrid' ? null : (priced.row.fuel ?? null) },
    }));
    expect(segmentsOf(book).map(named)).toEqual(['fuel null']);
  });
});

describe('breakdowns', () => {
  it('show the columns that explain most, value by value', () => {
    const report = reportOf(motorBook(5_000, 11, ({ region }) => (region === 'London' ? 12 : 1)));
    expect(report.breakdowns.map(({ column }) => column)).toEqual(['region']);
    expect(report.breakdowns[0]?.groups.map(({ low }) => low)).toEqual([
      'London',
      'Midlands',
      'North',
      'Scotland',
      'South',
      'Wales',
    ]);
    expect(report.breakdowns[0]?.explained_pct).toBeGreaterThan(99);
  });

  it('leave out columns with too many values, and say so', () => {
    const book = motorBook(12_000, 12, () => 1).map((priced, index) => ({
      ...priced,
      row: { ...priced.row, postcode: `P${index}` },
    }));
    expect(reportOf(book).notes).toContainEqual({
      code: 'COLUMN-MANY-VALUES',
      text: expect.stringContaining('postcode'),
    });
  });
});
