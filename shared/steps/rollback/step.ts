import { defineStep } from '../define.ts';
import { definition } from './definition.ts';
import { runRollback } from './run.ts';

export const rollback = defineStep(definition, runRollback);
