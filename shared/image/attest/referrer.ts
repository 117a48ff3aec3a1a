import type { Descriptor } from '../../ports/registry.ts';
import { digestOf } from '../../release/digest.ts';
import type { Document } from '../assemble/blobs.ts';
import { jsonDocument } from '../assemble/blobs.ts';
import { OCI_EMPTY, OCI_MANIFEST } from '../assemble/media-types.ts';

const EMPTY = new TextEncoder().encode('{}');
/** What stands for the configuration in a manifest that is no image. */
export const EMPTY_DOCUMENT: Document = {
  descriptor: { mediaType: OCI_EMPTY, digest: digestOf(EMPTY), size: EMPTY.length },
  bytes: EMPTY,
};

/**
 * A manifest that hangs a document on an image, so that it is found from the image's digest.
 * @see https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md#guidelines-for-artifact-usage
 */
export function referrerManifest(
  document: Document,
  subject: Descriptor,
  annotations: Readonly<Record<string, string>> = {},
): Document {
  const { mediaType, digest, size } = document.descriptor;
  return jsonDocument(OCI_MANIFEST, {
    schemaVersion: 2,
    mediaType: OCI_MANIFEST,
    artifactType: mediaType,
    config: plain(EMPTY_DOCUMENT.descriptor),
    layers: [{ mediaType, digest, size }],
    subject: plain(subject),
    ...(Object.keys(annotations).length > 0 && { annotations }),
  });
}

function plain({ mediaType, digest, size }: Descriptor) {
  return { mediaType, digest, size };
}
