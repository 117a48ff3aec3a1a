import { commonInputs } from '../common-inputs.ts';
import { defineData } from '../define.ts';

export const definition = defineData({
  id: 'smoke-test',
  title: 'Haute smoke test',
  summary: 'Ask the live staging address for the test quotes: expected premiums within tolerance, latency, and health.',
  needs: { checkout: true, python: false, platform: true, environment: 'staging', forge: false },
  azureTaskId: 'dc5cba86-aa2e-41e9-8388-14cbca60b637',
  inputs: {
    ...commonInputs,
    environment: { type: 'string', default: 'staging', help: 'Environment to test.' },
    url: { type: 'url', help: 'Address to test instead of an environment’s; needs no release.' },
    headers: { type: 'headers', help: 'Headers for the address, one `Name: value` a line. Values are masked.' },
    quotes: { type: 'path', help: 'Folder of test quotes. Default: [test_quotes] dir of haute.toml, or tests/quotes.' },
    tolerance: {
      type: 'percentage',
      help: 'How far an answer may be from its expected value where the quote does not say. Overrides the policy.',
    },
    'p95-latency': {
      type: 'duration',
      help: 'Longest 95th percentile of one quote’s answer time. Overrides the policy.',
    },
  },
  outputs: {
    passed: { help: 'Test quotes that were answered as expected.' },
    failed: { help: 'Test quotes that were not.' },
    'p95-ms': { help: '95th percentile of the answer time of one quote, in milliseconds.' },
  },
});
