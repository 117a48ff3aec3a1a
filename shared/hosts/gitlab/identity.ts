import type { GitLabIdentity } from '../../ports/identity.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Every variable that begins with `HAUTE_ID_TOKEN`: `id_tokens` of the job, each for an audience of its own. */
export function gitlabIdentity(env: Env): GitLabIdentity {
  const tokens = Object.entries(env).flatMap(([name, token]) =>
    name.startsWith('HAUTE_ID_TOKEN') && token ? [[name, token] as const] : [],
  );
  return { kind: 'gitlab', tokens: Object.fromEntries(tokens) };
}
