import type { ZodType, z } from 'zod';
import { ConfigError, ProviderError } from '../errors.ts';
import type { TokenAnswer } from './call.ts';
import { describeClaims } from './claims.ts';

/** The body as JSON; undefined where it is none. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * A body as our type. The body is in no message: it may hold a token.
 * @throws ProviderError LOGIN-BAD-ANSWER
 */
export function readBody<S extends ZodType>(schema: S, body: unknown, whom: string): z.output<S> {
  const read = schema.safeParse(body);
  if (read.success) return read.data;
  const where = read.error.issues[0]?.path.join('.') || 'it';
  throw new ProviderError({
    code: 'LOGIN-BAD-ANSWER',
    what: `the answer of ${whom} is cut off or not as its documentation says: ${where} is not there`,
    fix: 'Run the step again; if it stays, something between here and there changes the answers',
  });
}

/** A cloud that does not trust the token, with what the token says: what its owner has to compare. */
export function denied(
  whom: string,
  token: string,
  answer: TokenAnswer,
  what: string | undefined,
  fix: string,
): ConfigError {
  return new ConfigError({
    code: 'LOGIN-DENIED',
    what: `${whom} answered ${answer.status}${what ? `: ${what}` : ''}. The token of this job says: ${describeClaims(token)}`,
    fix,
  });
}
