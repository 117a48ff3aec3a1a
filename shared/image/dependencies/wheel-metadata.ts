import { z } from 'zod';
import { type Digest, isDigest } from '../../release/digest.ts';
import { normalName } from './package-name.ts';

/** What is told of an installed package in the list of what is in an image. */
export interface PackageFacts {
  /** As the package index writes it: lower case, with `-`. */
  readonly name: string;
  readonly version: string;
  readonly summary: string | undefined;
  /** An SPDX expression, or the text that stands in its place. */
  readonly license: { readonly expression: string } | { readonly name: string } | undefined;
  readonly homepage: string | undefined;
  /** Of the list of its files, which has the digest of each. */
  readonly record: Digest;
}

export const packageFactsSchema = z.object({
  name: z.string(),
  version: z.string(),
  summary: z.string().optional(),
  license: z.union([z.object({ expression: z.string() }), z.object({ name: z.string() })]).optional(),
  homepage: z.string().optional(),
  record: z.custom<Digest>((value) => typeof value === 'string' && isDigest(value)),
}) as unknown as z.ZodType<PackageFacts>;

/** A licence as one line; the whole text of one, which some packages put in its place, is none. */
const LONGEST_NAME = 120;

/**
 * Reads the METADATA of an installed wheel.
 * @see https://packaging.python.org/en/latest/specifications/core-metadata/
 */
export function readMetadata(text: string, record: Digest): PackageFacts {
  const [head = ''] = text.replaceAll('\r\n', '\n').split('\n\n', 1);
  const lines = head.replaceAll(/\n[ \t|]+/g, ' ').split('\n');
  const all = (key: string) =>
    lines
      .filter((line) => line.toLowerCase().startsWith(`${key}:`))
      .map((line) => line.slice(key.length + 1).trim())
      .filter((value) => value !== '' && value !== 'UNKNOWN');
  const homepage = all('home-page')[0] ?? projectUrl(all('project-url'));
  return {
    name: normalName(all('name')[0] ?? ''),
    version: all('version')[0] ?? '',
    summary: all('summary')[0],
    license: licenseOf(all('license-expression')[0], all('license')[0], all('classifier')),
    homepage,
    record,
  };
}

function licenseOf(
  expression: string | undefined,
  text: string | undefined,
  classifiers: readonly string[],
): PackageFacts['license'] {
  if (expression !== undefined) return { expression };
  if (text !== undefined && text.length <= LONGEST_NAME) return { name: text };
  const named = classifiers.filter((each) => each.startsWith('License ::')).map((each) => each.split(' :: ').at(-1));
  return named.length > 0 ? { name: named.join(', ') } : undefined;
}

function projectUrl(urls: readonly string[]): string | undefined {
  const named = urls.map((line) => /^([^,]+),\s*(https?:\/\/\S+)$/.exec(line));
  const found = named.find((match) => /^(home|source|repository)/i.test(match?.[1] ?? '')) ?? named[0];
  return found?.[2];
}
