import { commonInputs } from '../common-inputs.ts';
import { defineData } from '../define.ts';

export const definition = defineData({
  id: 'build-push',
  title: 'Haute build and push',
  summary: 'Package the pipeline reproducibly, prove that the package answers the test quotes, and store it by digest.',
  needs: { checkout: true, python: true, platform: true, environment: undefined, forge: false },
  azureTaskId: '54756dde-6f69-45ea-bdfa-65df4b3672c7',
  inputs: {
    ...commonInputs,
    quotes: { type: 'path', help: 'Folder of test quotes. Default: [test_quotes] dir of haute.toml, or tests/quotes.' },
    push: { type: 'boolean', default: 'true', help: 'Store the artifact where the target finds it.' },
    'allow-dirty': {
      type: 'boolean',
      default: 'false',
      help: 'Build although files differ from the commit. The release then cannot be traced to its source.',
    },
  },
  outputs: {
    image: { help: 'What was stored, by digest: name@sha256:… for images, a path on the local target.' },
    digest: { help: 'Digest of what was stored.' },
    'model-version': { help: 'Registered model version, on targets that have one.' },
    'uploaded-bytes': { help: 'Bytes that had to be stored.' },
    'reused-bytes': { help: 'Bytes that were there already.' },
  },
});
