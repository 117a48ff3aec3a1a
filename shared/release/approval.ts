import type { Policy } from './policy.ts';

/** Where a word was given: on a terminal, to a gate of the host, on a change request, to a native deployment gate. */
export type ApprovalSource = 'terminal' | 'environment' | 'review' | 'deployment' | 'comment';

/** How a person is known to have approved, on any source. */
export interface ApprovalRecord {
  /** Stable identity of the person on its source. */
  readonly person: string;
  /** Other names of the same person (e-mail, display name), for the author check. */
  readonly aliases: readonly string[];
  readonly source: ApprovalSource;
  /** `authenticated`: the source checked who it was; `asserted`: the run was told so. */
  readonly strength: 'asserted' | 'authenticated';
  readonly word: 'approve' | 'reject';
  /** ISO 8601, UTC, milliseconds: when it was given, or when it was seen where the source does not say. */
  readonly at: string;
  /** Earliest time it can have been given, where `at` is when it was seen. */
  readonly notBefore?: string;
  /** What it was given on; not there where the person was asked about this very release. */
  readonly on?: { readonly releaseId: string } | { readonly commit: string };
  /** Where it can be read. */
  readonly url?: string;
  readonly comment: string;
  /** Why this person may not approve, as the source knows (no write access, not in the team); undefined when they may. */
  readonly refusal: string | undefined;
}

/** What is to be approved. */
export interface ApprovalSubject {
  readonly releaseId: string;
  readonly commit: string | null;
  /** When the impact report was made that approvers look at, ISO 8601, UTC, milliseconds; undefined where there is none. */
  readonly evidenceAt: string | undefined;
}

export interface ApprovalJudgement {
  readonly needed: number;
  /** One per person, their latest word, in order of time. */
  readonly counted: readonly ApprovalRecord[];
  readonly rejected: readonly ApprovalRecord[];
  /** Words that do not count, each with the reason. */
  readonly ignored: readonly { readonly approval: ApprovalRecord; readonly why: string }[];
  readonly enough: boolean;
}

/**
 * Who approved, by the rules of the policy: the latest word of each distinct person, given on this release or its
 * commit and not before its impact report, never by an author of the change where four eyes are asked, only from the
 * sources allowed, and by nobody whom the source refuses. One rejection that stands is enough to refuse; it stands
 * until the same person approves, whatever commit it was given on, unless it names another release.
 * @param authors log-in names, names and e-mail addresses of everybody who made the change
 * @param needed least number of distinct approvers
 */
export function judgeApprovals(
  approvals: readonly ApprovalRecord[],
  rules: Policy['approval'],
  authors: readonly string[],
  needed: number,
  subject: ApprovalSubject,
): ApprovalJudgement {
  const ignored: { approval: ApprovalRecord; why: string }[] = [];
  const latest = new Map<string, ApprovalRecord>();
  for (const approval of [...approvals].sort(byTime)) {
    const why =
      whoMayNot(approval, rules) ??
      notAbout(approval, subject) ??
      (approval.word === 'approve' ? (stale(approval, subject) ?? ownWork(approval, rules, authors)) : undefined);
    if (why) ignored.push({ approval, why });
    else latest.set(identity(approval.person), approval);
  }
  const words = [...latest.values()];
  const counted = words.filter((approval) => approval.word === 'approve');
  const rejected = words.filter((approval) => approval.word === 'reject');
  return { needed, counted, rejected, ignored, enough: rejected.length === 0 && counted.length >= needed };
}

function whoMayNot(approval: ApprovalRecord, rules: Policy['approval']): string | undefined {
  if (identity(approval.person) === '') return 'has no name';
  if (approval.refusal !== undefined) return approval.refusal;
  if (approval.source === 'terminal' || rules.sources.includes(approval.source)) return undefined;
  return `was given by ${approval.source}, which the policy does not accept`;
}

function notAbout({ on, word }: ApprovalRecord, subject: ApprovalSubject): string | undefined {
  if (!on) return undefined;
  if ('releaseId' in on) {
    return namesRelease(on.releaseId, subject.releaseId) ? undefined : `named another release (${on.releaseId})`;
  }
  if (on.commit === subject.commit || word === 'reject') return undefined;
  return `approved commit ${on.commit.slice(0, 12)}, and the release is of ${subject.commit?.slice(0, 12) ?? 'no commit'}`;
}

function stale({ at, notBefore }: ApprovalRecord, { evidenceAt }: ApprovalSubject): string | undefined {
  if (evidenceAt === undefined) return undefined;
  if (at < evidenceAt) return `approved at ${at}, before the impact report of ${evidenceAt}`;
  if (notBefore === undefined || notBefore >= evidenceAt) return undefined;
  return `may have approved before the impact report of ${evidenceAt}: the source does not say when it was`;
}

function ownWork(approval: ApprovalRecord, rules: Policy['approval'], authors: readonly string[]): string | undefined {
  const names = [approval.person, ...approval.aliases].map(identity);
  const own = rules.distinctFromAuthor && authors.some((author) => names.includes(identity(author)));
  return own ? 'is an author of the change' : undefined;
}

/** Least number of hex digits that name a release: as many as people are shown. */
export const SHORTEST_RELEASE_NAME = 12;

/** True when `written` (a digest, its hex digits or the first 12 of them at least, in any case) names the release. */
export function namesRelease(written: string, releaseId: string): boolean {
  const digits = hexDigits(written);
  return /^[0-9a-f]{12,64}$/.test(digits) && hexDigits(releaseId).startsWith(digits);
}

function hexDigits(digest: string): string {
  return digest.toLowerCase().replace(/^sha256:/, '');
}

/** Case, surrounding space and a leading @ do not make another person. */
function identity(name: string): string {
  return name.trim().replace(/^@/, '').toLowerCase().normalize('NFC');
}

/**
 * In order of time; where the time of a word is not known, an approval is taken to be as old and a rejection as young as
 * it can be, and of two words at one time the rejection is the later: in doubt a person has not approved.
 */
function byTime(a: ApprovalRecord, b: ApprovalRecord): number {
  const [left, right] = [timeOf(a), timeOf(b)];
  if (left !== right) return left < right ? -1 : 1;
  return Number(a.word === 'reject') - Number(b.word === 'reject');
}

function timeOf({ word, at, notBefore }: ApprovalRecord): string {
  return word === 'approve' ? (notBefore ?? at) : at;
}
