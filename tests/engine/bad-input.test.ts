import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ConfigError } from '../../shared/errors.ts';
import { engineOn, Folders, options, quotesOf, type Settings } from './bench.ts';

const folders = new Folders();
afterAll(() => folders.remove());

function edit(file: string, from: string, to: string): (root: string) => void {
  return (root) => {
    const text = readFileSync(join(root, file), 'utf8');
    if (!text.includes(from)) throw new Error(`${file} has no ${from}`);
    writeFileSync(join(root, file), text.replace(from, to));
  };
}

function write(file: string, content: string): (root: string) => void {
  return (root) => writeFileSync(join(root, file), content);
}

function remove(file: string): (root: string) => void {
  return (root) => rmSync(join(root, file));
}

async function problemsOf(ask: Promise<unknown>) {
  const error = await ask.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ConfigError);
  return (error as ConfigError).problems;
}

const PIPELINE = 'rating/main.py';

describe('a project that is wrong', () => {
  it.each<[string, (root: string) => void, string, RegExp, object | undefined, Settings?]>([
    [
      'a pipeline that does not parse',
      edit(PIPELINE, 'df = quotes.join', 'df = = quotes.join'),
      'PIPELINE-INVALID',
      /not Python: invalid syntax/,
      { file: PIPELINE, line: 23, column: 10 },
    ],
    [
      'an empty pipeline',
      write(PIPELINE, ''),
      'PIPELINE-INVALID',
      /No nodes found in rating\/main\.py/,
      { file: PIPELINE },
    ],
    [
      'a pipeline without an output',
      edit(PIPELINE, '@pipeline.output(config="config/quote_response/priced.json")', '@pipeline.polars'),
      'PIPELINE-INVALID',
      /No output node/,
      { file: PIPELINE },
    ],
    [
      'a connection to a node that is not there',
      edit(PIPELINE, 'connect("underwriting", "priced")', 'connect("underwritten", "priced")'),
      'PIPELINE-INVALID',
      /underwritten/,
      { file: PIPELINE },
    ],
    [
      'a node that fails',
      edit(PIPELINE, '.cast(pl.Float64)', '.caste(pl.Float64)'),
      'PIPELINE-FAILS',
      /node features fails: AttributeError.*caste/,
      { file: PIPELINE, line: 25 },
    ],
    [
      'a column that is not there',
      edit(PIPELINE, 'pl.col("vehicle_value").cast', 'pl.col("vehicle_worth").cast'),
      'PIPELINE-FAILS',
      /vehicle_worth/,
      { file: PIPELINE },
    ],
    [
      'an import that a service has not got',
      edit(PIPELINE, 'from utility', 'import statsmodels\nfrom utility'),
      'PIPELINE-IMPORT',
      /imports statsmodels/,
      { file: PIPELINE },
    ],
    [
      'settings that are no JSON',
      write('rating/config/load_file/tariff.json', '{'),
      'NODE-CONFIG-INVALID',
      /node tariff/,
      { file: 'rating/config/load_file/tariff.json', line: 1, column: 2 },
    ],
    [
      'settings that are not there',
      remove('rating/config/load_file/tariff.json'),
      'NODE-CONFIG-INVALID',
      /node tariff/,
      { file: 'rating/config/load_file/tariff.json' },
    ],
    [
      'a model that is not there',
      remove('models/frequency.cbm'),
      'PIPELINE-FILE-MISSING',
      /node frequency needs models\/frequency\.cbm/,
      { file: 'models/frequency.cbm' },
    ],
    [
      'a contract that is not there',
      remove('models/frequency.feature_contract.json'),
      'PIPELINE-FILE-MISSING',
      /feature_contract/,
      { file: 'models/frequency.feature_contract.json' },
    ],
    [
      'a model that is no model',
      write('models/frequency.cbm', 'version https://git-lfs'),
      'PIPELINE-FILE-UNREADABLE',
      /node frequency cannot read models\/frequency\.cbm: .*Incorrect model file/,
      { file: 'models/frequency.cbm' },
    ],
    [
      'a table that is no JSON',
      write('rating/rates/tariff.json', '{"severity": '),
      'PIPELINE-FILE-UNREADABLE',
      /node tariff cannot read rating\/rates\/tariff\.json/,
      { file: 'rating/rates/tariff.json' },
    ],
    [
      'a contract that is no JSON',
      write('models/frequency.feature_contract.json', '<'),
      'PIPELINE-FILE-UNREADABLE',
      /feature_contract\.json/,
      { file: 'models/frequency.feature_contract.json' },
    ],
    [
      'sample quotes that are not there',
      remove('rating/data/sample_quotes.parquet'),
      'PIPELINE-FILE-MISSING',
      /sample_quotes\.parquet/,
      { file: PIPELINE },
    ],
    [
      'a file outside of the project',
      edit('rating/config/load_file/tariff.json', 'rates/tariff.json', '../../tariff.json'),
      'PATH-OUTSIDE-PROJECT',
      /Node 'tariff'.*outside/,
      { file: PIPELINE },
    ],
    [
      'a pipeline that is not there',
      remove(PIPELINE),
      'PIPELINE-MISSING',
      /rating\/main\.py is not there/,
      { file: 'haute.toml' },
    ],
    [
      'a pipeline outside of the project',
      (root) => writeFileSync(join(root, '../main.py'), ''),
      'PATH-OUTSIDE-PROJECT',
      /leads out/,
      { file: 'haute.toml' },
      { pipeline: '../main.py' },
    ],
    [
      'a pipeline that a link takes out of the project',
      (root) => {
        writeFileSync(join(root, '../main.py'), '');
        symlinkSync('../main.py', join(root, 'link.py'));
      },
      'PATH-OUTSIDE-PROJECT',
      /link\.py leads out/,
      { file: 'haute.toml' },
      { pipeline: 'link.py' },
    ],
    [
      'outputs that the pipeline has not got',
      () => undefined,
      'OUTPUT-FIELDS',
      /Available fields.*premium/,
      { file: 'haute.toml' },
      { outputFields: ['price'] },
    ],
    [
      'data that Haute has to load first',
      write(
        'rating/config/data_input/regions.json',
        '{"inputType": "file", "format": "csv", "mode": "scan", "path": "data/regions.csv", "arguments": {}, "steps": []}',
      ),
      'SNAPSHOT-MISSING',
      /node 'regions' requires a ready/i,
      { file: PIPELINE },
    ],
  ])('is refused for %s', async (_, spoil, code, what, place, settings = {}) => {
    const root = folders.project('modelled');
    spoil(root);
    const [problem] = await problemsOf(engineOn(root, settings).resolve(options()));
    expect(problem).toMatchObject({ code, what: expect.stringMatching(what), fix: /\w/, place });
    expect(problem?.what).not.toContain(root);
  });
});

