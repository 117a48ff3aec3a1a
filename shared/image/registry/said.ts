import { z } from 'zod';
import type { WireAnswer } from './wire.ts';

/** What a registry says of its refusal: the codes and texts of `errors`, or the start of whatever the body holds. */
export interface Said {
  readonly codes: readonly string[];
  /** `DENIED: requested access to the resource is denied`; empty where nothing was said. */
  readonly text: string;
}

const MAX_BODY_BYTES = 64 * 1024;
const MAX_SHOWN_CHARS = 400;

const errorsSchema = z.object({
  errors: z
    .array(z.object({ code: z.coerce.string(), message: z.string().nullish(), detail: z.unknown().optional() }))
    .min(1),
});
/** Of token services: OAuth's, and that of Docker Hub. */
const otherSchema = z.object({
  error: z.string().optional(),
  error_description: z.string().optional(),
  message: z.string().optional(),
  details: z.string().optional(),
});

/**
 * Reads the body of a refusal. Secrets are hidden before it is cut, so that no half of one is left.
 * @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#error-codes
 */
export async function readSaid(answer: WireAnswer, redact: (text: string) => string): Promise<Said> {
  const body = Buffer.from(await answer.bytes(MAX_BODY_BYTES)).toString('utf8');
  const type = answer.header('content-type') ?? '';
  const { codes, text } = saidIn(body, type);
  return { codes, text: shorten(redact(text)) };
}

function saidIn(body: string, type: string): Said {
  const json = jsonOf(body);
  const errors = errorsSchema.safeParse(json);
  if (errors.success) {
    const lines = errors.data.errors.map(({ code, message, detail }) =>
      [code, message, typeof detail === 'string' ? detail : undefined].filter(Boolean).join(': '),
    );
    return { codes: errors.data.errors.map(({ code }) => code), text: lines.join('; ') };
  }
  const other = otherSchema.safeParse(json);
  if (other.success) {
    const { error, error_description, message, details } = other.data;
    return {
      codes: error ? [error] : [],
      text: [error, error_description, message, details].filter(Boolean).join(': '),
    };
  }
  // The page of a proxy says nothing in its tags.
  return { codes: [], text: type.includes('html') ? body.replaceAll(/<[^>]*>/g, ' ') : body };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function shorten(text: string): string {
  const line = text.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim();
  return line.length > MAX_SHOWN_CHARS ? `${line.slice(0, MAX_SHOWN_CHARS)}…` : line;
}
