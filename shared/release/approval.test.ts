import { describe, expect, it } from 'vitest';
import { type ApprovalRecord, type ApprovalSubject, judgeApprovals, namesRelease } from './approval.ts';

const rules = {
  min: 2,
  distinctFromAuthor: true,
  approvers: [],
  sources: ['environment', 'review', 'comment'],
} as const;

const RELEASE = `sha256:${'4f2a9c01d2e3'.padEnd(64, '0')}`;
const COMMIT = 'c0ffee'.padEnd(40, '0');
const SUBJECT: ApprovalSubject = { releaseId: RELEASE, commit: COMMIT, evidenceAt: undefined };

let minute = 0;
function approval(person: string, change: Partial<ApprovalRecord> = {}): ApprovalRecord {
  minute += 1;
  const at = `2026-01-01T00:${String(minute % 60).padStart(2, '0')}:00.000Z`;
  return {
    person,
    aliases: [],
    source: 'review',
    strength: 'authenticated',
    word: 'approve',
    at,
    comment: '',
    refusal: undefined,
    ...change,
  };
}

describe('approvals', () => {
  it.each<[string, ApprovalRecord[], string[], boolean]>([
    ['two people', [approval('ann'), approval('bo')], [], true],
    ['one person twice', [approval('ann'), approval('ann', { source: 'comment' })], [], false],
    ['one person in two spellings', [approval('Ann'), approval('@ann ')], [], false],
    [
      'two sources, two people',
      [approval('ann', { source: 'environment' }), approval('bo', { source: 'comment' })],
      [],
      true,
    ],
    ['the author', [approval('ann'), approval('bo')], ['bo'], false],
    [
      'the author by e-mail',
      [approval('ann'), approval('bo', { aliases: ['bo@example.com'] })],
      ['BO@example.com'],
      false,
    ],
    ['a source that does not count', [approval('ann'), approval('bo', { source: 'deployment' })], [], false],
    ['somebody the source refuses', [approval('ann'), approval('bo', { refusal: 'has no write access' })], [], false],
    ['a rejection that stands', [approval('ann'), approval('bo'), approval('cy', { word: 'reject' })], [], false],
    ['a nameless one', [approval('ann'), approval('  ')], [], false],
  ])('%s', (_, approvals, authors, enough) => {
    expect(judgeApprovals(approvals, rules, authors, 2, SUBJECT).enough).toBe(enough);
  });

  it('takes the latest word of a person, whatever the order they come in', () => {
    const no = approval('ann', { word: 'reject', at: '2026-01-01T10:00:00.000Z' });
    const yes = approval('ann', { at: '2026-01-01T11:00:00.000Z' });
    expect(judgeApprovals([yes, no], rules, [], 1, SUBJECT).enough).toBe(true);
    expect(judgeApprovals([no, { ...yes, at: '2026-01-01T09:00:00.000Z' }], rules, [], 1, SUBJECT).enough).toBe(false);
  });

  it('lets an author approve only where the policy does not ask for four eyes', () => {
    const both = [approval('ann'), approval('bo')];
    expect(judgeApprovals(both, { ...rules, distinctFromAuthor: false }, ['bo'], 2, SUBJECT).enough).toBe(true);
  });

  it('lets an author reject', () => {
    expect(
      judgeApprovals([approval('ann'), approval('bo', { word: 'reject' })], rules, ['bo'], 1, SUBJECT).enough,
    ).toBe(false);
  });

  it('says of each word that did not count why', () => {
    const { ignored } = judgeApprovals(
      [approval('bo'), approval('cy', { refusal: 'has no write access' })],
      rules,
      ['bo'],
      2,
      SUBJECT,
    );
    expect(ignored.map(({ approval: { person }, why }) => `${person} ${why}`)).toEqual([
      'bo is an author of the change',
      'cy has no write access',
    ]);
  });
});

describe('what an approval is for', () => {
  const subject: ApprovalSubject = { ...SUBJECT, evidenceAt: '2026-01-01T12:00:00.000Z' };
  const before = '2026-01-01T11:59:59.999Z';
  const after = '2026-01-01T12:00:00.000Z';
  const other = `sha256:${'f'.repeat(64)}`;

  it.each<[string, Partial<ApprovalRecord>, string | undefined]>([
    ['this release by its id', { at: after, on: { releaseId: RELEASE } }, undefined],
    ['this release by twelve digits', { at: after, on: { releaseId: '4F2A9C01D2E3' } }, undefined],
    ['another release', { at: after, on: { releaseId: other } }, 'named another release'],
    ['this commit', { at: after, on: { commit: COMMIT } }, undefined],
    ['an earlier commit', { at: after, on: { commit: 'b'.repeat(40) } }, 'approved commit bbbbbbbbbbbb'],
    ['this release before its impact report', { at: before, on: { releaseId: RELEASE } }, 'before the impact report'],
    ['a time that is not known', { at: after, notBefore: before }, 'may have approved before'],
    ['a time not known but late enough', { at: after, notBefore: after }, undefined],
  ])('%s', (_, change, why) => {
    const { enough, ignored } = judgeApprovals([approval('ann', change)], rules, [], 1, subject);
    expect(enough).toBe(why === undefined);
    expect(ignored[0]?.why ?? '').toContain(why ?? '');
  });

  it('lets a rejection of an earlier commit stand until the same person approves', () => {
    const no = approval('ann', { word: 'reject', at: before, on: { commit: 'b'.repeat(40) } });
    const judge = (...more: ApprovalRecord[]) => judgeApprovals([no, ...more], rules, [], 1, subject).enough;
    expect(judge(approval('bo', { at: after }))).toBe(false);
    expect(judge(approval('bo', { at: after }), approval('ann', { at: after }))).toBe(true);
  });

  it('does not take a rejection of another release for one of this', () => {
    const no = approval('ann', { word: 'reject', at: after, on: { releaseId: other } });
    expect(judgeApprovals([no, approval('bo', { at: after })], rules, [], 1, subject).enough).toBe(true);
  });

  it('does not let an approval of unknown time outlast a rejection', () => {
    const seenLate = approval('ann', { at: '2026-01-01T15:00:00.000Z', notBefore: after });
    const no = approval('ann', { word: 'reject', source: 'comment', at: '2026-01-01T13:00:00.000Z' });
    expect(judgeApprovals([seenLate, no], rules, [], 1, subject).enough).toBe(false);
  });

  it('takes the rejection of two words given at one time', () => {
    const words = [approval('ann', { word: 'reject', at: after }), approval('ann', { at: after, source: 'comment' })];
    expect(judgeApprovals(words, rules, [], 1, subject).enough).toBe(false);
    expect(judgeApprovals(words.toReversed(), rules, [], 1, subject).enough).toBe(false);
  });

  it.each<[string, boolean]>([
    [RELEASE, true],
    [RELEASE.slice(7), true],
    ['sha256:4f2a9c01d2e3', true],
    ['4f2a9c01d2e', false],
    ['', false],
    ['sha256:', false],
    [`${RELEASE}0`, false],
    ['4f2a9c01d2e4', false],
    ['4f2a9c01d2e3*', false],
  ])('%s names the release: %s', (written, named) => {
    expect(namesRelease(written, RELEASE)).toBe(named);
  });
});
