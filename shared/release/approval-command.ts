/** One `/approve` or `/reject` line of a comment. */
export interface ApprovalCommand {
  readonly word: 'approve' | 'reject';
  /** The release as it was written: a digest, or a part of one; empty where none was named. */
  readonly release: string;
  /** What follows on the same line. */
  readonly note: string;
}

const COMMAND = /^ {0,3}\/(?:haute +)?(approve|reject)(?:[ \t]+(.*))?$/i;
const LOOKS_LIKE_DIGEST = /^(?:sha256:)?[0-9a-f]+$/i;

/**
 * The commands of a comment: lines of their own that begin with `/approve` or `/reject` (or `/haute approve`, for
 * forges that take `/approve` for a command of theirs), then the release's id. Lines that Markdown shows as a quotation,
 * as code or not at all are no commands: somebody else's words, or an example. Where it is in doubt whether a line is
 * shown, a rejection is read and an approval is not.
 * @param body Markdown
 */
export function readApprovalCommands(body: string): readonly ApprovalCommand[] {
  return spokenLines(body).flatMap(({ line, doubtful }) => {
    const [, word, rest = ''] = COMMAND.exec(line) ?? [];
    if (word === undefined || (doubtful && word.toLowerCase() === 'approve')) return [];
    const [first = '', ...more] = rest.trim().split(/\s+/);
    const release = LOOKS_LIKE_DIGEST.test(first.replaceAll('`', '')) ? first.replaceAll('`', '') : '';
    const note = (release === '' ? [first, ...more] : more).join(' ');
    return [{ word: word.toLowerCase() as ApprovalCommand['word'], release, note }];
  });
}

interface SpokenLine {
  readonly line: string;
  /** Behind a `<!--` inside of a paragraph: shown or not, by whether and where it is closed. */
  readonly doubtful: boolean;
}

/** Lines outside of fenced code and of HTML comments; quotations and indented code match no command as they are. */
function spokenLines(body: string): readonly SpokenLine[] {
  const lines: SpokenLine[] = [];
  let fence: string | undefined;
  let hidden = false;
  let doubtful = false;
  for (const line of body.split(/\r\n|\n|\r/)) {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (hidden) hidden = !line.includes('-->');
    else if (fence !== undefined) fence = mark?.startsWith(fence) && line.trim() === mark ? undefined : fence;
    else if (mark) fence = mark;
    else if (/^ {0,3}<!--/.test(line)) hidden = !line.includes('-->');
    else {
      lines.push({ line, doubtful });
      const [opened, closed] = [line.lastIndexOf('<!--'), line.lastIndexOf('-->')];
      if (opened !== closed) doubtful = opened > closed;
    }
  }
  return lines;
}