describe('a package that cannot be made', () => {
  it.each<[string, (root: string) => void, string, RegExp, Settings?]>([
    ['a model name that is none', () => undefined, 'MODEL-NAME', /motor pricing/, { modelName: 'motor pricing' }],
    [
      'user code that names a folder of this machine',
      (root) =>
        edit('rating/utility/rounding.py', 'import polars', `SOURCE = "${root}/rates.csv"\nimport polars`)(root),
      'PACKAGE-NAMES-MACHINE',
      /utility\/rounding\.py names a path of this machine: SOURCE/,
    ],
    [
      'a node that names a folder of this machine',
      (root) => edit(PIPELINE, 'df = quotes.join', `source = "${root}/rates.csv"\n    df = quotes.join`)(root),
      'PACKAGE-NAMES-MACHINE',
      /pruned_graph\.nodes\[features\]\.data\.config\.code names a path/,
    ],
  ])('is refused for %s, and leaves nothing', async (_, spoil, code, what, settings = {}) => {
    const root = folders.project('modelled');
    spoil(root);
    const dir = join(folders.empty(), 'package');
    const [problem] = await problemsOf(engineOn(root, settings).package(dir, options()));
    expect(problem).toMatchObject({ code, what: expect.stringMatching(what), fix: /\w/ });
    expect(readdirSync(join(dir, '..'))).toEqual([]);
  });

  it('is not written over something else', async () => {
    const dir = folders.empty();
    mkdirSync(join(dir, 'mine'));
    writeFileSync(join(dir, 'mine/letter.txt'), 'dear');
    const [problem] = await problemsOf(engineOn(folders.project('tables')).package(dir, options()));
    expect(problem?.code).toBe('PACKAGE-FOLDER-NOT-EMPTY');
    expect(readFileSync(join(dir, 'mine/letter.txt'), 'utf8')).toBe('dear');
  });
});

describe('a quote that has no price', () => {
  it('is an answer that says why, and spoils no other', async () => {
    const root = folders.project('tables');
    // 0 / 0 for a car without value.
    edit(
      PIPELINE,
      'to_pence(pl.col("office"))',
      'to_pence(pl.col("office") * pl.col("vehicle_value") / pl.col("vehicle_value"))',
    )(root);
    const quote = { quote_id: 1, driver_age: 30, region: 'Wales', vehicle_value: 1000 };
    const answers = await engineOn(root).score(
      quotesOf(
        { ...quote, vehicle_value: 0 },
        { ...quote, driver_age: 'young' },
        { ...quote, region: 'Atlantis' },
        {},
        quote,
      ),
      options(),
    );
    expect(answers.map((answer) => (answer.ok ? answer.row.premium : answer.error))).toEqual([
      expect.stringMatching(/^premium is nan, which a service cannot send/),
      expect.stringMatching(/young|conversion/),
      null,
      'the quote lacks driver_age, quote_id, region, vehicle_value',
      287,
    ]);
  });

  it('is no reason to ask when there is none', async () => {
    expect(await engineOn('/nowhere').score([], options())).toEqual([]);
  });
});
