import type { Digest } from '../../release/digest.ts';
import { digestOfJson } from '../../release/digest.ts';
import type { JsonObject } from '../../release/json.ts';
import type { BaseImage } from '../assemble/base-image.ts';
import type { ImageInput } from '../assemble/image-input.ts';
import { describeRepository } from '../registry/name.ts';

export const PROVENANCE_TYPE = 'application/vnd.in-toto+json';
export const PROVENANCE_PREDICATE = 'https://slsa.dev/provenance/v1';
const RECIPE = 'https://github.com/haute/deploy/blob/main/docs/images.md#provenance';

/** What the image was made of, besides what the input says. */
export interface Made {
  readonly image: Digest;
  readonly python: string;
  readonly dependencyLayers: readonly Digest[];
}

/**
 * How the image was made, as an in-toto statement with SLSA's predicate. Not signed: whoever may write into the
 * repository may write this. It has no time, so that the same commit has the same one.
 * @see https://slsa.dev/spec/v1.0/provenance
 */
export function provenance(input: ImageInput, base: BaseImage, made: Made): JsonObject {
  const { origin, pkg, platform, port, to, libc } = input;
  return {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: describeRepository(to), digest: sha256(made.image) }],
    predicateType: PROVENANCE_PREDICATE,
    predicate: {
      buildDefinition: {
        buildType: RECIPE,
        externalParameters: {
          ...(origin.source !== undefined && { source: origin.source }),
          ...(origin.revision !== undefined && { revision: origin.revision }),
          baseImage: base.reference.text,
          platform: `${platform.os}/${platform.architecture}`,
          libc,
          python: made.python,
          port,
        },
        resolvedDependencies: [
          ...sourceOf(input),
          {
            name: 'base image',
            uri: `oci://${describeRepository(base.reference.name)}@${base.digest}`,
            digest: sha256(base.digest),
          },
          { name: 'package', digest: sha256(pkg.digest) },
          { name: 'requirements', digest: sha256(digestOfJson([...pkg.requirements].sort())) },
          ...made.dependencyLayers.map((layer) => ({ name: 'layer of packages', digest: sha256(layer) })),
        ],
      },
      runDetails: { builder: { id: origin.builder } },
    },
  };
}

function sourceOf({ origin: { source, revision } }: ImageInput): readonly JsonObject[] {
  if (revision === undefined) return [];
  const uri = source === undefined ? {} : { uri: `git+${source}@${revision}` };
  return [{ name: 'source', ...uri, digest: { gitCommit: revision } }];
}

function sha256(digest: Digest): JsonObject {
  return { sha256: digest.slice('sha256:'.length) };
}
