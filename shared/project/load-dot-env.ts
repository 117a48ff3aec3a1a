import { join } from 'node:path';
import type { Problem } from '../errors.ts';
import type { Files } from '../ports/files.ts';
import { looksSecret, readDotEnv } from './read-dot-env.ts';
import { readTextFile } from './read-text-file.ts';

export type Env = Readonly<Record<string, string | undefined>>;

export interface DotEnv {
  /** The given environment, and what `.env` adds to it: a variable that is set is never changed. */
  readonly env: Env;
  /** Values in `.env` that are credentials by their name: never to be shown. */
  readonly secrets: readonly string[];
  readonly problems: readonly Problem[];
}

const FILE = '.env';
const MAX_BYTES = 2 ** 20;

/** The project's `.env`, where there is one. */
export async function loadDotEnv(
  projectDir: string,
  { files, env }: { readonly files: Files; readonly env: Env },
): Promise<DotEnv> {
  const file = await readTextFile(files, join(projectDir, FILE), FILE, MAX_BYTES);
  if (file === undefined) return { env, secrets: [], problems: [] };
  if ('problem' in file) return { env, secrets: [], problems: [file.problem] };
  const { variables, problems } = readDotEnv(file.text, FILE, env);
  const added = variables.filter(({ name }) => env[name] === undefined).map(({ name, value }) => [name, value]);
  const secrets = variables.filter(({ name, value }) => looksSecret(name) && value !== '').map(({ value }) => value);
  return { env: { ...env, ...Object.fromEntries(added) }, secrets, problems };
}
