import { AwsError } from '../aws-error.ts';
import type { DeploymentConfiguration, ServiceLoadBalancer } from './state.ts';

/** Stages that a PAUSE hook cannot be set at. */
const NO_PAUSE = ['TEST_TRAFFIC_SHIFT', 'PRODUCTION_TRAFFIC_SHIFT'];

/** @throws AwsError InvalidParameterException for settings that ECS refuses */
export function checkConfiguration(
  configuration: DeploymentConfiguration,
  loadBalancers: readonly ServiceLoadBalancer[],
  hasServiceConnect: boolean,
): void {
  const { strategy = 'ROLLING', lifecycleHooks = [], linearConfiguration, canaryConfiguration } = configuration;
  const moves = strategy !== 'ROLLING';
  if (moves && loadBalancers.length === 0 && !hasServiceConnect) {
    refuse(`${strategy} deployments require a load balancer or Service Connect.`);
  }
  for (const { advancedConfiguration: advanced } of moves ? loadBalancers : []) {
    if (!advanced?.alternateTargetGroupArn || !advanced.productionListenerRule || !advanced.roleArn) {
      refuse(`advancedConfiguration field is required for all loadBalancers when using a ${strategy} deployment.`);
    }
  }
  for (const { targetType = 'AWS_LAMBDA', hookTargetArn, lifecycleStages = [] } of lifecycleHooks) {
    if (lifecycleStages.length === 0) refuse('lifecycleStages must be specified for lifecycle hooks.');
    if (targetType === 'AWS_LAMBDA' && !hookTargetArn) refuse('hookTargetArn is required for AWS_LAMBDA hooks.');
    const barred = lifecycleStages.find((stage) => targetType === 'PAUSE' && NO_PAUSE.includes(stage));
    if (barred) refuse(`PAUSE hooks cannot be configured at the ${barred} lifecycle stage.`);
  }
  if (linearConfiguration) {
    if (strategy !== 'LINEAR') refuse('linearConfiguration can only be used with the LINEAR deployment strategy.');
    const { stepPercent = 10, stepBakeTimeInMinutes = 6 } = linearConfiguration;
    within('stepPercent', stepPercent, 3, 100);
    tenths('stepPercent', stepPercent);
    within('stepBakeTimeInMinutes', stepBakeTimeInMinutes, 0, 1440);
  }
  if (canaryConfiguration) {
    if (strategy !== 'CANARY') refuse('canaryConfiguration can only be used with the CANARY deployment strategy.');
    const { canaryPercent = 5, canaryBakeTimeInMinutes = 10 } = canaryConfiguration;
    within('canaryPercent', canaryPercent, 0.1, 100);
    tenths('canaryPercent', canaryPercent);
    within('canaryBakeTimeInMinutes', canaryBakeTimeInMinutes, 0, 1440);
  }
  within('bakeTimeInMinutes', configuration.bakeTimeInMinutes ?? 0, 0, 1440);
}

function within(name: string, value: number, least: number, most: number): void {
  if (value < least || value > most) refuse(`${name} must be between ${least} and ${most}.`);
}

function tenths(name: string, value: number): void {
  if (Math.abs(value * 10 - Math.round(value * 10)) > 1e-9) refuse(`${name} must be a multiple of 0.1.`);
}

function refuse(message: string): never {
  throw new AwsError('InvalidParameterException', message);
}
