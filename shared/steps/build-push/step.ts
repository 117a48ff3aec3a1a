import { defineStep } from '../define.ts';
import { definition } from './definition.ts';
import { runBuildPush } from './run.ts';

export const buildPush = defineStep(definition, runBuildPush);
