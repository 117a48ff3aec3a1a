import { mannerOf } from '../traffic.ts';
import type { Subject } from './look.ts';

/** What a service takes of an account's Fargate. */
export interface FargateUse {
  /** Of the quota of Fargate, or of Fargate Spot. */
  readonly code: string;
  /** Virtual CPUs of all tasks that are wanted, and of all that run at once in the middle of a deployment. */
  readonly steady: number;
  readonly peak: number;
  /** True when a deployment needs the peak: it starts every new task before it ends one. */
  readonly needsPeak: boolean;
}

/** AWS' own codes of the quotas of virtual CPUs that run at once. */
const ON_DEMAND = 'L-3032A538';
const SPOT = 'L-36FBB829';
const UNITS_PER_CPU = 1024;

/** Undefined for a service that is not on Fargate alone, or in one kind of it. */
export function fargateUse({ service, shape }: Pick<Subject, 'service' | 'shape'>): FargateUse | undefined {
  const code = codeOf(service);
  const cpu = cpuOf(shape.cpu);
  if (code === undefined || cpu === undefined) return undefined;
  const count = Math.max(service.desiredCount ?? 0, 1);
  const needsPeak = mannerOf(service).kind === 'stepped';
  const percent = needsPeak ? 200 : (service.deploymentConfiguration?.maximumPercent ?? 200);
  return { code, steady: cpu * count, peak: (cpu * count * percent) / 100, needsPeak };
}

function codeOf({ launchType, capacityProviderStrategy: providers = [] }: Subject['service']): string | undefined {
  const kinds = new Set(providers.map(({ capacityProvider }) => capacityProvider));
  if (kinds.size > 1) return undefined;
  if (kinds.has('FARGATE_SPOT')) return SPOT;
  return kinds.has('FARGATE') || launchType === 'FARGATE' ? ON_DEMAND : undefined;
}

/** `512` and `.5 vCPU` are the same. */
function cpuOf(text: string | undefined): number | undefined {
  const [, number, unit] = /^\s*(\d*\.?\d+)\s*(vcpu)?\s*$/i.exec(text ?? '') ?? [];
  if (number === undefined) return undefined;
  return unit === undefined ? Number(number) / UNITS_PER_CPU : Number(number);
}
