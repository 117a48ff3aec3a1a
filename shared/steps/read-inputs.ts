import type { Problem } from '../errors.ts';
import { ConfigError } from '../errors.ts';
import type { Host } from '../ports/host.ts';
import { parseBoolean, parseDuration, parseInteger, parsePercentage } from '../project/units.ts';
import type { InputSpec, InputSpecs, InputValues } from './define.ts';
import { parseHeaders } from './parts/headers.ts';

type Parsed = { readonly value: unknown } | { readonly problem: string; readonly fix: string };

/**
 * Reads a step's inputs from the host, once, typed. Every host's inputs go through this one strict reader.
 * @param found what is known to be wrong with the inputs already: reported with the rest
 * @throws ConfigError with all bad inputs together, each named as that host spells it
 */
export function readInputs<Specs extends InputSpecs>(
  specs: Specs,
  host: Pick<Host, 'input' | 'spell' | 'mask'>,
  found: readonly Problem[] = [],
): InputValues<Specs> {
  const problems: Problem[] = [...found];
  const values: Record<string, unknown> = {};
  for (const [name, spec] of Object.entries(specs)) {
    const raw = given(host.input(name), spec);
    const parsed = parseInput(raw, spec, host.mask);
    if ('problem' in parsed) {
      problems.push({ code: 'INPUT-INVALID', what: `${host.spell(name)} ${parsed.problem}`, fix: parsed.fix });
    } else values[name] = parsed.value;
  }
  const [first, ...rest] = problems;
  if (first) throw new ConfigError(first, ...rest);
  return values as InputValues<Specs>;
}

/** What the user wrote, or the default. Empty text counts as left out: hosts hand it in for inputs that are not set. */
function given(raw: readonly string[] | undefined, spec: InputSpec): readonly string[] {
  const written = (raw ?? []).filter((text) => text.trim() !== '');
  return written.length === 0 && spec.default !== undefined ? [spec.default] : written;
}

function parseInput(raw: readonly string[], spec: InputSpec, mask: (secret: string) => void): Parsed {
  if (spec.type === 'list') return { value: raw.flatMap(listItems) };
  if (spec.type === 'headers') return parseHeaders(raw, mask);
  if (raw.length > 1) return { problem: 'is given more than once', fix: 'Give it once' };
  const text = raw[0];
  return text === undefined ? { value: undefined } : parseOne(text, spec);
}

function parseOne(text: string, spec: InputSpec): Parsed {
  switch (spec.type) {
    case 'boolean':
      return parseBoolean(text);
    case 'duration':
      return parseDuration(text);
    case 'percentage':
      return parsePercentage(text);
    case 'integer':
      return parseInteger(text, { min: spec.min });
    case 'url':
      return parseUrl(text);
    case 'choice':
      return spec.options?.includes(text)
        ? { value: text }
        : { problem: `is ${JSON.stringify(text)}`, fix: `Choose one of ${spec.options?.join(', ')}` };
    default:
      return { value: text };
  }
}

function parseUrl(text: string): Parsed {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'https:' || url?.protocol === 'http:') {
    if (url.username === '' && url.password === '') return { value: text.replace(/\/+$/, '') };
    return { problem: 'holds a user name or password', fix: 'Send credentials in the headers input' };
  }
  return { problem: `is ${JSON.stringify(text)}, not an address`, fix: 'Give a full http:// or https:// address' };
}

function listItems(text: string): readonly string[] {
  return text
    .split(/[\n,]/)
    .map((item) => item.trim())
    .filter((item) => item !== '');
}
