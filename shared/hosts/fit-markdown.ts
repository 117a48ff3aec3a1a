/**
 * Markdown cut to a number of UTF-8 bytes, at the end of a line, with a last line that says so. Blocks that the cut
 * leaves open (fences, `<details>`) are closed, so that what follows on the page is not swallowed.
 * @param limitBytes the most that may come out
 */
export function fitMarkdown(markdown: string, limitBytes: number): string {
  const bytes = Buffer.byteLength(markdown);
  if (bytes <= limitBytes) return markdown;
  const notice = `\n\n**Cut here: the whole has ${bytes} bytes, and this page shows at most ${limitBytes}.** The summary file has it all.\n`;
  const room = limitBytes - Buffer.byteLength(notice) - CLOSINGS_BYTES;
  const kept = room > 0 ? cutAtLine(markdown, room) : '';
  const closings = closingsOf(kept);
  const cut = `${kept}${closings}${notice}`;
  return Buffer.byteLength(cut) <= limitBytes ? cut : notice.slice(0, Math.max(0, limitBytes));
}

/** Room for what closes the blocks that are open at the cut. */
const CLOSINGS_BYTES = 512;

function cutAtLine(text: string, bytes: number): string {
  const head = Buffer.from(text).subarray(0, bytes).toString('utf8');
  const end = head.lastIndexOf('\n');
  return end === -1 ? '' : head.slice(0, end);
}

function closingsOf(markdown: string): string {
  let fence: string | undefined;
  let details = 0;
  for (const line of markdown.split('\n')) {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (fence === undefined && mark) fence = mark;
    else if (fence !== undefined && mark?.startsWith(fence) && line.trim() === mark) fence = undefined;
    if (fence === undefined) details += count(line, '<details') - count(line, '</details>');
  }
  return `${fence ? `\n${fence}` : ''}${'\n</details>'.repeat(Math.min(Math.max(details, 0), 20))}`;
}

function count(text: string, part: string): number {
  return text.split(part).length - 1;
}
