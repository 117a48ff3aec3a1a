import type { Descriptor } from '../../ports/registry.ts';
import type { JsonObject } from '../../release/json.ts';
import { PROVENANCE_PREDICATE, PROVENANCE_TYPE, provenance } from '../attest/provenance.ts';
import { EMPTY_DOCUMENT, referrerManifest } from '../attest/referrer.ts';
import { SBOM_TYPE, sbom } from '../attest/sbom.ts';
import type { DependencyArtifact, dependencyArtifact } from '../dependencies/dependency-artifact.ts';
import { packagesOf } from '../dependencies/dependency-layers.ts';
import type { BaseImage } from './base-image.ts';
import { type Document, jsonDocument } from './blobs.ts';
import { imageConfig, imageLabels } from './image-config.ts';
import type { ImageInput, ImageLayer } from './image-input.ts';
import type { LayerDigests } from './layer.ts';
import { OCI_CONFIG, OCI_LAYER_GZIP, OCI_MANIFEST } from './media-types.ts';

/** What an image is made of. */
export interface Parts {
  readonly base: BaseImage;
  readonly dependencies: DependencyArtifact;
  /** Artifacts of packages that are new to the repository. */
  readonly artifacts: readonly ReturnType<typeof dependencyArtifact>[];
  readonly application: LayerDigests;
  readonly python: string;
}

/** An image as data: everything that the repository must hold in the end, and nothing that was sent yet. */
export interface ImagePlan {
  readonly layers: readonly { readonly role: ImageLayer['role']; readonly descriptor: Descriptor }[];
  /** Blobs beside the layers. */
  readonly documents: readonly Document[];
  /** Stored before the image: the artifacts by which the layers of packages are found again. */
  readonly artifacts: readonly { readonly manifest: Document; readonly tag: string }[];
  readonly image: Document;
  /** Stored after the image that they refer to. */
  readonly sbom: Document;
  readonly provenance: Document;
}

/** The whole image, from its parts. Equal parts and inputs give equal digests. */
export function planImage(input: ImageInput, parts: Parts): ImagePlan {
  const { base, dependencies, application, python } = parts;
  const layers = [
    ...base.layers.map((descriptor) => ({ role: 'base' as const, descriptor })),
    ...dependencies.layers.map(({ layer }) => ({ role: 'dependencies' as const, descriptor: layer })),
    {
      role: 'application' as const,
      descriptor: { mediaType: OCI_LAYER_GZIP, digest: application.digest, size: application.size },
    },
  ];
  const config = jsonDocument(OCI_CONFIG, imageConfig(input, base, { dependencies: dependencies.layers, application }));
  const image = jsonDocument(OCI_MANIFEST, {
    schemaVersion: 2,
    mediaType: OCI_MANIFEST,
    config: { ...config.descriptor } as JsonObject,
    layers: layers.map(({ descriptor }) => ({ ...descriptor }) as JsonObject),
    annotations: imageLabels(input, base),
  });
  const dependencyLayers = dependencies.layers.map(({ layer }) => layer.digest);
  const made = { image: image.descriptor.digest, python, dependencyLayers };
  const bill = jsonDocument(SBOM_TYPE, sbom(input, base, packagesOf(dependencies)));
  const statement = jsonDocument(PROVENANCE_TYPE, provenance(input, base, made));
  const { artifacts } = parts;
  return {
    layers,
    documents: [config, bill, statement, EMPTY_DOCUMENT, ...artifacts.map(({ facts }) => facts)],
    artifacts,
    image,
    sbom: referrerManifest(bill, image.descriptor),
    provenance: referrerManifest(statement, image.descriptor, { 'in-toto.io/predicate-type': PROVENANCE_PREDICATE }),
  };
}
