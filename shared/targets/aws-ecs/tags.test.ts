import { describe, expect, it } from 'vitest';
import {
  countTag,
  historyTags,
  markTags,
  NO_MARK,
  OWN_TAGS,
  ownerOf,
  readCount,
  readHistory,
  readMark,
  readSuperseded,
  type StoredMark,
  supersededTag,
  tagList,
  tagsOf,
} from './tags.ts';

const mark: StoredMark = {
  id: '5d9a2f5e-0f43-4e6f-8c7e-7d0f5c0b1a2b',
  candidate: 'motor:8',
  current: 'motor:7',
  before: 'motor:7',
  startedAt: '2026-01-01T00:00:00.000Z',
  run: 'https://ci.example/runs/1',
  paused: false,
  until: '2026-01-01T01:00:00.000Z',
};

describe('the mark of a promotion', () => {
  it.each<[string, Partial<StoredMark>]>([
    ['of a first deployment', { current: undefined, before: undefined }],
    ['that is paused', { paused: true }],
    ['as it is', {}],
  ])('is read as it was written: %s', (_what, change) => {
    const written = { ...mark, ...change };
    expect(readMark(tagsOf(tagList(markTags(written))))).toEqual(written);
  });

  it('is gone once it is closed', () => {
    expect(readMark({ ...markTags(mark), ...NO_MARK })).toBeUndefined();
    expect(readMark({})).toBeUndefined();
  });

  it.each<[string, Partial<StoredMark>, string]>([
    ['in its time', {}, 'alive'],
    ['past it', { until: '2025-12-31T23:00:00.000Z' }, 'gone'],
    ['past it but left for a person', { until: '2025-12-31T23:00:00.000Z', paused: true }, 'paused'],
    ['with no time', { until: '' }, 'unknown'],
  ])('tells who holds it %s', (_what, change, owner) => {
    expect(ownerOf({ ...mark, ...change }, Date.parse('2026-01-01T00:30:00Z'))).toBe(owner);
  });

  it('has only what tags may have', () => {
    const run = 'https://ci.example/a?b=c&d=é#{"x"}';
    const [value] = tagList(markTags({ ...mark, run })).flatMap(({ key, value }) => (key === 'haute:run' ? value : []));
    expect(value).toMatch(/^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u);
    expect(tagList({ long: 'x'.repeat(500) })[0]?.value).toHaveLength(256);
  });
});

describe('the history of a service', () => {
  const at = (minute: number) => `2026-01-01T00:${String(minute).padStart(2, '0')}:00.000Z`;
  const entry = (id: string, minute: number) => ({
    deploymentId: id,
    settledAt: at(minute),
    evidence: `sha256:${'e'.repeat(64)}`,
  });

  it('is read newest first, and remembers ten', () => {
    let tags = {};
    for (let minute = 1; minute <= 12; minute += 1)
      tags = tagsOf(tagList(historyTags(readHistory(tags), entry(`motor:${minute}`, minute))));
    expect(readHistory(tags).map(({ deploymentId }) => deploymentId)).toEqual(
      Array.from({ length: 10 }, (_, index) => `motor:${12 - index}`),
    );
    expect(readHistory(tags)[0]).toEqual(entry('motor:12', 12));
  });

  it('has one line for what settles again where it is', () => {
    const tags = historyTags([entry('motor:1', 1)], entry('motor:1', 2));
    expect(readHistory(tags)).toEqual([entry('motor:1', 2)]);
  });

  it('does without the evidence of a family with too long a name, never without the deployment', () => {
    const id = `${'f'.repeat(200)}:1`;
    expect(readHistory(historyTags([], entry(id, 1)))).toEqual([{ ...entry(id, 1), evidence: '' }]);
  });

  it('is empty where nothing was written, or nothing that is one', () => {
    expect(readHistory({})).toEqual([]);
    expect(readHistory({ 'haute:history-01': 'broken' })).toEqual([]);
  });
});

it('leaves room for every tag that a service may have of ours', () => {
  const entry = (index: number) => ({ deploymentId: `m:${index}`, settledAt: 'x', evidence: '' });
  const history = Array.from({ length: 12 }, (_, index) => entry(index));
  const own = { ...markTags(mark), ...historyTags(history, entry(12)), ...countTag(1), ...supersededTag(['p']) };
  // The configuration that is put back is the one more.
  expect(Object.keys(own).length + 1).toBe(OWN_TAGS);
});

it('keeps the promotions that were taken over last', () => {
  const ids = Array.from({ length: 9 }, (_, index) => `${index}`.repeat(36));
  expect(readSuperseded(tagsOf(tagList(supersededTag(ids))))).toEqual(ids.slice(-6));
});

it.each([
  ['3', 3],
  ['0', undefined],
  ['-', undefined],
  ['x', undefined],
])('reads the count %j as %j', (text, count) => {
  expect(readCount({ 'haute:count': text })).toBe(count);
});
