/** HTML that may be put into a page as it is. Only `html` makes it, and only from parts that it escaped. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Part = Markup | string | number | undefined | readonly Part[];

/** A piece of HTML: the template is ours and stays, every value put into it is escaped unless it is markup itself. */
export function html(template: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return new Markup(template.reduce((text, literal, index) => text + written(parts[index - 1]) + literal));
}

/** Text without control and direction characters, cut to a bearable length: a key or a category may be a page long. */
export function shortText(text: string, longest = 80): string {
  const line = [
    ...text
      .slice(0, longest * 4)
      .replaceAll(/[\s\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
      .trim(),
  ];
  return line.length > longest ? `${line.slice(0, longest - 1).join('')}…` : line.join('');
}

function written(part: Part): string {
  if (part === undefined) return '';
  if (part instanceof Markup) return part.text;
  if (typeof part === 'object') return part.map(written).join('');
  return String(part).replaceAll(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
