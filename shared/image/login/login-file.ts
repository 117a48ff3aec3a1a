import { z } from 'zod';
import { ConfigError } from '../../errors.ts';
import type { RepositoryName } from '../../ports/registry.ts';
import type { Credential } from './credentials.ts';
import { hostKeysOf, keysOf, plainKey } from './registry-keys.ts';

const entrySchema = z.object({
  auth: z.string().optional(),
  username: z.string().optional(),
  password: z.string().optional(),
  identitytoken: z.string().optional(),
  registrytoken: z.string().optional(),
});
const fileSchema = z.object({
  auths: z.record(z.string(), entrySchema.nullable()).nullish(),
  credHelpers: z.record(z.string(), z.string()).nullish(),
  credsStore: z.string().nullish(),
});

type Entry = z.infer<typeof entrySchema>;

/** What a login file of Docker or podman holds. */
export interface LoginFile {
  /** For people. */
  readonly path: string;
  readonly auths: ReadonlyMap<string, Entry>;
  /** Names of helpers by registry. */
  readonly helpers: ReadonlyMap<string, string>;
  /** Name of the helper for all others. */
  readonly store: string | undefined;
}

/** @throws ConfigError REGISTRY-LOGIN-FILE; its message holds nothing of the file */
export function readLoginFile(path: string, bytes: Uint8Array): LoginFile {
  const read = fileSchema.safeParse(jsonOf(bytes));
  if (!read.success) {
    const where = read.error.issues[0]?.path.slice(0, 1).join('.');
    throw broken(path, where ? `its '${where}' is not as Docker writes it` : 'it is not JSON');
  }
  const { auths, credHelpers, credsStore } = read.data;
  return {
    path,
    auths: byKey(Object.entries(auths ?? {}).flatMap(([key, entry]) => (entry ? [[key, entry] as const] : []))),
    helpers: byKey(Object.entries(credHelpers ?? {})),
    store: credsStore || undefined,
  };
}

function byKey<T>(entries: readonly (readonly [string, T])[]): ReadonlyMap<string, T> {
  const found = new Map<string, T>();
  for (const [key, value] of entries) if (!found.has(plainKey(key))) found.set(plainKey(key), value);
  return found;
}

/** The helper that a file names for a repository's registry. */
export function helperFor(file: LoginFile, { registry }: RepositoryName): { name: string; isOwn: boolean } | undefined {
  const own = hostKeysOf(registry)
    .map((key) => file.helpers.get(plainKey(key)))
    .find((name) => name !== undefined && name !== '');
  if (own !== undefined) return { name: own, isOwn: true };
  return file.store === undefined ? undefined : { name: file.store, isOwn: false };
}

/** The login that a file itself holds for a repository. @throws ConfigError REGISTRY-LOGIN-FILE */
export function loginIn(file: LoginFile, name: RepositoryName): Credential | undefined {
  for (const key of keysOf(name)) {
    const entry = file.auths.get(plainKey(key));
    const credential = entry && credentialOf(file.path, entry);
    if (credential) return credential;
  }
  return undefined;
}

/** Undefined for an entry that is empty: the mark of a login that a helper keeps. */
function credentialOf(path: string, entry: Entry): Credential | undefined {
  if (entry.identitytoken) return { kind: 'identity', token: entry.identitytoken, from: path };
  if (entry.registrytoken) return { kind: 'bearer', token: entry.registrytoken, from: path };
  if (entry.username && entry.password) {
    return { kind: 'password', username: entry.username, password: entry.password, from: path };
  }
  if (!entry.auth) return undefined;
  const text = Buffer.from(entry.auth, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon < 1) throw broken(path, "an 'auth' in it is not a user name and a password in base64");
  // Docker pads with zero bytes.
  const password = text.slice(colon + 1).replace(/\0+$/, '');
  return { kind: 'password', username: text.slice(0, colon), password, from: path };
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return undefined;
  }
}

function broken(path: string, why: string): ConfigError {
  return new ConfigError({
    code: 'REGISTRY-LOGIN-FILE',
    what: `the logins in ${path} cannot be read: ${why}`,
    fix: 'Log in again with docker login or podman login, or remove the file',
  });
}
