import { commonInputs } from '../common-inputs.ts';
import { defineData } from '../define.ts';

export const definition = defineData({
  id: 'deploy-staging',
  title: 'Haute deploy to staging',
  summary: 'Deploy the release to staging and wait until this very release answers there.',
  needs: { checkout: true, python: true, platform: true, environment: 'staging', forge: true },
  azureTaskId: '77491f5c-4f64-4c00-995d-fc5af013fad5',
  inputs: {
    ...commonInputs,
    environment: { type: 'string', default: 'staging', help: 'Environment to deploy to. Never production.' },
  },
  outputs: {
    'deployment-id': { help: 'Id of the deployment; it keeps it for life.' },
    url: { help: 'Address of the environment.' },
    status: { help: 'Status of the deployment.' },
  },
});
