import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConfigError, describePlace } from '../errors.ts';
import { DiskFiles } from '../io/disk-files.ts';
import type { Files } from '../ports/files.ts';
import { TARGET_IDS } from './haute-config.ts';
import { loadDotEnv } from './load-dot-env.ts';
import { loadProject, type ProjectLocation } from './load-project.ts';

const EVERY_KEY = fileURLToPath(new URL('../../tests/fixtures/projects/every-key', import.meta.url));
const GOOD = '[project]\nname = "motor"\npipeline = "main.py"\n';
const files = new DiskFiles();
let base: string;
let dir: string;

beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'haute-project-')));
  dir = join(base, 'motor');
  put('main.py', '');
  put('haute.toml', GOOD);
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

function put(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(join(dir, path)), { recursive: true });
  writeFileSync(join(dir, path), content);
}

function load(over: Partial<ProjectLocation> = {}, env: Record<string, string> = {}, from: Files = files) {
  return loadProject({ dir, ...over }, { files: from, env });
}

/** `place CODE` of every problem. */
async function problems(over: Partial<ProjectLocation> = {}, env: Record<string, string> = {}): Promise<string[]> {
  const error = await load(over, env).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error === undefined) return [];
  if (!(error instanceof ConfigError)) throw error;
  return error.problems.map(({ code, place }) => `${place ? describePlace(place) : '-'} ${code}`);
}

describe('a project', () => {
  it('is read whole: configuration, policy, digest, quotes of both forms', async () => {
    cpSync(EVERY_KEY, dir, { recursive: true });
    const project = await load();
    expect(project.root).toBe(dir);
    expect(project.config.deploy).toMatchObject({ target: 'local', modelName: 'motor-model' });
    expect(project.policy.promotion.stages).toBe(5);
    expect(project.policyDigest).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(project.quotes.map(({ file, index, input }) => [file, index, input.quote_id])).toEqual([
      ['tests/quotes/a-plain.json', 0, 1],
      ['tests/quotes/a-plain.json', 1, 2],
      ['tests/quotes/b-golden.json', 0, 3],
      ['tests/quotes/b-golden.json', 1, 4],
      ['tests/quotes/b-golden.json', 2, 5],
    ]);
  });

  it('is the same through a link to its folder', async () => {
    symlinkSync(dir, join(base, 'link'));
    expect(await load({ dir: join(base, 'link') })).toEqual(await load());
  });

  it('needs no policy, no .env and no quotes', async () => {
    expect(await load()).toMatchObject({ root: dir, quotes: [], policy: { approval: { min: 2 } } });
  });

  it('asks for as many approvers as haute.toml, in the policy that an approval is for', async () => {
    const before = await load();
    put('haute.toml', `${GOOD}[safety.approval]\nmin_approvers = 4\n`);
    const after = await load();
    expect([before.policy.approval.min, after.policy.approval.min]).toEqual([2, 4]);
    expect(after.policyDigest).not.toBe(before.policyDigest);
  });

  it('may have a byte order mark and Windows line ends in every file', async () => {
    put('haute.toml', `\ufeff${GOOD.replaceAll('\n', '\r\n')}[test_quotes]\r\ndir = "q"\r\n`);
    put('haute.release.toml', '\ufeff[promotion]\r\nstages = 3\r\n');
    put('.env', '\ufeffHAUTE_MODEL_NAME=m\r\n');
    put('q/a.json', '\ufeff[\r\n{"a": 1}\r\n]');
    expect(await load()).toMatchObject({
      config: { project: { name: 'motor' }, deploy: { modelName: 'm' } },
      policy: { promotion: { stages: 3 } },
      quotes: [{ input: { a: 1 } }],
    });
  });

  it('takes a policy and quotes from elsewhere where the inputs say so', async () => {
    put('../policy.toml', '[promotion]\nstages = 7');
    put('../golden/a.json', '[{"a": 1}]');
    const project = await load({ policyPath: join(base, 'policy.toml'), quotesDir: join(base, 'golden') });
    expect(project).toMatchObject({
      policy: { promotion: { stages: 7 } },
      quotes: [{ file: join(base, 'golden/a.json') }],
    });
  });
});

