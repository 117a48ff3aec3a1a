import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { baseTag, type Cloud } from '../aws-ecs/cloud.ts';
import { copyConsumer, root } from './pricing-project.ts';

const ROWS = 200;
const REGIONS = ['London', 'Scotland', 'Wales'];

export interface AwsProject {
  /** Folder of `examples/consumers`. */
  readonly consumer: string;
  /** `[promotion]` of the policy. */
  readonly promotion: string;
}

/** Makes a folder the pricing project of a team whose services run in this account. */
export function writeAwsProject(folder: string, cloud: Cloud, { consumer, promotion }: AwsProject): void {
  cpSync(join(root, 'tests/fixtures/motor-pricing'), folder, { recursive: true });
  const haute = join(folder, 'haute.toml');
  const ours = readFileSync(haute, 'utf8')
    .replace('target = "container"', 'target = "aws-ecs"')
    .replace('"127.0.0.1:5000"', `"${cloud.registry}/pricing"`)
    .replace('"python:3.11.9-slim"', `"${cloud.registry}/pricing/motor-pricing-base:${baseTag()}"`)
    .replace('"data/portfolio.parquet"', '"portfolio.csv"');
  const place = '[deploy.aws-ecs]\nregion = "eu-west-1"\ncluster = "pricing"\nservice = "motor-pricing"\n';
  writeFileSync(haute, `${ours}\n${place}`);
  writeFileSync(
    join(folder, 'haute.release.toml'),
    `[environments.production]\ntake_over = "motor-pricing:1"\n[promotion]\n${promotion}\n[gates.smoke]\np95_latency = "30s"\n[gates.impact]\nkey = "quote_id"\n`,
  );
  const rows = Array.from({ length: ROWS }, (_, i) => [i + 1, 18 + (i % 60), REGIONS[i % 3], 4000 + i * 31].join(','));
  writeFileSync(join(folder, 'portfolio.csv'), `quote_id,driver_age,region,vehicle_value\n${rows.join('\n')}\n`);
  writeFileSync(join(folder, '.gitignore'), '.haute/\n');
  copyConsumer(folder, consumer);
}

/** Changes what every quote starts from, and the test quote with it. @returns the premium of the test quote */
export function changeBase(folder: string, base: number): number {
  const premium = Number((base * 1.85 * 1.4 * 1.12).toFixed(2));
  edit(join(folder, 'rating/main.py'), /premium=\([\d.]+ \*/, `premium=(${base.toFixed(1)} *`);
  edit(join(folder, 'tests/quotes/example.json'), /"premium":[\d.]+/, `"premium":${premium}`);
  return premium;
}

function edit(path: string, from: RegExp, to: string): void {
  const before = readFileSync(path, 'utf8');
  if (!from.test(before)) throw new Error(`there is no ${from} in ${path}`);
  writeFileSync(path, before.replace(from, to));
}
