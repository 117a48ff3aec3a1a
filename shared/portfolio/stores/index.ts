import type { RemoteFiles } from '../file-source.ts';
import type { StoreAddress } from './address.ts';
import { AzureCredentials } from './azure-credentials.ts';
import { AzureStore } from './azure-store.ts';
import { GoogleCredentials } from './google-credentials.ts';
import { GoogleStore } from './google-store.ts';
import { ObjectPortfolios } from './object-portfolios.ts';
import type { ObjectStore } from './object-store.ts';
import { openS3 } from './s3-store.ts';
import type { StoreTools } from './store-tools.ts';

/**
 * Files in object stores, by address. Each store's own variable for emulators and private endpoints is heeded:
 * AWS_ENDPOINT_URL_S3, STORAGE_EMULATOR_HOST, AZURE_STORAGE_BLOB_ENDPOINT.
 * @param tools for the project at `root`; made when an address is opened, as credentials are looked for only then
 */
export function createObjectPortfolios(tools: (root: string) => Promise<StoreTools>): RemoteFiles {
  return new ObjectPortfolios(async (address, root, signal) => OPEN[address.kind](await tools(root), address, signal));
}

type Open = (tools: StoreTools, address: StoreAddress, signal: AbortSignal) => ObjectStore | Promise<ObjectStore>;

const OPEN: Readonly<Record<StoreAddress['kind'], Open>> = {
  s3: (tools, { bucket }, signal) => openS3(tools, bucket, signal),
  gs: (tools, { bucket }) => {
    const host = withScheme(tools.env.STORAGE_EMULATOR_HOST || 'https://storage.googleapis.com');
    return new GoogleStore(tools, new GoogleCredentials(tools), host, bucket);
  },
  azure: (tools, { bucket, account }) => {
    const endpoint = tools.env.AZURE_STORAGE_BLOB_ENDPOINT || `https://${account.replace('.dfs.', '.blob.')}`;
    return new AzureStore(tools, new AzureCredentials(tools), endpoint.replace(/\/+$/, ''), bucket);
  },
};

/** Google's own clients take the emulator's address with and without a scheme. */
function withScheme(host: string): string {
  return (/^https?:\/\//.test(host) ? host : `http://${host}`).replace(/\/+$/, '');
}
