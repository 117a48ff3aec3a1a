/** Shortest text worth hiding: hiding fewer characters would eat ordinary words and still tell where the secret is. */
export const SHORTEST_SECRET_CHARS = 4;

/**
 * Every way a secret is likely to be written in a log: as it is, line by line, JSON- and XML-escaped, URL-encoded, and
 * inside base64 text at any of the three byte alignments (a token in an `Authorization: Basic` header sits behind the
 * user name). Forms shorter than {@link SHORTEST_SECRET_CHARS} are left out, so a shorter secret has none.
 */
export function secretForms(secret: string): readonly string[] {
  const whole = secret.trim();
  const lines = whole.split(/\r\n|\n|\r/).map((line) => line.trim());
  const texts = new Set([secret, whole, ...(lines.length > 1 ? lines : [])]);
  const forms = new Set<string>();
  for (const text of texts) {
    if (text.trim().length < SHORTEST_SECRET_CHARS) continue;
    for (const form of [text, ...jsonForms(text), xmlForm(text), ...urlForms(text), ...base64Forms(text)]) {
      if (form.length >= SHORTEST_SECRET_CHARS) forms.add(form);
    }
  }
  return [...forms];
}

/** In a JSON string, in one written with ASCII only, with `/` escaped, and in JSON carried inside a JSON string. */
function jsonForms(text: string): readonly string[] {
  const once = JSON.stringify(text).slice(1, -1);
  const ascii = once.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return [once, ascii, once.replaceAll('/', '\\/'), JSON.stringify(once).slice(1, -1)];
}

function xmlForm(text: string): string {
  const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return text.replace(/[&<>"]/g, (char) => entities[char] ?? char);
}

/** Percent-encoded as ECMAScript, RFC 3986 strictly, Python's `quote` and HTML forms do it, in both cases of hex. */
function urlForms(text: string): readonly string[] {
  const component = encodeURIComponent(text.toWellFormed());
  const strict = component.replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
  const upper = [component, strict, strict.replaceAll('%2F', '/'), strict.replaceAll('%20', '+')];
  return [...upper, ...upper.map((form) => form.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()))];
}

/** The characters of base64 text that depend on the secret alone, behind 0, 1 or 2 unknown bytes, in both alphabets. */
function base64Forms(text: string): readonly string[] {
  const bytes = Buffer.from(text, 'utf8');
  return [0, 1, 2].flatMap((before) => {
    const shifted = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    const ends = (before + bytes.length) % 3;
    const core = shifted.slice(before === 0 ? 0 : before + 1, ends === 0 ? undefined : -1);
    return [core, core.replaceAll('+', '-').replaceAll('/', '_')];
  });
}
