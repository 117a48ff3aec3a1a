import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ImpactJson } from '../../shared/impact/report/impact-json.ts';
import { hauteLike, QuoteServer, text } from '../impact/quote-server.ts';
import { commitAll, git } from '../tools/git.ts';
import { gitlabWorkspace } from '../tools/gitlab-remotes.ts';
import { toolOrSkip } from '../tools/install.ts';
import { act } from './act.ts';
import { gitlabPipeline, installPacked } from './gitlab-ci.ts';
import { copyConsumer, expectExit, root } from './pricing-project.ts';

const actProgram = toolOrSkip('act-0.2.89');
const gitlabProgram = toolOrSkip('gitlab-ci-local-4.75.1');
const rsync = toolOrSkip('rsync');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };

const ROWS = 203;

describe('the examples that share a comparison among jobs', { timeout: 300_000 }, () => {
  const servers: QuoteServer[] = [];
  const folders: string[] = [];
  let staging = '';
  let production = '';
  /** Rows that each side was asked to price. */
  const asked = { staging: 0, production: 0 };

  beforeAll(async () => {
    staging = await serve('staging', 1.01);
    production = await serve('production', 1);
  });
  afterAll(async () => {
    for (const server of servers) await server.stop();
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });

  it.skipIf(!actProgram)('run on GitHub: four jobs score, the fifth reports', async () => {
    const scratch = temp('haute-shards-');
    const project = join(scratch, 'motor');
    mkdirSync(project);
    writeProject(project, 'github-impact');
    git(project, 'remote', 'add', 'origin', 'https://github.com/acme/motor.git');
    const { exitCode, log } = await act({
      program: actProgram ?? '',
      project,
      scratch,
      event: 'workflow_dispatch',
      workflow: 'impact.yml',
      payload: { inputs: { 'staging-url': staging, 'production-url': production } },
      token: 'none',
      env: {},
      ownCheckouts: true,
    });
    expectExit(exitCode, 0, log);
    expect(log).toContain('4 of 4');
    expectReport(join(scratch, 'artifacts', 'report', 'impact', 'impact.json'));
  });

  it.skipIf(!gitlabProgram || !rsync)('run on GitLab: four jobs score, the fifth reports', async () => {
    const workspace = gitlabWorkspace(version);
    const scratch = temp('haute-installed-');
    try {
      writeProject(workspace.project, 'gitlab-impact');
      writeFileSync(join(workspace.project, '.git', 'info', 'exclude'), '.gitlab-ci-local/\n.haute/\n');
      git(workspace.project, 'remote', 'add', 'origin', 'git@gitlab.com:acme/motor.git');
      const { exitCode, log } = await gitlabPipeline({
        program: gitlabProgram ?? '',
        project: workspace.project,
        path: [installPacked(scratch), dirname(rsync ?? '')],
        manual: [],
        env: workspace.env,
        variables: {
          CI_PROJECT_DIR: workspace.project,
          CI_PIPELINE_SOURCE: 'web',
          HAUTE_INPUT_STAGING_URL: staging,
          HAUTE_INPUT_PRODUCTION_URL: production,
        },
      });
      expectExit(exitCode, 0, log);
      expectReport(join(workspace.project, '.gitlab-ci-local/artifacts/report/.haute/impact/impact.json'));
    } finally {
      workspace.remove();
    }
  });

  async function serve(side: keyof typeof asked, factor: number): Promise<string> {
    const quotes = hauteLike((row) => {
      asked[side] += 1;
      return { quote_id: row.quote_id ?? null, premium: 200 * factor };
    });
    const server = await QuoteServer.start((request, response) => {
      if (request.method === 'POST') return quotes(request, response);
      return text(response, 404, '{}');
    });
    servers.push(server);
    return server.url;
  }

  function temp(prefix: string): string {
    const folder = mkdtempSync(join(tmpdir(), prefix));
    folders.push(folder);
    return folder;
  }

  /** Every row was scored once on each side, and all of them are in the one report. */
  function expectReport(file: string): void {
    const report = JSON.parse(readFileSync(file, 'utf8')) as ImpactJson;
    expect(report).toMatchObject({
      verdict: 'pass',
      rows: { total: ROWS, scored: ROWS },
      outputs: [{ name: 'premium', rows: ROWS, total_change_pct: expect.closeTo(1, 9) }],
      subject: { staging: { url: staging }, production: { url: production } },
    });
    expect(asked).toEqual({ staging: ROWS, production: ROWS });
    Object.assign(asked, { staging: 0, production: 0 });
  }
});

/** The smallest project that Haute accepts, with a small book and the CI files of an example. */
function writeProject(folder: string, consumer: string): void {
  cpSync(resolve(root, 'tests/fixtures/motor-pricing'), folder, { recursive: true });
  const rows = Array.from({ length: ROWS }, (_, id) => `q${id},${20 + (id % 50)}`);
  writeFileSync(join(folder, 'book.csv'), `quote_id,age\n${rows.join('\n')}\n`);
  const haute = join(folder, 'haute.toml');
  writeFileSync(haute, readFileSync(haute, 'utf8').replace('data/portfolio.parquet', 'book.csv'));
  writeFileSync(join(folder, 'haute.release.toml'), '[gates.impact]\nkey = "quote_id"\n');
  copyConsumer(folder, consumer);
  commitAll(folder, 'feat: rates of this year');
}
