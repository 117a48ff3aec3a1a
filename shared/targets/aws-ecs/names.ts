import { type EcsPolicy, environmentPolicy } from './policy.ts';

/** Where the environments of a project run. */
export interface EcsPlace {
  readonly region: string;
  readonly cluster: string;
  /** Service of production, as haute.toml names it. */
  readonly service: string;
  /** What the name of staging's service ends with. */
  readonly stagingSuffix: string;
}

/** Name of an environment's service: production's own, staging's with the suffix, any other with its own name. */
export function serviceOf(place: EcsPlace, policy: EcsPolicy, environment: string): string {
  const named = environmentPolicy(policy, environment).service;
  if (named !== undefined) return named;
  if (environment === 'production') return place.service;
  return environment === 'staging' ? `${place.service}${place.stagingSuffix}` : `${place.service}-${environment}`;
}

/**
 * The id of a deployment: `family:revision`, which AWS never gives out twice. Without account and region, so that no
 * host masks it.
 * @param taskDefinition ARN, or the id itself
 */
export function deploymentId(taskDefinition: string): string {
  return taskDefinition.slice(taskDefinition.lastIndexOf('/') + 1);
}

export function isDeploymentId(text: string): boolean {
  return /^[\w-]{1,255}:[1-9]\d*$/.test(text);
}

/** A text of AWS without the account ids that its ARNs hold: hosts mask those, and a masked line says little. */
export function withoutArns(text: string): string {
  return text.replaceAll(/arn:aws[\w-]*:[^\s)]*[/:]([^\s/:)]+)/g, '$1');
}

/** The last part of an ARN, for people. */
export function shortArn(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}
