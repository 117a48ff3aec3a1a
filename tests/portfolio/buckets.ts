import { createHmac } from 'node:crypto';
import { CreateBucketCommand, DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { StoreEnv } from '../../shared/portfolio/stores/store-tools.ts';
import type { Emulator } from './emulators.ts';

/** A bucket in an emulator, filled and emptied by other means than those that are tested. */
export interface Bucket {
  /** Address of a key, as a user writes it. */
  address(key: string): string;
  put(key: string, content: Uint8Array | string): Promise<void>;
  remove(key: string): Promise<void>;
  readonly env: StoreEnv;
}

const AWS_KEYS = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'a-secret-that-nobody-knows' };

export async function s3Bucket({ url }: Emulator, name: string): Promise<Bucket> {
  const client = new S3Client({ region: 'us-east-1', endpoint: url, forcePathStyle: true, credentials: AWS_KEYS });
  await client.send(new CreateBucketCommand({ Bucket: name }));
  return {
    address: (key) => `s3://${name}/${key}`,
    put: async (Key, Body) => {
      await client.send(new PutObjectCommand({ Bucket: name, Key, Body }));
    },
    remove: async (Key) => {
      await client.send(new DeleteObjectCommand({ Bucket: name, Key }));
    },
    env: {
      AWS_ENDPOINT_URL_S3: url,
      AWS_ACCESS_KEY_ID: AWS_KEYS.accessKeyId,
      AWS_SECRET_ACCESS_KEY: AWS_KEYS.secretAccessKey,
      AWS_REGION: 'us-east-1',
    },
  };
}

export async function googleBucket({ url }: Emulator, name: string): Promise<Bucket> {
  await ask(`${url}/storage/v1/b`, { method: 'POST', body: JSON.stringify({ name }) });
  return {
    address: (key) => `gs://${name}/${key}`,
    put: async (key, content) => {
      const query = new URLSearchParams({ uploadType: 'media', name: key });
      await ask(`${url}/upload/storage/v1/b/${name}/o?${query}`, { method: 'POST', body: bodyOf(content) });
    },
    remove: (key) => ask(`${url}/storage/v1/b/${name}/o/${encodeURIComponent(key)}`, { method: 'DELETE' }),
    env: { STORAGE_EMULATOR_HOST: url },
  };
}

/** The account and the key that every Azurite has. */
const ACCOUNT = 'devstoreaccount1';
const ACCOUNT_KEY = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

export async function azureBucket({ url }: Emulator, name: string): Promise<Bucket> {
  const endpoint = `${url}/${ACCOUNT}`;
  const all = azureSignature('rwdlac');
  await ask(`${endpoint}/${name}?restype=container&${all}`, { method: 'PUT' });
  return {
    address: (key) => `abfss://${name}@${ACCOUNT}.dfs.core.windows.net/${key}`,
    put: (key, content) =>
      ask(`${endpoint}/${name}/${key}?${all}`, {
        method: 'PUT',
        headers: { 'x-ms-blob-type': 'BlockBlob' },
        body: bodyOf(content),
      }),
    remove: (key) => ask(`${endpoint}/${name}/${key}?${all}`, { method: 'DELETE' }),
    env: { AZURE_STORAGE_BLOB_ENDPOINT: endpoint, AZURE_STORAGE_SAS_TOKEN: azureSignature('rl') },
  };
}

/**
 * A shared access signature of the account.
 * @param permissions `r` read, `l` list, …
 * @see https://learn.microsoft.com/rest/api/storageservices/create-account-sas
 */
export function azureSignature(permissions: string): string {
  const [start, expiry, version] = ['2020-01-01T00:00:00Z', '2099-01-01T00:00:00Z', '2023-11-03'];
  const parts = [ACCOUNT, permissions, 'b', 'sco', start, expiry, '', 'https,http', version, '', ''];
  const sig = createHmac('sha256', Buffer.from(ACCOUNT_KEY, 'base64')).update(parts.join('\n')).digest('base64');
  const fields = { sv: version, ss: 'b', srt: 'sco', sp: permissions, st: start, se: expiry, spr: 'https,http', sig };
  return new URLSearchParams(fields).toString();
}

async function ask(url: string, init: RequestInit): Promise<void> {
  const response = await fetch(url, init);
  const text = await response.text();
  if (!response.ok) throw new Error(`${init.method} ${url}: ${response.status} ${text}`);
}

function bodyOf(content: Uint8Array | string): ArrayBuffer | string {
  return typeof content === 'string' ? content : (content.slice().buffer as ArrayBuffer);
}
