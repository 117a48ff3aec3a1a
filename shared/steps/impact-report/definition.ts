import { commonInputs } from '../common-inputs.ts';
import { defineData } from '../define.ts';

export const definition = defineData({
  id: 'impact-report',
  title: 'Haute impact report',
  summary: 'Score the portfolio on staging and on production, compare the premiums, and judge the gates.',
  needs: { checkout: true, python: false, platform: true, environment: 'staging', forge: true },
  azureTaskId: '0429248a-bd3d-4990-bb54-1f98ac693ea2',
  inputs: {
    ...commonInputs,
    environment: { type: 'string', default: 'staging', help: 'Environment with the new rates.' },
    baseline: { type: 'string', default: 'production', help: 'Environment with the rates in force.' },
    'staging-url': { type: 'url', help: 'Address with the new rates, instead of an environment’s.' },
    'production-url': { type: 'url', help: 'Address with the rates in force, instead of an environment’s.' },
    headers: { type: 'headers', help: 'Headers for both addresses, one `Name: value` a line. Values are masked.' },
    dataset: {
      type: 'path',
      help: 'The portfolio: Parquet, CSV or JSON lines. Default: [safety] impact_dataset of haute.toml.',
    },
    key: { type: 'string', help: 'Column that names a quote; rows are paired by it. Overrides the policy.' },
    outputs: { type: 'list', help: 'Columns to compare, the premium first. Overrides the policy.' },
    sample: { type: 'integer', default: '0', min: 0, help: 'Score only this many rows, spread evenly. 0 scores all.' },
    'report-dir': { type: 'path', default: '.haute/impact', help: 'Folder for the reports, inside the project.' },
  },
  outputs: {
    report: { help: 'Path of the report in Markdown.' },
    html: { help: 'Path of the report as one page for the browser.' },
    json: { help: 'Path of the report as data.' },
    'rows-scored': { help: 'Rows priced on both sides.' },
    'rows-failed': { help: 'Rows that could not be priced on one side or both.' },
    'rows-changed': { help: 'Rows whose premium changed.' },
    'mean-change-pct': { help: 'Mean change of the premium over the rows, in percent.' },
    'premium-change-pct': { help: 'Change of the total premium, in percent.' },
  },
});
