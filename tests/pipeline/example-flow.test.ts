import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { underLoad } from '../../scripts/demo/load.ts';
import { CliProject, type Ended, REPOSITORY } from './cli.ts';

const EXAMPLE = join(REPOSITORY, 'examples/motor-pricing');
const APPROVALS = ['--approve', 'first approver', '--approve', 'second approver'];

let project: CliProject;
let production: string;

beforeAll(() => {
  project = new CliProject(EXAMPLE);
});
afterAll(() => project.dispose());

async function expectPass(step: string, ...flags: readonly string[]): Promise<Ended> {
  const ended = await project.step(step, ...flags);
  expect(ended, `${step}: ${ended.stderr}`).toMatchObject({ code: 0, json: { step } });
  return ended;
}

async function upToImpact(): Promise<void> {
  for (const step of ['build-push', 'deploy-staging', 'smoke-test', 'impact-report']) await expectPass(step);
}

/** What `local status` says of production's traffic. */
async function weights(): Promise<Readonly<Record<string, number>>> {
  const { stdout } = await project.command('local', 'status', '--json');
  const status = JSON.parse(stdout) as { environments: { name: string; weights: Record<string, number> }[] };
  return status.environments.find(({ name }) => name === 'production')?.weights ?? {};
}

describe('the example, from a price change to production and back', { timeout: 300_000 }, () => {
  it('promotes the first rates', async () => {
    await upToImpact();
    const { json } = await expectPass('approve-promote', ...APPROVALS);
    production = json?.outputs.url ?? '';
    expect(production).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });

  it('warns of the second rates by the figures of their portfolio', async () => {
    project.overlay(join(EXAMPLE, 'versions/v2'));
    await upToImpact();
    const { json } = await expectPass('impact-report');
    expect(json).toMatchObject({ result: 'warn', outputs: { 'rows-scored': '20000', 'rows-failed': '0' } });
    expect(Number(json?.outputs['premium-change-pct'])).toBeCloseTo(2.28, 1);
  });

  it('gives all traffic back when the promotion is ended by SIGTERM, without failing a caller', async () => {
    const before = await weights();
    const { seen, value: ended } = await underLoad(production, async () => {
      const running = project.start('approve-promote', ...APPROVALS, '--ramp', '60s');
      await running.sees(/on the candidate: 20 %/);
      running.child.kill('SIGTERM');
      return running.ended;
    });
    expect(ended.code).toBe(130);
    expect(ended.stderr).toMatch(/cancelled \(SIGTERM\)[\s\S]*reverted: all traffic is where it was before/);
    expect(await weights()).toEqual(before);
    expect(seen.failures).toEqual([]);
    expect(Object.keys(seen.byRelease)).toHaveLength(2);
  });

  it('reports a promotion whose runner was killed, refuses nothing but to leave it so, and repairs it by rollback', async () => {
    const before = await weights();
    const running = project.start('approve-promote', ...APPROVALS, '--ramp', '60s');
    await running.sees(/on the candidate: 20 %/);
    running.child.kill('SIGKILL');
    await running.ended;
    expect(Object.values(await weights()).toSorted()).toEqual([20, 80]);

    const smoke = await project.step('smoke-test', '--environment', 'production');
    expect(smoke.stderr).toMatch(/PROMOTION-HALF-DONE/);

    const repaired = await expectPass('rollback');
    expect(repaired.stderr).toMatch(/stands at 20 %/);
    expect(await weights()).toEqual(before);
  });

  it('finishes the revert of a killed promotion before it promotes again', async () => {
    const running = project.start('approve-promote', ...APPROVALS, '--ramp', '60s');
    await running.sees(/on the candidate: 20 %/);
    running.child.kill('SIGKILL');
    await running.ended;
    const { json, stderr } = await expectPass('approve-promote', ...APPROVALS, '--ramp', '2s');
    expect(stderr).toMatch(/reverting it first/);
    expect(json?.outputs.stages).toBe('10, 20, 30, 40, 50, 60, 70, 80, 90, 100');
  });

  it('brings production back after everything of it was killed', async () => {
    const { stdout } = await project.command('local', 'status', '--json');
    const status = JSON.parse(stdout) as { gateway: number; deployments: { pids: number[] }[] };
    for (const pid of [status.gateway, ...status.deployments.flatMap(({ pids }) => pids)]) process.kill(pid, 'SIGKILL');
    await expectPass('smoke-test', '--environment', 'production');
  });

  it('rolls back under load without failing a caller, and callers then see the old release only', async () => {
    const [serving = ''] = Object.keys(await weights());
    const { value: ended, seen } = await underLoad(production, () => project.step('rollback', '--reason', 'a test'));
    expect(ended, ended.stderr).toMatchObject({ code: 0 });
    expect(seen.failures).toEqual([]);
    expect(Object.keys(await weights())).not.toContain(serving);
    const after = await underLoad(production, () => setTimeout(500));
    expect(Object.keys(after.seen.byRelease)).toEqual([ended.json?.outputs['release-id']?.slice(7, 19)]);
  });

  it('stops a version that answers too slowly at the smoke test', async () => {
    project.overlay(join(EXAMPLE, 'versions/broken'));
    for (const step of ['build-push', 'deploy-staging']) await expectPass(step);
    const ended = await project.step('smoke-test');
    expect(ended).toMatchObject({ code: 1, json: { result: 'fail', outputs: { failed: '0' } } });
    expect(ended.stderr).toMatch(/SMOKE-TOO-SLOW/);
    const refused = await project.step('approve-promote', ...APPROVALS);
    expect(refused).toMatchObject({ code: 1 });
    expect(refused.stderr).toMatch(/EVIDENCE-FAILED/);
  });
});
