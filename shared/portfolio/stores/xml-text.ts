/** The contents of all elements of a name in an answer that a machine wrote: no attributes of ours, no such name inside another. */
export function elementsOf(xml: string, name: string): readonly string[] {
  return [...xml.matchAll(new RegExp(`<${name}(?: [^>]*)?>([\\s\\S]*?)</${name}>`, 'g'))].map(
    ([, inner = '']) => inner,
  );
}

/** Text of the first element of a name; undefined where there is none. */
export function textIn(xml: string, name: string): string | undefined {
  const found = new RegExp(`<${name}( [^>]*)?>([^<]*)</${name}>`).exec(xml);
  if (!found) return undefined;
  const text = unescapeXml(found[2] ?? '');
  return /Encoded="true"/i.test(found[1] ?? '') ? decodeURIComponent(text) : text;
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };

function unescapeXml(text: string): string {
  return text.replaceAll(
    /&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi,
    (whole, hex?: string, decimal?: string, name?: string) => {
      if (name !== undefined) return ENTITIES[name] ?? whole;
      return String.fromCodePoint(hex === undefined ? Number(decimal) : Number.parseInt(hex, 16));
    },
  );
}
