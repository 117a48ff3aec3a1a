import type { Problem } from '../errors.ts';
import { type HauteConfig, TARGET_IDS, type TargetId } from './haute-config.ts';
import { nearest } from './nearest.ts';

/** The environment variables that change haute.toml, the same that Haute reads. */
export interface EnvOverrides {
  readonly config: HauteConfig;
  readonly target: TargetId | undefined;
  readonly problems: readonly Problem[];
}

/**
 * haute.toml as HAUTE_MODEL_NAME, HAUTE_ENDPOINT_NAME, HAUTE_SERVING_WORKLOAD_SIZE and HAUTE_SERVING_SCALE_TO_ZERO
 * change it, and the target that HAUTE_TARGET names. A variable that is set but empty is a problem: Haute would take
 * the empty text, and a CI variable that was never filled in is the usual cause.
 */
export function overriddenByEnv(config: HauteConfig, env: Readonly<Record<string, string | undefined>>): EnvOverrides {
  const problems: Problem[] = [];
  const bad = (name: string, what: string, fix: string) =>
    void problems.push({ code: 'ENV-BAD-VALUE', what: `${name} ${what}`, fix });
  const given = (name: string): string | undefined => {
    const value = env[name];
    if (value?.trim() !== '') return value;
    bad(name, 'is set, but empty', `Give ${name} a value, or do not set it`);
    return undefined;
  };

  const scaleToZero = given('HAUTE_SERVING_SCALE_TO_ZERO')?.toLowerCase();
  const wanted = scaleToZero === undefined ? undefined : TRUTH.get(scaleToZero);
  if (scaleToZero !== undefined && wanted === undefined) {
    bad('HAUTE_SERVING_SCALE_TO_ZERO', `is ${JSON.stringify(scaleToZero)}`, 'Write true or false');
  }
  const { deploy } = config;
  const databricks = {
    ...deploy.databricks,
    servingWorkloadSize: given('HAUTE_SERVING_WORKLOAD_SIZE') ?? deploy.databricks.servingWorkloadSize,
    servingScaleToZero: wanted ?? deploy.databricks.servingScaleToZero,
  };
  const modelName = given('HAUTE_MODEL_NAME') ?? deploy.modelName;
  const endpointName = given('HAUTE_ENDPOINT_NAME') ?? deploy.endpointName;
  const target = given('HAUTE_TARGET');
  if (target !== undefined && !isTarget(target)) {
    bad('HAUTE_TARGET', `is ${JSON.stringify(target)}, not a target`, targetFix(target));
  }
  return {
    config: { ...config, deploy: { ...deploy, modelName, endpointName, databricks } },
    target: target !== undefined && isTarget(target) ? target : undefined,
    problems,
  };
}

/** What Haute takes for true and what it takes for false; it takes everything else for false too, and we do not. */
const TRUTH: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['1', true],
  ['yes', true],
  ['false', false],
  ['0', false],
  ['no', false],
]);

export function isTarget(text: string): text is TargetId {
  return TARGET_IDS.some((id) => id === text);
}

/** What to write instead of a target that there is not. */
export function targetFix(text: string): string {
  const meant = nearest(text, TARGET_IDS);
  return meant === undefined ? `Write one of ${TARGET_IDS.join(', ')}` : `Did you mean '${meant}'?`;
}
