/** Name and e-mail address of somebody in a commit, as git keeps them. */
export interface GitPerson {
  readonly name?: string | null | undefined;
  readonly email?: string | null | undefined;
}

/** Names and e-mail addresses, and the log-in name that a forge's no-reply address holds. */
export function namesOf(person: GitPerson | null | undefined): readonly string[] {
  const { name, email } = person ?? {};
  return [name, email, loginIn(email)].filter(
    (text) => text !== undefined && text !== null && text.trim() !== '',
  ) as string[];
}

/** Everybody whom the trailers of a commit message name as an author too. */
export function coAuthors(message: string): readonly string[] {
  const trailers = message.matchAll(/^[ \t]*co-authored-by:[ \t]*([^<\r\n]*)<([^>\r\n]*)>/gim);
  return [...trailers].flatMap(([, name, email]) => namesOf({ name: name?.trim(), email: email?.trim() }));
}

/** `123+ann@users.noreply.github.com` and `123-ann@users.noreply.gitlab.com` hold `ann`. */
function loginIn(email: string | null | undefined): string | undefined {
  return /^(?:\d+[+-])?([^@]+)@users\.noreply\./i.exec(email ?? '')?.[1];
}
