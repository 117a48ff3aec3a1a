import { commonInputs } from '../common-inputs.ts';
import { defineData } from '../define.ts';

export const definition = defineData({
  id: 'approve-promote',
  title: 'Haute approve and promote',
  summary: 'Check the evidence and the approvals of the release, then move production’s traffic to it in stages.',
  needs: { checkout: true, python: true, platform: true, environment: 'production', forge: true },
  azureTaskId: 'f10fbad4-68bb-49b7-bc2e-4a3a7f117ea1',
  inputs: {
    ...commonInputs,
    environment: { type: 'string', default: 'production', help: 'Environment to promote to.' },
    from: { type: 'string', default: 'staging', help: 'Environment where the release was tested.' },
    'min-approvers': {
      type: 'integer',
      min: 0,
      help: 'Least number of distinct approvers; may only raise what the policy asks for.',
    },
    approve: {
      type: 'list',
      terminalOnly: true,
      help: 'Name of a person who approves. Repeat it for each. On a terminal you are asked when it is left out.',
    },
    ramp: { type: 'duration', help: 'Time over which traffic moves. 0s is all at once. Overrides the policy.' },
    wait: {
      type: 'boolean',
      default: 'true',
      help: 'Stay until the promotion has settled. Without, the platform goes on by itself where it can; run the step again to settle.',
    },
    'wait-for-approval': { type: 'duration', default: '0s', help: 'How long to wait for approvals that are missing.' },
    'hold-for-approval': {
      type: 'boolean',
      default: 'false',
      help: 'Where approvals are missing, bring the candidate up without traffic, check it, and leave it waiting for them: no runner waits. Run the step again to go on.',
    },
    supersede: { type: 'boolean', default: 'false', help: 'Revert and replace a promotion that is under way.' },
  },
  outputs: {
    'deployment-id': { help: 'Id of the deployment that now serves.' },
    'previous-deployment-id': { help: 'Id of the deployment that served before.' },
    approvers: { help: 'Who approved, comma-separated.' },
    url: { help: 'Address of the environment.' },
    stages: { help: 'Stages of traffic that were passed, as percents.' },
  },
});
