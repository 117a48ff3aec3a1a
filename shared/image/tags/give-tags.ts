import { ConfigError, GateFailure, ProviderError } from '../../errors.ts';
import type { Registry, RegistryCall, RepositoryName, StoredManifest } from '../../ports/registry.ts';
import type { Digest } from '../../release/digest.ts';
import { describeTag } from '../registry/name.ts';
import { type ImageTags, RECORD_SUFFIX } from './tags.ts';

/**
 * Names an image: every tag that must not move is read before any is written, and every one is read back. A tag that
 * names this image already is left as it is.
 * @returns the names, written out
 * @throws GateFailure IMAGE-TAG-TAKEN or ConfigError IMAGE-TAG, with nothing written; ProviderError IMAGE-TAG-LOST
 */
export async function giveTags(
  registry: Registry,
  to: RepositoryName,
  image: StoredManifest,
  { fixed, moving }: ImageTags,
  call: RegistryCall,
): Promise<readonly string[]> {
  const { digest } = image.descriptor;
  const tags = [...fixed, ...moving];
  const before = new Map<string, Digest | undefined>();
  for (const tag of tags) before.set(tag, await names(registry, to, tag, call));
  for (const tag of fixed) {
    const other = before.get(tag);
    if (other !== undefined && other !== digest) throw taken(describeTag(to, tag), other, digest);
  }
  for (const tag of moving) {
    if (await names(registry, to, tag + RECORD_SUFFIX, call)) throw ofEnvironment(describeTag(to, tag));
  }
  for (const tag of tags) {
    if (before.get(tag) === digest) continue;
    await registry.pushManifest(to, image, tag, call);
    const now = await names(registry, to, tag, call);
    if (now !== digest) throw lost(describeTag(to, tag), digest, now);
  }
  return tags.map((tag) => describeTag(to, tag));
}

async function names(
  registry: Registry,
  to: RepositoryName,
  tag: string,
  call: RegistryCall,
): Promise<Digest | undefined> {
  return (await registry.manifest(to, tag, call))?.descriptor.digest;
}

function taken(tag: string, other: Digest, digest: Digest): GateFailure {
  return new GateFailure({
    code: 'IMAGE-TAG-TAKEN',
    what: `${tag} names ${other}, and this build of the same commit or version gave ${digest}`,
    fix: 'Find out what differs: a base image that was published anew under its tag (write its digest), another builder, a version tag that was moved. To keep what is there, run the steps with its release; to replace it, delete the tag first',
  });
}

function ofEnvironment(tag: string): ConfigError {
  return new ConfigError({
    code: 'IMAGE-TAG',
    what: `the tags input: ${tag} is the tag of an environment, which has releases of its own`,
    fix: 'Leave it out: deploy-staging and approve-promote move it',
  });
}

function lost(tag: string, digest: Digest, now: Digest | undefined): ProviderError {
  return new ProviderError(
    {
      code: 'IMAGE-TAG-LOST',
      what: `${tag} was given to ${digest}, and the registry says that it names ${now ?? 'nothing'}`,
      fix: 'Run the step again; if it stays so, look for something else that moves this tag',
    },
    { retryable: true },
  );
}
