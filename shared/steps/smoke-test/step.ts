import { defineStep } from '../define.ts';
import { definition } from './definition.ts';
import { runSmokeTest } from './run.ts';

export const smokeTest = defineStep(definition, runSmokeTest);
