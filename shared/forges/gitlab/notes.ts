import type { ApprovalQuery, ForgeOutcome, StickyComment } from '../../ports/forge.ts';
import type { ApprovalRecord } from '../../release/approval.ts';
import { hasCommands, recordsOf, type SpokenComment } from '../speaker.ts';
import { isSticky, stickyBody } from '../sticky.ts';
import { type MergeRequest, type Note, note } from './answers.ts';
import type { GitLabApi } from './api.ts';
import type { Approvers } from './approvers.ts';
import { mergeRequestsOf } from './merge-requests.ts';
import { SCOPE, TOKEN_VARIABLE } from './permissions.ts';

/** A note has at most 1,000,000 characters; no character is shorter than a byte. */
const NOTE_BYTES = 1_000_000;

/** What was said by `/haute approve` and `/haute reject` on a merge request. */
export async function noteRecords(
  request: MergeRequest,
  notes: readonly Note[],
  query: ApprovalQuery,
  approvers: Approvers,
): Promise<readonly ApprovalRecord[]> {
  const records: ApprovalRecord[] = [];
  for (const one of notes) {
    const spoken = spokenOf(one, request);
    if (one.system === true || !hasCommands(spoken)) continue;
    records.push(...recordsOf(spoken, await approvers.speaker(one.author, query.signal), query));
  }
  return records;
}

export function notesOf(api: GitLabApi, { iid }: MergeRequest, signal: AbortSignal): Promise<readonly Note[]> {
  const asked = { what: `the comments on merge request ${iid}`, permission: SCOPE.job };
  return api.all(asked, note, signal, (client, page) => client.notes.all(api.project, iid, { sort: 'asc', ...page }));
}

/** Writes the comment on the merge request of its commit, or changes the one that is there. */
export async function writeNote(api: GitLabApi, sticky: StickyComment): Promise<ForgeOutcome> {
  if (api.access.token === undefined) {
    return {
      done: false,
      why: `a job’s own token writes no comments: give ${TOKEN_VARIABLE} the scope "${SCOPE.write}"`,
    };
  }
  const [request] = await mergeRequestsOf(api, sticky.commit, sticky.signal);
  if (!request) {
    return { done: false, why: `no merge request has commit ${sticky.commit.slice(0, 12)} as its head or its merge` };
  }
  const body = stickyBody(sticky, NOTE_BYTES, api.tools.fitMarkdown);
  const asked = { what: `a comment on merge request ${request.iid}`, permission: SCOPE.write };
  return api.persistently(sticky.signal, async () => {
    const known = (await notesOf(api, request, sticky.signal)).find((one) => isSticky(one.body ?? '', sticky.key));
    if (known?.body === body) return { done: true, url: urlOf(known, request) };
    const written = await api.write(asked, note, sticky.signal, ({ notes }) =>
      known ? notes.edit(api.project, request.iid, known.id, { body }) : notes.create(api.project, request.iid, body),
    );
    return { done: true, url: urlOf(written, request) };
  });
}

function spokenOf(one: Note, request: MergeRequest): SpokenComment {
  return {
    body: one.body ?? '',
    at: one.created_at,
    editedAt: one.updated_at === one.created_at ? undefined : one.updated_at,
    url: urlOf(one, request),
  };
}

function urlOf(one: Note, request: MergeRequest): string {
  return `${request.web_url}#note_${one.id}`;
}
