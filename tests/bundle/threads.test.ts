import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WORKERS } from '../../scripts/bundle.ts';
import { packAzure } from '../../scripts/package-azure.ts';
import { writeProject } from '../consumers/pricing-project.ts';
import { hauteLike, QuoteServer } from '../impact/quote-server.ts';
import { REPOSITORY, runBundle } from '../pipeline/cli.ts';

/** Files that threads start from, beside the bundle. */
const PROGRAMS = Object.values(WORKERS).map((program) => `${basename(program)}.js`);

const folder = mkdtempSync(join(tmpdir(), 'bundle-threads-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('what threads start from is beside the bundle', () => {
  it.each(PROGRAMS)('in the repository, which GitHub runs, and no rule leaves it out: %s', (program) => {
    expect(existsSync(join(REPOSITORY, 'dist', program))).toBe(true);
    const ignored = execFileSync('git', ['ls-files', '-o', '-i', '--exclude-standard', 'dist'], { cwd: REPOSITORY });
    expect(ignored.toString()).toBe('');
  });

  it('in the npm package', () => {
    const args = ['pack', '--dry-run', '--json', '--ignore-scripts'];
    const said = execFileSync('npm', args, { cwd: REPOSITORY, stdio: ['ignore', 'pipe', 'ignore'], timeout: 60_000 });
    const [{ files }] = JSON.parse(said.toString()) as [{ files: readonly { readonly path: string }[] }];
    const paths = files.map(({ path }) => path);
    expect(paths).toEqual(expect.arrayContaining(PROGRAMS.map((program) => `dist/${program}`)));
  });

  it('in every task of the Azure extension', () => {
    const tfx = join(folder, 'tfx');
    // Says what it was given instead of packing it.
    writeFileSync(tfx, `#!/bin/sh\nls dist > "${folder}/listed"; cp vss-extension.json "${folder}"\n`);
    chmodSync(tfx, 0o755);
    packAzure(REPOSITORY, join(folder, 'packed'), [tfx]);
    const listed = readFileSync(join(folder, 'listed'), 'utf8').split('\n');
    expect(listed).toEqual(expect.arrayContaining(PROGRAMS));
    const { files, contributions } = JSON.parse(readFileSync(join(folder, 'vss-extension.json'), 'utf8')) as {
      readonly files: readonly { readonly path: string; readonly packagePath?: string }[];
      readonly contributions: readonly { readonly id: string }[];
    };
    const bundles = files.flatMap(({ path, packagePath }) => (path === 'dist' ? [packagePath] : []));
    expect(bundles).toEqual(contributions.map(({ id }) => `${id}/dist`));
  });

  it('in the image, which takes all of dist/', () => {
    const dockerfile = readFileSync(join(REPOSITORY, 'docker', 'Dockerfile'), 'utf8');
    expect(dockerfile).toMatch(/^COPY dist \/opt\/haute-ci$/m);
    const lines = readFileSync(join(REPOSITORY, 'docker', 'Dockerfile.dockerignore'), 'utf8')
      .trim()
      .split('\n');
    expect(lines.filter((line) => line.includes('dist'))).toEqual(['!dist']);
  });
});

describe('the columns of a book that is worth a thread', { timeout: 120_000 }, () => {
  const ROWS = 200_000;
  const project = join(folder, 'project');
  const servers: QuoteServer[] = [];
  let args: readonly string[];

  beforeAll(async () => {
    for (const factor of [1.05, 1]) {
      const price = hauteLike(({ id, age }) => ({ id: id ?? null, premium: 100 + Number(age) * factor }));
      servers.push(await QuoteServer.start(price));
    }
    const rows = Array.from(
      { length: ROWS },
      (_, id) => `Q${id},${17 + (id % 61)},${id % 7 === 0 ? 'Wales' : 'North'}\n`,
    );
    writeProject(project);
    writeFileSync(join(project, 'book.csv'), `id,age,region\n${rows.join('')}`);
    const [staging = '', production = ''] = servers.map(({ url }) => url);
    const addresses = ['--staging-url', staging, '--production-url', production];
    args = ['impact-report', '--project', project, '--dataset', 'book.csv', '--key', 'id', ...addresses];
  });
  afterAll(async () => {
    for (const server of servers) await server.stop();
  });

  async function report(bundle: string): Promise<{ readonly text: string; readonly log: string }> {
    const { stderr } = await runBundle(join(bundle, 'index.js'), args).ended;
    const path = join(project, '.haute/impact/impact.json');
    expect(existsSync(path), stderr).toBe(true);
    const text = readFileSync(path, 'utf8');
    rmSync(path);
    return { text, log: stderr };
  }

  it('are studied in it, and where its file is missing somebody is told and the report is the same', async () => {
    const usual = await report(join(REPOSITORY, 'dist'));
    expect(usual.log).not.toContain('without a thread');
    const lacking = join(folder, 'dist');
    cpSync(join(REPOSITORY, 'dist'), lacking, { recursive: true });
    rmSync(join(lacking, 'columns-worker.js'));
    const other = await report(lacking);
    expect(other.log).toMatch(/searched without a thread of their own: .*columns-worker\.js/);
    expect(other.text).toBe(usual.text);
  });
});
