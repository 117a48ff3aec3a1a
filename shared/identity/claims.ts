import { z } from 'zod';

const claims = z.object({
  iss: z.string(),
  sub: z.string(),
  aud: z.union([z.string().transform((one) => [one]), z.array(z.string())]),
  /** Seconds since the epoch. */
  exp: z.number(),
});
export type Claims = z.output<typeof claims>;

/**
 * What a JSON Web Token says of itself; undefined for what is none. Nothing is proven by it: whoever is logged in to
 * checks the signature. @see https://www.rfc-editor.org/rfc/rfc7519
 */
export function readClaims(token: string): Claims | undefined {
  const [, payload = '', signature] = token.split('.');
  if (signature === undefined) return undefined;
  try {
    const read = claims.safeParse(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')));
    return read.success ? read.data : undefined;
  } catch {
    return undefined;
  }
}

/** `issuer …, subject …, audience …`: what a cloud must be told to trust. None of it is secret. */
export function describeClaims(token: string): string {
  const read = readClaims(token);
  return read ? `issuer ${read.iss}, subject ${read.sub}, audience ${read.aud.join(', ')}` : 'nothing that can be read';
}
