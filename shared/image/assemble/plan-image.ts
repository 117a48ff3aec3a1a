import type { Descriptor } from '../../ports/registry.ts';
import type { JsonObject } from '../../release/json.ts';
import { PROVENANCE_PREDICATE, PROVENANCE_TYPE, provenance } from '../attest/provenance.ts';
import { EMPTY_DOCUMENT, referrerManifest } from '../attest/referrer.ts';
import { SBOM_TYPE, sbom } from '../attest/sbom.ts';
import { type DependencyLayer, dependencyArtifact, dependencyTag } from '../dependencies/dependency-artifact.ts';
import type { BaseImage } from './base-image.ts';
import { type Document, jsonDocument } from './blobs.ts';
import { imageConfig, imageLabels } from './image-config.ts';
import type { ImageInput, ImageLayer } from './image-input.ts';
import type { LayerDigests } from './layer.ts';
import { OCI_CONFIG, OCI_LAYER_GZIP, OCI_MANIFEST } from './media-types.ts';

/** What an image is made of. */
export interface Parts {
  readonly base: BaseImage;
  readonly dependencies: DependencyLayer;
  /** Whether the layer of packages is new to the repository. */
  readonly built: boolean;
  readonly application: LayerDigests;
  readonly python: string;
}

/** An image as data: everything that the repository must hold in the end, and nothing that was sent yet. */
export interface ImagePlan {
  readonly layers: readonly { readonly role: ImageLayer['role']; readonly descriptor: Descriptor }[];
  /** Blobs beside the layers. */
  readonly documents: readonly Document[];
  /** Stored before the image: the artifact by which the layer of packages is found again. */
  readonly dependencies: { readonly manifest: Document; readonly tag: string } | undefined;
  readonly image: Document;
  /** Stored after the image that they refer to. */
  readonly sbom: Document;
  readonly provenance: Document;
}

/** The whole image, from its parts. Equal parts and inputs give equal digests. */
export function planImage(input: ImageInput, parts: Parts): ImagePlan {
  const { base, dependencies, built, application, python } = parts;
  const layers = [
    ...base.layers.map((descriptor) => ({ role: 'base' as const, descriptor })),
    { role: 'dependencies' as const, descriptor: dependencies.layer },
    {
      role: 'application' as const,
      descriptor: { mediaType: OCI_LAYER_GZIP, digest: application.digest, size: application.size },
    },
  ];
  const config = jsonDocument(
    OCI_CONFIG,
    imageConfig(input, base, {
      dependencies: { diffId: dependencies.diffId, requirements: dependencies.packages.length },
      application,
    }),
  );
  const image = jsonDocument(OCI_MANIFEST, {
    schemaVersion: 2,
    mediaType: OCI_MANIFEST,
    config: { ...config.descriptor } as JsonObject,
    layers: layers.map(({ descriptor }) => ({ ...descriptor }) as JsonObject),
    annotations: imageLabels(input, base),
  });
  const made = { image: image.descriptor.digest, python, dependencyLayer: dependencies.layer.digest };
  const bill = jsonDocument(SBOM_TYPE, sbom(input, base, dependencies.packages));
  const statement = jsonDocument(PROVENANCE_TYPE, provenance(input, base, made));
  const artifact = built ? dependencyArtifact(dependencies) : undefined;
  return {
    layers,
    documents: [config, bill, statement, EMPTY_DOCUMENT, ...(artifact ? [artifact.facts] : [])],
    dependencies: artifact && { manifest: artifact.manifest, tag: dependencyTag(dependencies.key) },
    image,
    sbom: referrerManifest(bill, image.descriptor),
    provenance: referrerManifest(statement, image.descriptor, { 'in-toto.io/predicate-type': PROVENANCE_PREDICATE }),
  };
}
