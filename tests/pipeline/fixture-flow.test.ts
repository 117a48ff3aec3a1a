import { appendFileSync, chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CliProject, REPOSITORY } from './cli.ts';

const APPROVALS = ['--approve', 'first approver', '--approve', 'second approver', '--ramp', '0s'];

let project: CliProject;

beforeAll(() => {
  project = new CliProject(join(REPOSITORY, 'tests/fixtures/motor-pricing'));
});
afterAll(() => project.dispose());

/** A small portfolio in the columns of the fixture. */
function writePortfolio(): void {
  const regions = ['London', 'Scotland', 'Wales'];
  const rows = Array.from({ length: 300 }, (_, i) => [i + 1, 18 + (i % 60), regions[i % 3], 4000 + i * 31].join(','));
  writeFileSync(project.path('portfolio.csv'), `quote_id,driver_age,region,vehicle_value\n${rows.join('\n')}\n`);
}

/** Changes one byte of a file, and gives back what undoes it. */
function changeOneByte(path: string, from: string, to: string): () => void {
  const before = readFileSync(path, 'utf8');
  expect(before).toContain(from);
  chmodSync(path, 0o644);
  writeFileSync(path, before.replace(from, to));
  return () => writeFileSync(path, before);
}

describe('the seven steps on the smallest project that Haute accepts', { timeout: 300_000 }, () => {
  it('takes a first release to production', async () => {
    for (const [step, ...flags] of [
      ['validate'],
      ['build-push'],
      ['deploy-staging'],
      ['smoke-test'],
      ['impact-report'],
      ['approve-promote', ...APPROVALS],
    ] as const) {
      const ended = await project.step(step, ...flags);
      expect(ended, `${step}\n${ended.stderr}`).toMatchObject({ code: 0, json: { step, result: 'pass' } });
    }
  });

  it('answers on the address that approve-promote named, one row and many', async () => {
    const { json } = await project.step('approve-promote', ...APPROVALS);
    const quote = { quote_id: 1, driver_age: 22, region: 'London', vehicle_value: 12000.0 };
    for (const body of [quote, [quote, { ...quote, quote_id: 2 }]]) {
      const response = await fetch(`${json?.outputs.url}/quote`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      expect(response.status).toBe(200);
      expect(response.headers.get('x-haute-release')).toBe(json?.outputs['release-id']);
      expect(((await response.json()) as { rows: { premium: number }[] }).rows[0]?.premium).toBe(928.26);
    }
  });

  it('compares a changed rate with what production serves, by key', async () => {
    writePortfolio();
    const undo = changeOneByte(project.path('rating/main.py'), '320.0', '323.2');
    const quotes = project.path('tests/quotes/example.json');
    const undoQuotes = changeOneByte(quotes, '928.26', '937.54');
    for (const step of ['validate', 'build-push', 'deploy-staging', 'smoke-test']) {
      expect(await project.step(step), step).toMatchObject({ code: 0 });
    }
    const impact = await project.step('impact-report', '--dataset', 'portfolio.csv', '--key', 'quote_id');
    expect(impact, impact.stderr).toMatchObject({
      code: 0,
      json: { result: 'warn', outputs: { 'rows-scored': '300', 'rows-failed': '0', 'rows-changed': '300' } },
    });
    expect(Number(impact.json?.outputs['premium-change-pct'])).toBeCloseTo(1, 1);
    undo();
    undoQuotes();
  });

  describe('one changed byte makes approve-promote refuse, and say where', () => {
    it.each<[string, () => string, string, string, RegExp]>([
      [
        'the release file',
        () => project.path('.haute/release.json'),
        '"kind": "smoked"',
        '"kind": "staged"',
        /RELEASE-TAMPERED.*|evidence \d+/,
      ],
      [
        'the impact report',
        () => project.path('.haute/impact/impact_report.md'),
        'e',
        'E',
        /impact_report\.md.*REPORT-CHANGED|REPORT-CHANGED/,
      ],
      ['the impact figures', () => project.path('.haute/impact/impact.json'), '300', '301', /impact\.json/],
    ])('%s', async (_, file, from, to, message) => {
      const undo = changeOneByte(file(), from, to);
      const ended = await project.step('approve-promote', ...APPROVALS);
      undo();
      expect(ended).toMatchObject({ code: 1, json: { result: 'fail' } });
      expect(ended.stderr).toMatch(message);
    });

    it('the stored package', async () => {
      const digest = (
        JSON.parse(readFileSync(project.path('.haute/release.json'), 'utf8')) as { core: { packageDigest: string } }
      ).core.packageDigest;
      const { readdirSync } = await import('node:fs');
      const packages = project.path('.haute/local/packages');
      const folder = readdirSync(packages).find((name) => name.includes(digest.slice(7, 40))) ?? '';
      const file = join(packages, folder, 'app.py');
      const before = readFileSync(file);
      chmodSync(file, 0o644);
      appendFileSync(file, ' ');
      const ended = await project.step('approve-promote', ...APPROVALS);
      writeFileSync(file, before);
      expect(ended).toMatchObject({ code: 1, json: { result: 'fail' } });
      expect(ended.stderr).toMatch(/app\.py/);
    });

    it('and promotes when everything is as it was', async () => {
      const ended = await project.step('approve-promote', ...APPROVALS);
      expect(ended, ended.stderr).toMatchObject({ code: 0, json: { result: 'pass' } });
    });
  });

  it('rolls back to the release before', async () => {
    const ended = await project.step('rollback', '--reason', 'a test');
    expect(ended, ended.stderr).toMatchObject({ code: 0, json: { result: 'pass' } });
  });
});
