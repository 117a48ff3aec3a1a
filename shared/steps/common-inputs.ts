import type { InputSpecs, OutputSpecs } from './define.ts';

/** Inputs that every step has. */
export const commonInputs = {
  project: { type: 'path', default: '.', help: 'Folder of the Haute project: the one that holds haute.toml.' },
  policy: {
    type: 'path',
    help: 'Release policy file. Default: haute.release.toml in the project, if there is one.',
  },
  target: {
    type: 'choice',
    options: ['databricks', 'container', 'azure-container-apps', 'aws-ecs', 'gcp-run', 'baseten', 'local'],
    help: 'Where the release runs. Overrides haute.toml.',
  },
  release: {
    type: 'string',
    help: 'The release to work on: a release file or a release id. Default: .haute/release.json in the project.',
  },
  'dry-run': { type: 'boolean', default: 'false', help: 'Show what would change, and change nothing.' },
  python: {
    type: 'string',
    help: 'Python that has Haute installed. Default: the project’s .venv, uv, python3, or a scoring runtime of our own.',
  },
  timeout: { type: 'duration', default: '30m', help: 'The longest the whole step may take.' },
  'step-summary': { type: 'boolean', default: 'true', help: 'Write the summary to the page of the run.' },
} as const satisfies InputSpecs;

/** Outputs that every step has. */
export const commonOutputs = {
  result: { help: 'pass, warn, fail or inconclusive.' },
  'release-id': { help: 'The release that the step worked on.' },
  'release-file': { help: 'Path of the release file, for the next step.' },
  'summary-file': { help: 'Path of the summary in Markdown.' },
} as const satisfies OutputSpecs;
