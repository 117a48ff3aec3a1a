import { ConfigError, GateFailure, ProviderError } from '../../errors.ts';
import type { StoredMark } from './tags.ts';

/** The problems that the ECS target reports, in one place so that each is worded once. */

export function wrongArtifact(kind: string): ConfigError {
  return new ConfigError({
    code: 'ECS-ARTIFACT',
    what: `ECS runs images, and this release was built as ${kind}`,
    fix: 'Build it for this target: build-push with target aws-ecs',
  });
}

export function containerUnclear(family: string, names: readonly string[]): ConfigError {
  return new ConfigError({
    code: 'ECS-CONTAINER-UNCLEAR',
    what: `the task definition ${family} has ${names.length} containers (${names.join(', ')}), and nothing says which one prices quotes`,
    fix: 'Name it as container under [targets.aws-ecs] in haute.release.toml',
  });
}

export function containerMissing(family: string, name: string, names: readonly string[]): ConfigError {
  return new ConfigError({
    code: 'ECS-CONTAINER-MISSING',
    what: `the task definition ${family} has no container ${name}; it has ${names.join(', ') || 'none'}`,
    fix: 'Correct container under [targets.aws-ecs] in haute.release.toml',
  });
}

export function clusterMissing(cluster: string, region: string): ConfigError {
  return new ConfigError({
    code: 'ECS-CLUSTER-MISSING',
    what: `there is no cluster ${cluster} in ${region}, or it is not active`,
    fix: 'Correct cluster and region under [deploy.aws-ecs] in haute.toml, and look whether the credentials are of the right account',
  });
}

export function serviceMissing(service: string, cluster: string, environment: string): ConfigError {
  return new ConfigError({
    code: 'ECS-SERVICE-MISSING',
    what: `there is no service ${service} in the cluster ${cluster} for the environment ${environment}`,
    fix: `Create it, name another one as service under [targets.aws-ecs.environments.${environment}], or let it be made from production's shape with create = ["${environment}"] under [targets.aws-ecs]`,
  });
}

export function serviceInactive(service: string, status: string): ConfigError {
  return new ConfigError({
    code: 'ECS-SERVICE-INACTIVE',
    what: `the service ${service} is ${status}: it was deleted, or is being deleted`,
    fix: 'Create it again, or name another one in haute.toml or haute.release.toml',
  });
}

export function foreignController(service: string, controller: string): ConfigError {
  return new ConfigError({
    code: 'ECS-CONTROLLER',
    what: `the service ${service} is deployed by ${controller}, not by ECS itself`,
    fix: 'Give it the deployment controller ECS (BLUE_GREEN, LINEAR and CANARY are strategies of it), or keep deploying it with what does it now',
  });
}

export function scaledToZero(service: string): ConfigError {
  return new ConfigError({
    code: 'ECS-SCALED-TO-ZERO',
    what: `the service ${service} wants 0 tasks, so a deployment would succeed with nothing that answers`,
    fix: 'Set its desired count to 1 or more, or min in the autoscaling of the environment',
  });
}

export function badWeights(why: string): ConfigError {
  return new ConfigError({
    code: 'ECS-WEIGHTS',
    what: `traffic cannot be split like this: ${why}`,
    fix: 'Give whole percents that add up to 100, in the steps that the promotion began with',
  });
}

export function unknownDeployment(id: string): ConfigError {
  return new ConfigError({
    code: 'ECS-DEPLOYMENT-UNKNOWN',
    what: `${id} is no task definition that was registered for a release`,
    fix: 'Take an id that the history of the environment shows: family:revision',
  });
}

export function deploymentInUse(id: string, why: string): ConfigError {
  return new ConfigError({
    code: 'ECS-DEPLOYMENT-IN-USE',
    what: `deployment ${id} cannot be deleted: ${why}`,
    fix: 'Promote another release there first',
  });
}

export function addressUnknown(service: string, environment: string, why: string): ConfigError {
  return new ConfigError({
    code: 'ECS-ADDRESS-UNKNOWN',
    what: `nobody knows where the service ${service} answers: ${why}`,
    fix: `Write the address that callers use as url under [targets.aws-ecs.environments.${environment}] in haute.release.toml`,
  });
}

export function promotionActive(service: string, mark: StoredMark, owner: string): GateFailure {
  return new GateFailure({
    code: 'PROMOTION-ACTIVE',
    what: `${service} is held by promotion ${mark.id} of ${mark.candidate} (${owner}), begun ${mark.startedAt} by ${mark.run}`,
    fix: 'Wait for it, end it with rollback and the cancel input, or take its place with the supersede input',
  });
}

