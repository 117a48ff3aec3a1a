import type { Json, JsonObject } from '../../release/json.ts';
import type { BaseImage } from '../assemble/base-image.ts';
import type { ImageInput } from '../assemble/image-input.ts';
import type { PackageFacts } from '../dependencies/wheel-metadata.ts';
import { describeRepository } from '../registry/name.ts';

export const SBOM_TYPE = 'application/vnd.cyclonedx+json';

/**
 * The list of what is in the image, as CycloneDX 1.6: the packages and the base image, which has lists of its own. It has
 * no serial number and no time, and does not change with the rates: only with what software is in the image.
 * @see https://cyclonedx.org/docs/1.6/json/
 */
export function sbom({ origin }: ImageInput, base: BaseImage, packages: readonly PackageFacts[]): JsonObject {
  const image = { type: 'container', 'bom-ref': 'image', name: origin.title };
  const components = [baseComponent(base), ...packages.map(packageComponent)];
  const references = components.map((component) => component['bom-ref'] as string);
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: { component: image },
    components,
    dependencies: [
      { ref: 'image', dependsOn: [...new Set(references)].sort() },
      ...references.map((ref) => ({ ref })),
    ] as Json,
  };
}

function baseComponent({ reference, digest }: BaseImage): JsonObject {
  return {
    type: 'container',
    'bom-ref': `${describeRepository(reference.name)}@${digest}`,
    name: reference.text,
    version: digest,
    hashes: [{ alg: 'SHA-256', content: digest.slice('sha256:'.length) }],
  };
}

function packageComponent({ name, version, summary, license, homepage, record }: PackageFacts): JsonObject {
  const purl = `pkg:pypi/${name}@${encodeURIComponent(version)}`;
  return {
    type: 'library',
    'bom-ref': purl,
    name,
    version,
    purl,
    ...(summary !== undefined && { description: summary }),
    ...(license && { licenses: 'expression' in license ? [{ ...license }] : [{ license: { ...license } }] }),
    ...(homepage !== undefined && { externalReferences: [{ type: 'website', url: homepage }] }),
    // Digest of the installed list of files, which has the digest of every file.
    properties: [{ name: 'dev.haute:record', value: record }],
  };
}
