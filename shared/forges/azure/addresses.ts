/**
 * Where the identities of an organization are asked for: a host of their own in the cloud, the collection on a server.
 * @param collectionUrl `https://dev.azure.com/acme`, `https://acme.visualstudio.com`, or a server's collection
 */
export function identityUrl(collectionUrl: string): string {
  const plain = collectionUrl.replace(/\/$/, '');
  return plain
    .replace(/^https:\/\/dev\.azure\.com\//, 'https://vssps.dev.azure.com/')
    .replace(/^https:\/\/([^./]+)\.visualstudio\.com/, 'https://$1.vssps.visualstudio.com');
}
