import type { ApprovalQuery } from '../ports/forge.ts';
import { type ApprovalRecord, SHORTEST_RELEASE_NAME } from '../release/approval.ts';
import { readApprovalCommands } from '../release/approval-command.ts';

/** Somebody who spoke on a forge, and whether their word counts. */
export interface Speaker {
  readonly person: string;
  readonly aliases: readonly string[];
  /** Why it does not count; undefined when it does. */
  readonly refusal: string | undefined;
}

/** A comment on a change request. Times are ISO 8601, UTC, milliseconds. */
export interface SpokenComment {
  readonly body: string;
  readonly at: string;
  /** When it was last changed, where that was after it was written. */
  readonly editedAt: string | undefined;
  readonly url: string;
}

/** True when the comment says anything about an approval: only then is it asked who wrote it. */
export function hasCommands(comment: Pick<SpokenComment, 'body'>): boolean {
  return readApprovalCommands(comment.body).length > 0;
}

/**
 * The words of a comment. A changed comment approves nothing, as anybody with write access may have changed it; it still
 * rejects, from the time it was changed. A rejection that names no release is about what the impact report shows, when
 * it came after it.
 */
export function recordsOf(
  comment: SpokenComment,
  speaker: Speaker,
  { evidenceAt }: Pick<ApprovalQuery, 'evidenceAt'>,
): readonly ApprovalRecord[] {
  return readApprovalCommands(comment.body).map(({ word, release, note }) => {
    const at = comment.editedAt ?? comment.at;
    const named = release.replace(/^sha256:/i, '').length >= SHORTEST_RELEASE_NAME;
    const record = {
      person: speaker.person,
      aliases: speaker.aliases,
      source: 'comment',
      strength: 'authenticated',
      word,
      at,
      url: comment.url,
      comment: note,
      refusal: speaker.refusal,
      ...(named && { on: { releaseId: release.toLowerCase() } }),
    } as const;
    if (speaker.refusal !== undefined) return record;
    if (word === 'approve') return { ...record, refusal: whyVoid(comment, named) };
    const old = !named && evidenceAt !== undefined && at < evidenceAt;
    return { ...record, refusal: old ? 'rejected without naming a release, before the impact report' : undefined };
  });
}

function whyVoid({ editedAt }: SpokenComment, named: boolean): string | undefined {
  if (editedAt !== undefined) return `changed the comment at ${editedAt}, after writing it: only a new one counts`;
  if (!named) return `named no release: write /approve and at least ${SHORTEST_RELEASE_NAME} digits of its id`;
  return undefined;
}
