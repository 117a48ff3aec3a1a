import { defineStep } from '../define.ts';
import { definition } from './definition.ts';
import { runImpactReport } from './run.ts';

export const impactReport = defineStep(definition, runImpactReport);
