import { defineStep } from '../define.ts';
import { definition } from './definition.ts';
import { runDeployStaging } from './run.ts';

export const deployStaging = defineStep(definition, runDeployStaging);
