import { defineStep } from '../define.ts';
import { definition } from './definition.ts';
import { runValidate } from './run.ts';

export const validate = defineStep(definition, runValidate);
