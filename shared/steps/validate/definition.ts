import { commonInputs } from '../common-inputs.ts';
import { defineData } from '../define.ts';

export const definition = defineData({
  id: 'validate',
  title: 'Haute validate',
  summary: 'Parse the pipeline, collect its artifacts, score the test quotes, and prove that the package serves them.',
  needs: { checkout: true, python: true, platform: false, environment: undefined, forge: false },
  azureTaskId: 'f4000740-1a04-455c-9b2b-f7ec97e5bd15',
  inputs: {
    ...commonInputs,
    quotes: { type: 'path', help: 'Folder of test quotes. Default: [test_quotes] dir of haute.toml, or tests/quotes.' },
  },
  outputs: {
    'quotes-passed': { help: 'Test quotes whose answer was as expected.' },
    'quotes-failed': { help: 'Test quotes whose answer was not, or that had none.' },
    'input-columns': { help: 'Number of columns that a quote has.' },
    'output-columns': { help: 'Number of columns that an answer has.' },
    'nodes-kept': { help: 'Pipeline nodes on the scoring path.' },
    'nodes-skipped': { help: 'Pipeline nodes that are not deployed: training, exports.' },
    artifacts: { help: 'Number of model files and tables in the package.' },
    'package-digest': { help: 'Digest of the package that was proven; build-push must arrive at the same.' },
  },
});