describe('the target of a project', () => {
  const PINNED = '[deploy.container]\nbase_image = "python:3.11.9"\n';
  it.each<[string, string, string | undefined, string | undefined, string | undefined]>([
    ['databricks', '', undefined, undefined, undefined],
    ['container', 'container', undefined, undefined, undefined],
    ['local', 'container', 'local', undefined, undefined],
    ['gcp-run', 'container', 'local', 'gcp-run', undefined],
    ['baseten', 'container', 'local', 'gcp-run', 'baseten'],
  ])('is %s for haute.toml %j, policy %s, HAUTE_TARGET %s, input %s', async (target, written, policy, env, input) => {
    put('haute.toml', `${GOOD}${written && `[deploy]\ntarget = "${written}"\n`}${PINNED}`);
    if (policy) put('haute.release.toml', `target = "${policy}"`);
    const project = await load({ target: input }, env ? { HAUTE_TARGET: env } : {});
    expect(project.config.deploy.target).toBe(target);
  });

  it.each(TARGET_IDS)('%s asks for a pinned base image only where it builds on one', async (target) => {
    put('haute.toml', `${GOOD}[deploy]\ntarget = "aws-ecs"\n[deploy.container]\nbase_image = "python:3.11-slim"\n`);
    const needed = ['container', 'azure-container-apps', 'aws-ecs', 'gcp-run'].includes(target);
    expect(await problems({ target })).toEqual(needed ? ['haute.toml:7:1 BASE-IMAGE-NOT-PINNED'] : []);
  });

  it('must be one that there is', async () => {
    expect(await problems({ target: 'lambda' })).toEqual(['- TARGET-UNKNOWN']);
  });
});

describe('the environment of a project', () => {
  it('wins over .env, which wins over haute.toml', async () => {
    put('.env', 'HAUTE_MODEL_NAME=from-file\nHAUTE_ENDPOINT_NAME=from-file\n');
    expect((await load({}, { HAUTE_MODEL_NAME: 'given' })).config.deploy).toMatchObject({
      modelName: 'given',
      endpointName: 'from-file',
    });
  });

  it('has the credentials of .env, to be hidden, and never changes what is set', async () => {
    put('.env', 'DATABRICKS_HOST=h\nDATABRICKS_TOKEN=dapi123\nEMPTY_TOKEN=\nAPI_KEY=from-file\n');
    expect(await loadDotEnv(dir, { files, env: { API_KEY: 'given', PATH: '/bin' } })).toEqual({
      env: { PATH: '/bin', API_KEY: 'given', DATABRICKS_HOST: 'h', DATABRICKS_TOKEN: 'dapi123', EMPTY_TOKEN: '' },
      secrets: ['dapi123', 'from-file'],
      problems: [],
    });
  });
});

