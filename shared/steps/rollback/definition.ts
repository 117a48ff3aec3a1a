import { commonInputs } from '../common-inputs.ts';
import { defineData } from '../define.ts';

export const definition = defineData({
  id: 'rollback',
  title: 'Haute rollback',
  summary:
    'Give all traffic back to the last promoted, verified release, or finish the revert of a half-done promotion.',
  needs: { checkout: true, python: true, platform: true, environment: 'production', forge: true },
  azureTaskId: '09d0eace-281a-474d-9643-8b5ce4e9ed3c',
  inputs: {
    ...commonInputs,
    environment: { type: 'string', default: 'production', help: 'Environment to roll back.' },
    to: { type: 'string', help: 'Release id or deployment id to go back to. Default: the last one promoted before.' },
    cancel: { type: 'boolean', default: 'false', help: 'Only cancel the promotion that is under way.' },
    reason: { type: 'string', default: '', help: 'Why, for the record.' },
  },
  outputs: {
    'deployment-id': { help: 'Id of the deployment that serves now.' },
    seconds: { help: 'Time from the start until this release answered, in seconds.' },
    url: { help: 'Address of the environment.' },
  },
});
