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
    mode: {
      type: 'choice',
      default: 'served',
      options: ['served', 'offline'],
      help: 'served asks the addresses; offline loads the packages of both releases here and asks no server; those in images are fetched from the registry.',
    },
    headers: { type: 'headers', help: 'Headers for both addresses, one `Name: value` a line. Values are masked.' },
    dataset: {
      type: 'path',
      help: 'The portfolio: Parquet, CSV or JSON lines. Default: [safety] impact_dataset of haute.toml.',
    },
    reader: {
      type: 'choice',
      default: 'auto',
      options: ['auto', 'duckdb', 'built-in'],
      help: 'Whether DuckDB makes large Parquet files without dictionaries faster to read: where it is installed (auto); where npm has to install it (duckdb); never (built-in).',
    },
    key: { type: 'string', help: 'Column that names a quote; rows are paired by it. Overrides the policy.' },
    outputs: { type: 'list', help: 'Columns to compare, the premium first. Overrides the policy.' },
    sample: { type: 'integer', default: '0', min: 0, help: 'Score only this many rows, spread evenly. 0 scores all.' },
    shard: {
      type: 'string',
      help: 'One job’s part of the run, like `2/4`: every fourth row is scored into a partial. Nothing is judged before all are merged.',
    },
    merge: {
      type: 'string',
      help: 'Partials of all shards, as a folder or a glob from the project: the report of the whole run is made of them.',
    },
    'first-deployment': {
      type: 'boolean',
      default: 'false',
      help: 'There is nothing to compare with yet: an address that was named may answer 404.',
    },
    previous: {
      type: 'path',
      help: 'An `impact.json` of an earlier run, to tell how the portfolio has drifted since.',
    },
    rows: { type: 'boolean', default: 'true', help: 'Write every row with both premiums to impact_rows.parquet.' },
    'report-dir': { type: 'path', default: '.haute/impact', help: 'Folder for the reports, inside the project.' },
  },
  outputs: {
    report: { help: 'Path of the report in Markdown.' },
    html: { help: 'Path of the report as one page for the browser.' },
    json: { help: 'Path of the report as data.' },
    rows: { help: 'Path of the rows as Parquet.' },
    partial: { help: 'Folder of the partial that a shard wrote.' },
    'rows-scored': { help: 'Rows priced on both sides.' },
    'rows-failed': { help: 'Rows that could not be priced on one side or both.' },
    'rows-changed': { help: 'Rows whose premium changed.' },
    'mean-change-pct': { help: 'Mean change of the premium over the rows, in percent.' },
    'premium-change-pct': { help: 'Change of the total premium, in percent.' },
  },
});
