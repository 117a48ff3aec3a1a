/** How a server writes its lines: what stands before, between and after the values, byte for byte. */
export interface LineTemplate {
  readonly names: readonly string[];
  /** Each name in quotes, with its colon and the blanks after it. */
  readonly keys: readonly Uint8Array[];
  readonly open: Uint8Array;
  readonly comma: Uint8Array;
  readonly close: Uint8Array;
}

/** Lines that are looked at for the one with most columns: what is null may be left out of a line. */
const LOOKED_AT = 64;
const QUOTE = 0x22;
const LINE_END = 0x0a;
const OPEN = /^\{[ \t]*/;
/** A name and a value that is no object and no list, without escapes, and the comma after them. */
const MEMBER = /("[^"\\]*"[ \t]*:[ \t]*)(?:"[^"\\]*"|[\w.+-]+)(,[ \t]*)?/y;

/** The template of lines that are flat objects; undefined where the fullest of the first ones is none. */
export function templateOf(bytes: Buffer): LineTemplate | undefined {
  const line = fullestLine(bytes);
  const open = OPEN.exec(line)?.[0] ?? '';
  const members = membersOf(line, open.length);
  const names = members && namesOf(line);
  if (!names?.length || names.length !== members?.length) return undefined;
  const keys = members.map(({ key }) => key);
  if (names.some((name, index) => !keys[index]?.startsWith(JSON.stringify(name)))) return undefined;
  const commas = new Set(members.slice(0, -1).map(({ comma }) => comma));
  if (commas.size > 1) return undefined;
  return {
    names,
    keys: keys.map((key) => Buffer.from(key)),
    open: Buffer.from(open),
    comma: Buffer.from(members[0]?.comma ?? ','),
    close: Buffer.from('}\n'),
  };
}

/** Of the first lines the one with most quotes, which is the one with most columns. */
function fullestLine(bytes: Buffer): string {
  let [start, lines, quotes, most, best] = [0, 0, 0, -1, [0, 0] as [number, number]];
  for (let at = 0; at < bytes.length && lines < LOOKED_AT; at++) {
    if (bytes[at] === QUOTE) quotes += 1;
    if (bytes[at] !== LINE_END) continue;
    if (quotes > most) [most, best] = [quotes, [start, at]];
    [start, lines, quotes] = [at + 1, lines + 1, 0];
  }
  return bytes.toString('utf8', ...best);
}

interface Member {
  readonly key: string;
  readonly comma: string | undefined;
}

/** The members of the object; undefined where the line is not written in this way to its end. */
function membersOf(line: string, from: number): readonly Member[] | undefined {
  const members: Member[] = [];
  MEMBER.lastIndex = from;
  for (;;) {
    const at = MEMBER.lastIndex;
    const [, key, comma] = MEMBER.exec(line) ?? [];
    if (key === undefined) return line.slice(at) === '}' ? members : undefined;
    members.push({ key, comma });
  }
}

/** The names that the object has when it is read as JSON: fewer than were written where one is there twice. */
function namesOf(line: string): readonly string[] | undefined {
  try {
    const names = Object.keys(JSON.parse(line) as object);
    return names.includes('__proto__') ? undefined : names;
  } catch {
    return undefined;
  }
}
