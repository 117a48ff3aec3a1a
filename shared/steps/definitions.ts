import { definition as approvePromote } from './approve-promote/definition.ts';
import { definition as buildPush } from './build-push/definition.ts';
import type { AnyStepData } from './define.ts';
import { definition as deployStaging } from './deploy-staging/definition.ts';
import { definition as impactReport } from './impact-report/definition.ts';
import { definition as rollback } from './rollback/definition.ts';
import { definition as smokeTest } from './smoke-test/definition.ts';
import { definition as validate } from './validate/definition.ts';

/** The seven steps as data alone, in the order of the flow: what manifests and reference pages are written from. */
export const definitions = [
  validate,
  buildPush,
  deployStaging,
  smokeTest,
  impactReport,
  approvePromote,
  rollback,
] as const satisfies readonly AnyStepData[];
