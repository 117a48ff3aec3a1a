import type { StickyComment } from '../ports/forge.ts';

/** The first line of a comment of ours: shown by no forge, and what it is found by again. */
export function markerOf(key: string): string {
  return `<!-- haute-deploy: ${key} -->`;
}

/** The comment as it is written: the marker, then as much of the body as the forge takes. */
export function stickyBody(
  { key, body }: Pick<StickyComment, 'key' | 'body'>,
  limitBytes: number,
  fitMarkdown: (markdown: string, limitBytes: number) => string,
): string {
  const marker = `${markerOf(key)}\n`;
  return `${marker}${fitMarkdown(body, limitBytes - Buffer.byteLength(marker))}`;
}

/** True for a comment that begins with the marker: one that only quotes it does not. */
export function isSticky(body: string, key: string): boolean {
  return body.startsWith(markerOf(key));
}
