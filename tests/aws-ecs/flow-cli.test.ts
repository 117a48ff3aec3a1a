import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { type EcsBench, promote, startBench } from './target-bench.ts';

const BIN = resolve(import.meta.dirname, '../../shared/bin.ts');
const folders: string[] = [];
let bench: EcsBench;

afterEach(async () => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
  await bench.stop();
});

function project(region: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'haute-ecs-'));
  folders.push(folder);
  mkdirSync(join(folder, 'rating'));
  writeFileSync(join(folder, 'rating', 'main.py'), '');
  writeFileSync(
    join(folder, 'haute.toml'),
    [
      '[project]',
      'name = "motor-pricing"',
      'pipeline = "rating/main.py"',
      '[deploy]',
      'target = "aws-ecs"',
      'model_name = "motor-pricing"',
      '[deploy.container]',
      'registry = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/pricing"',
      'base_image = "python:3.11.9-slim"',
      '[deploy.aws-ecs]',
      `region = "${region}"`,
      'cluster = "pricing"',
      'service = "motor-pricing"',
      '',
    ].join('\n'),
  );
  return folder;
}

function rollbackOf(folder: string, env: Readonly<Record<string, string>>) {
  const { PATH = '', HOME = '' } = process.env;
  return new Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }>((done) => {
    const args = [BIN, 'rollback', '--project', folder, '--dry-run', '--json'];
    const child = execFile(process.execPath, args, { env: { PATH, HOME, ...env }, timeout: 60_000 }, (_, out, err) =>
      done({ code: child.exitCode, stdout: out, stderr: err }),
    );
  });
}

it('is what the command line deploys to, by the usual variables of AWS', async () => {
  bench = await startBench();
  const first = await promote(bench, bench.release());
  await promote(bench, bench.release());
  const { code, stdout, stderr } = await rollbackOf(project('eu-west-1'), bench.fake.env);
  expect([code, stderr.includes(bench.fake.secretAccessKey)]).toEqual([0, false]);
  expect(JSON.parse(stdout)).toMatchObject({ result: 'pass', outputs: { 'deployment-id': first } });
  expect(stdout).not.toContain(bench.fake.world.account);
});

it('says what the credentials lack in one line, and ends as a matter of configuration', async () => {
  bench = await startBench();
  const env = { ...bench.fake.env, AWS_ACCESS_KEY_ID: 'AKIANOBODYKNOWS00000' };
  const { code, stderr } = await rollbackOf(project('eu-west-1'), env);
  expect(code).toBe(2);
  expect(stderr).toMatch(/AWS-CREDENTIALS-MISSING/);
});
