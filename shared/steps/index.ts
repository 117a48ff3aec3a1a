import { approvePromote } from './approve-promote/step.ts';
import { buildPush } from './build-push/step.ts';
import type { AnyStep } from './define.ts';
import { deployStaging } from './deploy-staging/step.ts';
import { impactReport } from './impact-report/step.ts';
import { rollback } from './rollback/step.ts';
import { smokeTest } from './smoke-test/step.ts';
import { validate } from './validate/step.ts';

/** The seven steps, in the order of the flow. */
export const steps = [
  validate,
  buildPush,
  deployStaging,
  smokeTest,
  impactReport,
  approvePromote,
  rollback,
] as const satisfies readonly AnyStep[];