describe('a project with faults', () => {
  const LATIN1 = new Uint8Array([0x61, 0x0a, 0xe9, 0x0a]);
  it.each<[string, () => void, string[]]>([
    ['no haute.toml', () => rmSync(join(dir, 'haute.toml')), ['haute.toml TOML-MISSING']],
    ['an empty haute.toml', () => put('haute.toml', ' \n\n'), ['haute.toml:1 TOML-EMPTY']],
    [
      'a folder for haute.toml',
      () => {
        rmSync(join(dir, 'haute.toml'));
        mkdirSync(join(dir, 'haute.toml'));
      },
      ['haute.toml FILE-WRONG-KIND'],
    ],
    [
      'a haute.toml of more than 1 MiB',
      () => put('haute.toml', `${GOOD}#${'x'.repeat(2 ** 20)}`),
      ['haute.toml FILE-TOO-LARGE'],
    ],
    ['a haute.toml that is not UTF-8', () => put('haute.toml', LATIN1), ['haute.toml:2 FILE-NOT-UTF8']],
    [
      'a haute.toml that is not TOML',
      () => put('haute.toml', '[project]\nname = motor'),
      ['haute.toml:2:8 TOML-SYNTAX'],
    ],
    [
      'a haute.toml nested too deeply',
      () => put('haute.toml', `a = ${'['.repeat(1000)}`),
      ['haute.toml:1:36 TOML-TOO-DEEP'],
    ],
    ['a pipeline that is missing', () => rmSync(join(dir, 'main.py')), ['haute.toml:3:1 PIPELINE-MISSING']],
    [
      'a default pipeline that is missing',
      () => {
        rmSync(join(dir, 'main.py'));
        put('haute.toml', '[project]\nname = "m"');
      },
      ['haute.toml:1:2 PIPELINE-MISSING'],
    ],
    [
      'a pipeline outside',
      () => put('haute.toml', '[project]\npipeline = "../main.py"'),
      ['haute.toml:2:1 TOML-BAD-VALUE'],
    ],
    [
      'a pipeline behind a link',
      () => {
        put('../out.py', '');
        rmSync(join(dir, 'main.py'));
        symlinkSync(join(base, 'out.py'), join(dir, 'main.py'));
      },
      ['haute.toml:3:1 PATH-OUTSIDE-PROJECT'],
    ],
    [
      'quotes in a folder behind a link',
      () => {
        put('../q/a.json', '[{"a": 1}]');
        symlinkSync('../q', join(dir, 'q'));
        put('haute.toml', `${GOOD}[test_quotes]\ndir = "q"`);
      },
      ['haute.toml:5:1 PATH-OUTSIDE-PROJECT'],
    ],
    [
      'a portfolio behind a link',
      () => {
        put('../book/1.csv', '');
        symlinkSync('../book', join(dir, 'data'));
        put('haute.toml', `${GOOD}[safety]\nimpact_dataset = "data/*.csv"`);
      },
      ['haute.toml:5:1 PATH-OUTSIDE-PROJECT'],
    ],
    [
      'a quotes file behind a link',
      () => {
        put('../x.json', '[{"a": 1}]');
        put('tests/quotes/a.json', '[{"a": 1}]');
        symlinkSync('../../../x.json', join(dir, 'tests/quotes/b.json'));
      },
      ['tests/quotes/b.json PATH-OUTSIDE-PROJECT'],
    ],
    [
      'a quotes file that is a broken link',
      () => {
        mkdirSync(join(dir, 'tests/quotes'), { recursive: true });
        symlinkSync('none', join(dir, 'tests/quotes/b.json'));
      },
      ['tests/quotes/b.json FILE-MISSING'],
    ],
    [
      'a folder of quotes that is missing',
      () => put('haute.toml', `${GOOD}[test_quotes]\ndir = "q"`),
      ['haute.toml:5:1 QUOTES-MISSING'],
    ],
    [
      'a folder of quotes that is a file',
      () => {
        put('q', '');
        put('haute.toml', `${GOOD}[test_quotes]\ndir = "q"`);
      },
      ['haute.toml:5:1 QUOTES-MISSING'],
    ],
    [
      'a folder without quotes',
      () => {
        put('q/readme.md', '');
        put('q/below/a.json', '[{"a": 1}]');
        put('haute.toml', `${GOOD}[test_quotes]\ndir = "q"`);
      },
      ['haute.toml:5:1 QUOTES-MISSING'],
    ],
    [
      'quotes of 50 MB',
      () => put('tests/quotes/big.json', Buffer.alloc(50_000_000, ' ')),
      ['tests/quotes/big.json FILE-TOO-LARGE'],
    ],
    ['quotes that are not UTF-8', () => put('tests/quotes/a.json', LATIN1), ['tests/quotes/a.json:2 FILE-NOT-UTF8']],
    ['quotes that are no array', () => put('tests/quotes/a.json', '{}'), ['tests/quotes/a.json:1 QUOTES-NOT-ARRAY']],
    ['quotes with NaN', () => put('tests/quotes/a.json', '[{"a":\n NaN}]'), ['tests/quotes/a.json:2:2 QUOTES-SYNTAX']],
    ['a policy that is not TOML', () => put('haute.release.toml', 'x'), ['haute.release.toml:1:2 TOML-SYNTAX']],
    ['a policy that is not UTF-8', () => put('haute.release.toml', LATIN1), ['haute.release.toml:2 FILE-NOT-UTF8']],
    [
      'a policy of more than 1 MiB',
      () => put('haute.release.toml', `#${'x'.repeat(2 ** 20)}`),
      ['haute.release.toml FILE-TOO-LARGE'],
    ],
    ['a .env with an open quote', () => put('.env', 'A=1\nB="x'), ['.env:2 DOTENV-SYNTAX']],
    [
      'a .env of nonsense',
      () => put('.env', '"\n'.repeat(1_000)),
      [...Array.from({ length: 20 }, (_, i) => `.env:${i + 1} DOTENV-SYNTAX`), '.env DOTENV-SYNTAX'],
    ],
    ['a .env of more than 1 MiB', () => put('.env', `#${'x'.repeat(2 ** 20)}`), ['.env FILE-TOO-LARGE']],
    ['a .env with a target that there is not', () => put('.env', 'HAUTE_TARGET=x'), ['- ENV-BAD-VALUE']],
  ])('says so: %s', async (_, spoil, found) => {
    spoil();
    expect(await problems()).toEqual(found);
  });

  it('says so where an input names what is not there', async () => {
    expect(await problems({ dir: join(base, 'none') })).toEqual(['- PROJECT-MISSING']);
    expect(await problems({ dir: join(dir, 'main.py') })).toEqual(['haute.toml TOML-MISSING']);
    expect(await problems({ policyPath: join(base, 'none.toml'), quotesDir: join(base, 'none') })).toEqual([
      '- POLICY-MISSING',
      '- QUOTES-MISSING',
    ]);
  });

  it('does not read a file that is too large', async () => {
    put('tests/quotes/big.json', Buffer.alloc(9_000_000, ' '));
    const read: string[] = [];
    class Watched extends DiskFiles {
      override read(path: string) {
        read.push(path);
        return super.read(path);
      }
    }
    await expect(load({}, {}, new Watched())).rejects.toThrow(/8.58 MiB, more than the 8 MiB/);
    expect(read.filter((path) => path.endsWith('.json'))).toEqual([]);
  });

  it('says everything at once, of all files, in the order of the files', async () => {
    put(
      'haute.toml',
      '[project]\nname = ""\npipeline = "gone.py"\n[deploy]\ntarget = "container"\nmodelname = "x"\n[test_quotes]\ndir = "q"\n',
    );
    put('haute.release.toml', '[promotion]\nramp = 10\n[approvals]\nmin = 1\n');
    put('.env', 'BROKEN LINE\n');
    put('q/a.json', '[{"input": {"a": 1}, "tolerance_pct": 5}]');
    put('q/b.json', '{');
    expect(await problems({ target: 'nowhere' }, { HAUTE_SERVING_SCALE_TO_ZERO: 'maybe' })).toEqual([
      'haute.toml:2:1 TOML-BAD-VALUE',
      'haute.toml:6:1 TOML-UNKNOWN-KEY',
      'haute.toml:4:2 BASE-IMAGE-NOT-PINNED',
      'haute.toml:3:1 PIPELINE-MISSING',
      'haute.release.toml:2:1 TOML-BAD-VALUE',
      'haute.release.toml:3:2 TOML-UNKNOWN-KEY',
      '.env:1 DOTENV-SYNTAX',
      '- ENV-BAD-VALUE',
      '- TARGET-UNKNOWN',
      'q/a.json:1:2 QUOTES-EXPECTED',
      'q/a.json:1:2 QUOTES-TOLERANCE',
      'q/b.json:1:2 QUOTES-SYNTAX',
    ]);
  });
});
