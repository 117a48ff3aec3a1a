import { z } from 'zod';

/** A time as a forge writes it (any offset, any digits of a second) as ISO 8601 in UTC with milliseconds, which sorts. */
export const isoTime = z.string().transform((text, context) => {
  const ms = Date.parse(text);
  if (!Number.isNaN(ms)) return new Date(ms).toISOString();
  context.addIssue(`"${text.slice(0, 40)}" is no time`);
  return z.NEVER;
});
