import { ConfigError, GateFailure, ProviderError } from '../../errors.ts';

/** The problems that the container target reports, in one place so that each is worded once. */

export function wrongArtifact(kind: string): ConfigError {
  return new ConfigError({
    code: 'CONTAINER-ARTIFACT',
    what: `the container target serves images, and this release was built as ${kind}`,
    fix: 'Build it for the container target: build-push with target container',
  });
}

export function otherRepository(release: string, own: string): ConfigError {
  return new ConfigError({
    code: 'CONTAINER-OTHER-REPOSITORY',
    what: `the image of the release is in ${release}, and the tags of this project are in ${own}`,
    fix: 'Set [deploy.container] registry in haute.toml, or build the release for this repository',
  });
}

export function imageMissing(reference: string): ProviderError {
  return new ProviderError({
    code: 'ARTIFACT-MISSING',
    what: `there is no image ${reference}`,
    fix: 'Run build-push again, and look whether the registry deletes images by itself',
  });
}

export function badWeights(why: string): ConfigError {
  return new ConfigError({
    code: 'CONTAINER-WEIGHTS',
    what: `a tag cannot be moved like this: ${why}`,
    fix: 'Give everything to one deployment: a tag names one image',
  });
}

export function unknownDeployment(id: string): ConfigError {
  return new ConfigError({
    code: 'CONTAINER-UNKNOWN-DEPLOYMENT',
    what: `there is no deployment ${id} in the registry`,
    fix: 'Take an id that the steps show; `rollback` with the dry-run input shows where it would go',
  });
}

export function unknownEnvironment(name: string): ConfigError {
  return new ConfigError({
    code: 'CONTAINER-UNKNOWN-ENVIRONMENT',
    what: `nothing was ever deployed to the environment ${name}`,
    fix: 'Deploy to it first',
  });
}

export function inUse(id: string, environments: readonly string[]): ConfigError {
  return new ConfigError({
    code: 'CONTAINER-IN-USE',
    what: `deployment ${id} is in use by ${environments.join(' and ')}, so it cannot be forgotten`,
    fix: 'Promote another deployment there first',
  });
}

/** @param what the capability that is missing, in the words of the ask */
export function cannot(what: string, why: string): ConfigError {
  return new ConfigError({
    code: 'CONTAINER-CANNOT',
    what: `target container cannot ${what}: ${why}`,
    fix: 'Leave it out, or use a target that starts the servers itself',
  });
}

export function notSettled(tag: string, names: string): ProviderError {
  return new ProviderError({
    code: 'CONTAINER-NOT-SETTLED',
    what: `${tag} names ${names}, so the promotion is not over`,
    fix: 'Move the tag there, or back, and settle then',
  });
}

export function notMoved(tag: string, wanted: string, names: string): ProviderError {
  return new ProviderError(
    {
      code: 'CONTAINER-TAG-NOT-MOVED',
      what: `${tag} was moved to ${wanted}, and the registry still says ${names}`,
      fix: 'Look whether the registry lets tags be moved (immutable tags must be off for the tags of environments) and whether something else moves them; then run the step again',
    },
    { retryable: true },
  );
}

export function brokenRecord(reference: string, why: string): ProviderError {
  return new ProviderError({
    code: 'CONTAINER-RECORD',
    what: `what the registry keeps of the environment at ${reference} cannot be read: ${why}`,
    fix: 'If a newer version of this suite wrote it, use that one. Otherwise delete this tag; the environment then begins anew with its next deployment',
  });
}

export function tagMovedByOthers(tag: string, names: string, expected: string): GateFailure {
  return new GateFailure({
    code: 'ENVIRONMENT-MOVED',
    what: `${tag} names ${names}, and was left at ${expected}: something else moved it`,
    fix: 'Find out who moves this tag. `rollback` gives it back to the release that was promoted last',
  });
}
