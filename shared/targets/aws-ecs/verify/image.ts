import { BatchGetImageCommand } from '@aws-sdk/client-ecr';
import { nameOf } from '../aws-error.ts';
import { imageOf, type TaskShape } from '../task-definition.ts';
import { type Finding, NOTHING, type Subject } from './look.ts';
import { imageMissing, wrongArchitecture } from './problems.ts';

/** An image of Amazon's own registry, by the parts of its name. */
export interface EcrImage {
  readonly account: string;
  readonly region: string;
  readonly repository: string;
}

const INDEX_TYPES = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
];
const MANIFEST_TYPES = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
];

/** The parts of `<account>.dkr.ecr.<region>.amazonaws.com/<repository>`; undefined for another registry. */
export function ecrImage(name: string): EcrImage | undefined {
  const [, account, region, repository] =
    /^(\d{12})\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+)\.(?:amazonaws\.com(?:\.cn)?|on\.aws|on\.amazonwebservices\.com\.cn)\/(.+)$/.exec(
      name,
    ) ?? [];
  return account && region && repository ? { account, region, repository } : undefined;
}

/** What is wrong with the release's image for this task: not in the registry, or not for its architecture. */
export async function checkImage({ context: { aws }, shape, release, signal }: Subject): Promise<Finding> {
  const { artifact } = release.core;
  const place = artifact.kind === 'image' ? ecrImage(artifact.name) : undefined;
  if (artifact.kind !== 'image' || !place) return NOTHING;
  const image = imageOf(release);
  const where = `the repository ${place.repository} of account ${place.account} in ${place.region}`;
  const answer = await aws.ask(
    `the image ${image}`,
    async (clients, options) => {
      try {
        const command = new BatchGetImageCommand({
          registryId: place.account,
          repositoryName: place.repository,
          imageIds: [{ imageDigest: artifact.digest }],
          acceptedMediaTypes: [...INDEX_TYPES, ...MANIFEST_TYPES],
        });
        return await clients.ecr(place.region).send(command, options);
      } catch (error) {
        if (/^(RepositoryNotFoundException|ImageNotFoundException)$/.test(nameOf(error))) return undefined;
        throw error;
      }
    },
    signal,
  );
  const [found] = answer?.images ?? [];
  // A key that may not be used, an upstream that does not answer: nothing is known of the image then.
  const failure = answer?.failures?.find(({ failureCode }) => failureCode !== 'ImageNotFound');
  if (!found && failure)
    return {
      problems: [],
      notes: [`the image could not be looked at: ${failure.failureReason ?? failure.failureCode}`],
    };
  if (!found) return { problems: [imageMissing(image, where)], notes: [] };
  const has = platformsOf(found.imageManifest ?? '');
  const wanted = platformOf(shape);
  const problems = has === undefined || has.includes(wanted) ? [] : [wrongArchitecture(image, wanted, has)];
  return { problems, notes: [] };
}

/** `linux/amd64`: what the task runs on; AWS takes that where nothing is said. */
export function platformOf({ runtimePlatform }: Pick<TaskShape, 'runtimePlatform'>): string {
  const os = /^WINDOWS/.test(runtimePlatform?.operatingSystemFamily ?? '') ? 'windows' : 'linux';
  return `${os}/${runtimePlatform?.cpuArchitecture === 'ARM64' ? 'arm64' : 'amd64'}`;
}

/** The platforms of an index; undefined for an image of one platform, whose manifest does not name it. */
export function platformsOf(manifest: string): readonly string[] | undefined {
  const { manifests } = (manifest === '' ? {} : JSON.parse(manifest)) as {
    readonly manifests?: readonly { readonly platform?: { readonly os?: string; readonly architecture?: string } }[];
  };
  return manifests?.flatMap(({ platform }) =>
    platform?.os && platform.os !== 'unknown' ? [`${platform.os}/${platform.architecture}`] : [],
  );
}
