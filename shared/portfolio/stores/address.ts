import type { ConfigError } from '../../errors.ts';
import { portfolioError } from '../portfolio-errors.ts';

export type StoreKind = 's3' | 'gs' | 'azure';

/** What an address names: a place in a bucket of a store. */
export interface StoreAddress {
  readonly kind: StoreKind;
  /** Bucket; container on Azure. */
  readonly bucket: string;
  /** Host of the storage account; empty where the store has none. */
  readonly account: string;
  /** Key, glob or folder within the bucket, without a slash before it. */
  readonly path: string;
  /** All that comes before the path, with a slash at its end. */
  readonly root: string;
}

const BUCKET = /^[a-z0-9][a-z0-9._-]{1,221}$/;
const ACCOUNT = /^[a-z0-9-]+\.(?:dfs|blob)\.[a-z0-9.-]+$/;

/**
 * Reads `s3://bucket/path`, `gs://bucket/path`, `abfss://container@account.dfs.core.windows.net/path`. The path is taken
 * letter by letter: nothing in it is an escape.
 * @throws ConfigError PORTFOLIO-REMOTE for other schemes, PORTFOLIO-ADDRESS for one that is written wrongly
 */
export function parseAddress(address: string): StoreAddress {
  const [, scheme = '', place = '', path = ''] = /^([a-z0-9+.-]+):\/\/([^/]*)\/*(.*)$/is.exec(address) ?? [];
  const kind = KINDS[scheme.toLowerCase()];
  if (kind === undefined) throw unknownScheme(address);
  const root = `${scheme}://${place}/`;
  const [bucket = '', account = ''] = kind === 'azure' ? place.split('@') : [place];
  const written = BUCKET.test(bucket) && path !== '' && (kind === 'azure') === ACCOUNT.test(account);
  if (!written) throw badAddress(address, kind);
  return { kind, bucket, account, path, root };
}

const KINDS: Readonly<Record<string, StoreKind | undefined>> = { s3: 's3', gs: 'gs', abfss: 'azure' };

const FORMS: Readonly<Record<StoreKind, string>> = {
  s3: 's3://bucket/path',
  gs: 'gs://bucket/path',
  azure: 'abfss://container@account.dfs.core.windows.net/path',
};

function unknownScheme(address: string): ConfigError {
  const what = `portfolios are not read from ${withoutQuery(address)}`;
  const fix = `Use a file of this machine, or one of ${Object.values(FORMS).join(', ')}`;
  return portfolioError('PORTFOLIO-REMOTE', what, fix);
}

function badAddress(address: string, kind: StoreKind): ConfigError {
  const what = `${withoutQuery(address)} names no object and no folder of a store`;
  return portfolioError('PORTFOLIO-ADDRESS', what, `Write it as ${FORMS[kind]}`);
}

/** An address of another kind may carry a key in its query or before its host. */
function withoutQuery(address: string): string {
  return address.replace(/\?.*$/s, '').replace(/\/\/[^/]*:[^/]*@/, '//');
}
