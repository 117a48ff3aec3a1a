import { z } from 'zod';
import type { BearerToken } from '../ports/identity.ts';
import { denied, jsonOf, readBody } from './answers.ts';
import { call } from './call.ts';
import type { IdentityTools } from './identity-tools.ts';

const granted = z.object({ access_token: z.string().min(1), expires_in: z.coerce.number().positive() });
const refusal = z.object({
  error: z.string().optional(),
  error_description: z.string().optional(),
  message: z.string().optional(),
});

/** A request at a token endpoint of OAuth 2.0. */
export interface TokenRequest {
  readonly whom: string;
  readonly url: string;
  readonly form: Readonly<Record<string, string>>;
  /** What the owner of the cloud does when it refuses. */
  readonly fix: string;
}

/**
 * Exchanges a token of the job for one of a cloud.
 * @see https://www.rfc-editor.org/rfc/rfc8693 token exchange, https://www.rfc-editor.org/rfc/rfc7523 client assertion
 */
export async function exchangeToken(
  tools: IdentityTools,
  { whom, url, form, fix }: TokenRequest,
  token: string,
  signal: AbortSignal,
): Promise<BearerToken> {
  const answer = await call(tools, { whom, url, form }, signal);
  const body = jsonOf(answer.text);
  const { access_token } = (body ?? {}) as { readonly access_token?: unknown };
  if (typeof access_token === 'string') tools.mask(access_token);
  if (answer.status !== 200) {
    const { error, error_description, message } = refusal.safeParse(body).data ?? {};
    const said = [error, error_description ?? message].filter((text) => text !== undefined).join(': ');
    throw denied(whom, token, answer, said.split('\r\n')[0], fix);
  }
  const { access_token: given, expires_in } = readBody(granted, body, whom);
  return { token: given, expiresAt: tools.clock.now() + expires_in * 1000 };
}