export function promotionSuperseded(service: string, id: string): GateFailure {
  return new GateFailure({
    code: 'PROMOTION-ACTIVE',
    what: `promotion ${id} of ${service} was taken over by another one, and ends here`,
    fix: 'Look at the run that took it over; nothing is to be done for this one',
  });
}

export function environmentMoved(
  service: string,
  serves: string | undefined,
  expected: string | undefined,
): GateFailure {
  return new GateFailure({
    code: 'ENVIRONMENT-MOVED',
    what: `${service} serves ${serves ?? 'nothing that was promoted'}, not ${expected ?? 'nothing'} as when this promotion began`,
    fix: 'Look at what was promoted meanwhile, then run the step again',
  });
}

export function deploymentActive(service: string, who: string): GateFailure {
  return new GateFailure({
    code: 'ECS-DEPLOYMENT-ACTIVE',
    what: `AWS is in the middle of another deployment of ${service} (${who}), which a second one would cut off`,
    fix: 'Wait until it is over, or end it with rollback and the cancel input',
  });
}

export function deployFailed(service: string, why: string): ProviderError {
  return new ProviderError({
    code: 'ECS-DEPLOY-FAILED',
    what: `${service} was not moved: ${why}`,
    fix: 'Mend what is named here; the log of the step has the stopped tasks and their last lines',
  });
}

/** A failure with the first thing that is known of its cause; anything else as it is. */
export function withCause(error: unknown, cause: string | undefined): unknown {
  if (!(error instanceof ProviderError) || cause === undefined) return error;
  const { problem } = error;
  if (problem.code !== 'ECS-DEPLOY-FAILED' && problem.code !== 'ECS-DEPLOY-TIMEOUT') return error;
  return new ProviderError({ ...problem, what: `${problem.what}; ${cause}` }, { cause: error });
}

export function deployOvertaken(service: string, why: string): ProviderError {
  return new ProviderError({
    code: 'ECS-DEPLOY-OVERTAKEN',
    what: `another deployment took the place of this one at ${service}: ${why}`,
    fix: 'Find out who deploys there beside this pipeline (the CloudTrail event UpdateService says who), then run the step again',
  });
}

export function deployTimeout(service: string, minutes: number, stands: string): ProviderError {
  return new ProviderError({
    code: 'ECS-DEPLOY-TIMEOUT',
    what: `${service} was not done within ${minutes} minutes: ${stands}`,
    fix: 'Look at the stopped tasks in the log of the step; give it more time with deploy_timeout under [targets.aws-ecs] if it only is slow',
  });
}

export function claimUnseen(service: string): ProviderError {
  return new ProviderError(
    {
      code: 'ECS-TAGS-NOT-SEEN',
      what: `the tags of ${service} were written, and AWS does not show them, so nobody knows who holds it`,
      fix: 'Run the step again in a minute',
    },
    { retryable: true },
  );
}

export function deploymentUnseen(deployment: string): ProviderError {
  return new ProviderError(
    {
      code: 'ECS-DEPLOYMENT-NOT-SEEN',
      what: `AWS lists the deployment ${deployment} and does not tell of it, so nobody knows what it is about to run`,
      fix: 'Run the step again in a minute',
    },
    { retryable: true },
  );
}

export function notSettled(service: string, keep: string, percent: number): ProviderError {
  return new ProviderError({
    code: 'ECS-NOT-SETTLED',
    what: `${keep} has ${percent} % of the traffic of ${service}, not all of it, so the promotion is not over`,
    fix: 'Run rollback, which gives all traffic back to what served before',
  });
}

export function cannotHandOver(id: string): ConfigError {
  return new ConfigError({
    code: 'ECS-STEPS-GUARDED',
    what: `the deployment of ${id} that is under way waits before each of its steps, so AWS does not go through them by itself`,
    fix: 'Leave wait at true; the candidate is taken back, and the next run begins anew',
  });
}

export function stepsUnguarded(id: string): ConfigError {
  return new ConfigError({
    code: 'ECS-STEPS-UNGUARDED',
    what: `the deployment of ${id} that is under way was begun to go through its steps by itself, so AWS would not wait for the checks between them`,
    fix: 'Set wait to false, or begin again without it; the candidate is taken back',
  });
}

export function cannotHold(service: string): ConfigError {
  return new ConfigError({
    code: 'UNSUPPORTED',
    what: `the service ${service} is not there yet: it is made with the release, and serves at once`,
    fix: 'Have the release approved before its first promotion to this environment',
  });
}
