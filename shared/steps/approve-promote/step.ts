import { defineStep } from '../define.ts';
import { definition } from './definition.ts';
import { runApprovePromote } from './run.ts';

export const approvePromote = defineStep(definition, runApprovePromote);
