import { globPattern } from '../../project/glob-pattern.ts';
import type { FindOptions, RemoteFile, RemoteFiles } from '../file-source.ts';
import { hasMagic } from '../find-files.ts';
import { portfolioError } from '../portfolio-errors.ts';
import type { NamedFile } from '../portfolio-file.ts';
import { parseAddress, type StoreAddress } from './address.ts';
import type { ObjectStore } from './object-store.ts';
import { RemoteObject } from './remote-object.ts';

/** Names that are listed at most: more than that, and the address was meant to be narrower. */
const MOST_LISTED = 200_000;
/** Objects that are looked at together. */
const TOGETHER = 8;

/** Opens the store of an address for the project at `root`; may have to load its client first. */
export type OpenStore = (address: StoreAddress, root: string, signal: AbortSignal) => Promise<ObjectStore>;

/** Files in Amazon S3, Google Cloud Storage and Azure Data Lake Storage. */
export class ObjectPortfolios implements RemoteFiles {
  readonly #openStore: OpenStore;

  constructor(openStore: OpenStore) {
    this.#openStore = openStore;
  }

  async find(address: string, { root, isKnown, signal }: FindOptions): Promise<readonly NamedFile[]> {
    const parsed = parseAddress(address);
    const store = await this.#openStore(parsed, root, signal);
    const named = await namedObject(store, parsed, signal);
    if (named !== undefined) return [named];
    const keys = (await listed(store, parsed, signal)).filter(wanted(parsed.path, isKnown)).sort();
    const files: NamedFile[] = [];
    for (let at = 0; at < keys.length; at += TOGETHER) {
      const some = keys.slice(at, at + TOGETHER).map((key) => openObject(store, parsed, key, signal));
      for (const file of await Promise.all(some)) if (file) files.push(file);
    }
    if (files.length > 0) return files;
    const fix = 'Check [safety] impact_dataset in haute.toml, or the dataset input';
    throw portfolioError('PORTFOLIO-MISSING', `there is no portfolio at ${address}`, fix);
  }
}

/** The one object that the path names, where it is no glob and no folder. */
async function namedObject(
  store: ObjectStore,
  address: StoreAddress,
  signal: AbortSignal,
): Promise<NamedFile | undefined> {
  const { path } = address;
  return hasMagic(path) || path.endsWith('/') ? undefined : openObject(store, address, path, signal);
}

async function openObject(
  store: ObjectStore,
  { root }: StoreAddress,
  key: string,
  signal: AbortSignal,
): Promise<NamedFile | undefined> {
  const object = await store.look(key, signal);
  if (object === undefined) return undefined;
  const name = root + key;
  const remote: RemoteFile = new RemoteObject(store, key, name, object, signal);
  return { path: name, name, remote };
}

/** Which of the listed names are meant: those of the glob, or those of known formats in the folder. */
function wanted(path: string, isKnown: (name: string) => boolean): (key: string) => boolean {
  const matches = hasMagic(path) ? globPattern(path) : undefined;
  const folder = prefixOf(path);
  return (key) => {
    const hidden = key
      .slice(folder.length)
      .split('/')
      .some((part) => part.startsWith('.'));
    return !hidden && !key.endsWith('/') && (matches ? matches.test(key) : isKnown(key));
  };
}

/** What every wanted name begins with. */
function prefixOf(path: string): string {
  if (!hasMagic(path)) return path.endsWith('/') ? path : `${path}/`;
  const parts = path.split('/');
  return parts
    .slice(
      0,
      parts.findIndex((part) => hasMagic(part)),
    )
    .map((part) => `${part}/`)
    .join('');
}

async function listed(store: ObjectStore, { path, root }: StoreAddress, signal: AbortSignal): Promise<string[]> {
  // A glob's first name with something wild in it may begin with letters that narrow the list.
  const prefix = hasMagic(path) ? path.slice(0, path.search(/[*?{[]/)) : prefixOf(path);
  const keys: string[] = [];
  let from: string | undefined;
  do {
    const page = await store.list(prefix, from, signal);
    keys.push(...page.keys);
    if (keys.length > MOST_LISTED) throw tooMany(root + path);
    from = page.next === from ? undefined : page.next;
  } while (from !== undefined);
  return keys;
}

function tooMany(address: string): Error {
  const what = `more than ${MOST_LISTED} objects have to be looked through for ${address}`;
  return portfolioError('PORTFOLIO-TOO-MANY', what, 'Write more of the path before the first * of the address');
}
