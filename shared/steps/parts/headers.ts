/** RFC 9110 field name. */
const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/**
 * Parses lines of `Name: value` into headers with lower-case names. Values are masked before anything else sees them.
 * @returns the headers, or what is wrong (never the value itself, which may be secret)
 */
export function parseHeaders(
  raw: readonly string[],
  mask: (secret: string) => void,
): { value: Readonly<Record<string, string>> } | { problem: string; fix: string } {
  const headers: Record<string, string> = {};
  for (const line of raw.flatMap((text) => text.split('\n')).filter((text) => text.trim() !== '')) {
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(colon, 0)).trim();
    const value = line.slice(colon + 1).trim();
    if (value !== '') mask(value);
    const [, token] = /^(?:Bearer|Basic|Api-Key|token)\s+(\S+)$/i.exec(value) ?? [];
    if (token) mask(token);
    if (!NAME.test(name) || value === '') {
      return {
        problem: 'has a line that is not `Name: value`',
        fix: 'Write one header a line, for example `Authorization: Bearer …`',
      };
    }
    headers[name.toLowerCase()] = value;
  }
  return { value: headers };
}
