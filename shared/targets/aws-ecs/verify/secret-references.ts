import type { TaskShape } from '../task-definition.ts';

/** A secret of Secrets Manager that a task is given. */
export interface SecretReference {
  /** ARN without the key, stage and version that may follow it; or its name. */
  readonly id: string;
  readonly region: string;
  /** Stage of the value that is asked for; undefined: the current one. */
  readonly stage: string | undefined;
}

/** A parameter of Systems Manager that a task is given. */
export interface ParameterReference {
  /** Names that it may have: an ARN does not say whether one without a path begins with a slash. */
  readonly names: readonly string[];
  readonly region: string;
  /** Undefined where only the name is given: of this account. */
  readonly account: string | undefined;
}

export interface References {
  readonly secrets: readonly SecretReference[];
  readonly parameters: readonly ParameterReference[];
}

/**
 * Everything secret that a task definition refers to: variables, log options and the login at a registry. References,
 * and no values.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specifying-sensitive-data.html
 */
export function referencesOf(shape: TaskShape, region: string): References {
  const containers = shape.containerDefinitions ?? [];
  const values = containers.flatMap(({ secrets = [], logConfiguration }) =>
    [...secrets, ...(logConfiguration?.secretOptions ?? [])].flatMap(({ valueFrom }) => valueFrom ?? []),
  );
  const logins = containers.flatMap(({ repositoryCredentials }) => repositoryCredentials?.credentialsParameter ?? []);
  const all = [...new Set(values)];
  const secrets = [
    ...all.filter(isSecret).map((text) => secretOf(text, region)),
    ...[...new Set(logins)].map((text) => secretOf(text, region)),
  ];
  return {
    secrets: unlike(secrets),
    parameters: all.filter((text) => !isSecret(text)).map((text) => parameterOf(text, region)),
  };
}

function isSecret(text: string): boolean {
  return /^arn:[^:]+:secretsmanager:/.test(text);
}

/** `arn:aws:secretsmanager:region:account:secret:name-AbCdEf:key:stage:version`; a login may be a bare name. */
function secretOf(text: string, region: string): SecretReference {
  if (!isSecret(text)) return { id: text, region, stage: undefined };
  const parts = text.split(':');
  return { id: parts.slice(0, 7).join(':'), region: parts[3] || region, stage: parts[8] || undefined };
}

function parameterOf(text: string, region: string): ParameterReference {
  const [, place, account, name = ''] = /^arn:[^:]+:ssm:([^:]*):([^:]*):parameter\/(.+)$/.exec(text) ?? [];
  if (place === undefined) return { names: [text], region, account: undefined };
  return { names: name.includes('/') ? [`/${name}`] : [name, `/${name}`], region: place || region, account };
}

/** Two keys of one secret are one secret. */
function unlike(secrets: readonly SecretReference[]): readonly SecretReference[] {
  return [...new Map(secrets.map((each) => [JSON.stringify(each), each])).values()];
}
