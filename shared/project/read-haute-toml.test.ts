import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { baseImageProblems, isPinnedImage } from './base-image.ts';
import { TARGET_IDS } from './haute-config.ts';
import { overriddenByEnv } from './override-by-env.ts';
import { readHauteToml } from './read-haute-toml.ts';
import { parseToml } from './toml/parse-toml.ts';

const EVERY_KEY = readFileSync(new URL('../../tests/fixtures/projects/every-key/haute.toml', import.meta.url), 'utf8');

function read(text: string) {
  const parsed = parseToml(text, 'haute.toml');
  if ('problem' in parsed) throw new Error(parsed.problem.what);
  return readHauteToml(parsed.document);
}

/** `line CODE what → fix` of each problem. */
function problems(text: string): string[] {
  return read(text).problems.map(({ place, code, what, fix }) => `${place?.line} ${code} ${what} → ${fix}`);
}

describe('haute.toml', () => {
  it('has the defaults of Haute 0.6.0', () => {
    expect(read('[project]\nname = "motor"\n')).toEqual({
      problems: [],
      config: {
        project: { name: 'motor', pipeline: 'main.py' },
        deploy: {
          target: 'databricks',
          modelName: 'motor',
          endpointName: undefined,
          outputFields: undefined,
          databricks: {
            experimentName: '/Shared/haute/default',
            catalog: 'main',
            schema: 'pricing',
            servingWorkloadSize: 'Small',
            servingScaleToZero: true,
          },
          container: { registry: '', port: 8080, baseImage: '' },
          azureContainerApps: { resourceGroup: '', containerAppName: '', environmentName: '' },
          awsEcs: { region: 'eu-west-1', cluster: '', service: '' },
          gcpRun: { project: '', region: 'europe-west1', service: '' },
        },
        testQuotesDir: undefined,
        impactDataset: undefined,
        minApprovers: 2,
        ci: { provider: 'github', stagingSuffix: '-staging', stagingUrl: undefined, productionUrl: undefined },
      },
    });
  });

  it('goes by the name of its pipeline where it has none', () => {
    expect(read('[project]\npipeline = "rating/motor.py"').config).toMatchObject({
      project: { name: 'motor', pipeline: 'rating/motor.py' },
      deploy: { modelName: 'motor' },
    });
  });

  it('is read with every key that Haute 0.6.0 accepts', () => {
    const { config, problems: found } = read(EVERY_KEY);
    expect(found).toEqual([]);
    expect(config).toEqual({
      project: { name: 'motor', pipeline: 'rating/main.py' },
      deploy: {
        target: 'aws-ecs',
        modelName: 'motor-model',
        endpointName: 'motor-endpoint',
        outputFields: ['quote_id', 'premium'],
        databricks: {
          experimentName: '/Shared/motor',
          catalog: 'prices',
          schema: 'motor',
          servingWorkloadSize: 'Medium',
          servingScaleToZero: false,
        },
        container: { registry: 'registry.example.org/pricing', port: 9090, baseImage: 'python:3.11.9-slim' },
        azureContainerApps: { resourceGroup: 'pricing', containerAppName: 'motor-app', environmentName: 'prod-env' },
        awsEcs: { region: 'eu-north-1', cluster: 'pricing-cluster', service: 'motor-service' },
        gcpRun: { project: 'pricing-project', region: 'europe-north1', service: 'motor-run' },
      },
      testQuotesDir: 'tests/quotes',
      impactDataset: 'data/portfolio.parquet',
      minApprovers: 3,
      ci: {
        provider: 'azure-devops',
        stagingSuffix: '-stage',
        stagingUrl: 'https://stage.example.org',
        productionUrl: 'https://prices.example.org',
      },
    });
  });

  it('leaves alone whatever the editor keeps in it', () => {
    expect(
      problems('[server]\nhost = 5\nports = [1, { a = 2 }]\n[assistant]\nanything = "goes"\n[assistant.egress]\nx = 1'),
    ).toEqual([]);
    expect(problems('server = 1\nassistant = [1]')).toEqual([]);
  });

  it('takes empty text for what is not set, where Haute does', () => {
    const unset =
      '[test_quotes]\ndir = ""\n[safety]\nimpact_dataset = ""\n[ci.staging]\nendpoint_url = ""\n[deploy.container]\nregistry = ""\nbase_image = ""';
    expect(read(unset)).toMatchObject({
      problems: [],
      config: { testQuotesDir: undefined, impactDataset: undefined, ci: { stagingUrl: undefined } },
    });
  });

  it.each<[string, string, string[]]>([
    [
      'a key with a slip',
      '[deploy]\nmodelname = "x"',
      ["2 TOML-UNKNOWN-KEY unknown key 'modelname' in [deploy] → Did you mean 'model_name'?"],
    ],
    [
      'a table with a slip',
      '[project]\nname = "x"\n[depoly]\ntarget = "container"',
      ["3 TOML-UNKNOWN-KEY unknown key 'depoly' → Did you mean 'deploy'?"],
    ],
    [
      'a table with a slip below a table',
      '[deploy.aws_ecs]\nregion = "x"',
      ["1 TOML-UNKNOWN-KEY unknown key 'aws_ecs' in [deploy] → Did you mean 'aws-ecs'?"],
    ],
    [
      'a key in the wrong table',
      '[safety]\nmin_approvers = 1',
      ["2 TOML-UNKNOWN-KEY unknown key 'min_approvers' in [safety] → It belongs in [safety.approval]"],
    ],
    [
      'a key above the tables',
      'registry = "r"',
      ["1 TOML-UNKNOWN-KEY unknown key 'registry' → It belongs in [deploy.container]"],
    ],
    [
      'a key that nobody knows',
      '[test_quotes]\nreplicas = 1',
      ["2 TOML-UNKNOWN-KEY unknown key 'replicas' in [test_quotes] → Remove it. Known here: dir"],
    ],
    [
      'a dotted key',
      '[deploy]\ncontainer.prot = 1',
      ["2 TOML-UNKNOWN-KEY unknown key 'prot' in [deploy.container] → Did you mean 'port'?"],
    ],
    [
      'a key of an inline table',
      '[ci]\nstaging = { endpoint_urll = "" }',
      ["2 TOML-UNKNOWN-KEY unknown key 'endpoint_urll' in [ci.staging] → Did you mean 'endpoint_url'?"],
    ],
    [
      'a quoted key',
      '["deploy"]\n"target " = "container"',
      ["2 TOML-UNKNOWN-KEY unknown key 'target ' in [deploy] → Did you mean 'target'?"],
    ],
    [
      'a retired key',
      '[mlflow]\nmode = "databricks"',
      ["2 TOML-UNKNOWN-KEY unknown key 'mode' in [mlflow] → Remove it. Known here: tracking_uri, folder"],
    ],
    [
      'a value where a table belongs',
      'deploy = "container"',
      ["1 TOML-BAD-VALUE 'deploy' is not a table → Write [deploy] on a line of its own, once, and its keys below it"],
    ],
    [
      'a table where a value belongs',
      '[project.name]\nx = 1',
      ["1 TOML-BAD-VALUE 'name' in [project] is a table → Write text in quotes"],
    ],
    [
      'a list of tables',
      '[[deploy]]\ntarget = "container"',
      ["1 TOML-BAD-VALUE 'deploy' is not a table → Write [deploy] on a line of its own, once, and its keys below it"],
    ],
    [
      'an empty name',
      '[project]\nname = ""',
      ["2 TOML-BAD-VALUE 'name' in [project] is empty → Fill it in, or remove the line"],
    ],
    [
      'a blank name',
      '[project]\nname = "  "',
      ["2 TOML-BAD-VALUE 'name' in [project] is empty → Fill it in, or remove the line"],
    ],
    [
      'a number for a name',
      '[project]\nname = 7',
      ["2 TOML-BAD-VALUE 'name' in [project] is 7 → Write text in quotes"],
    ],
    [
      'a name of two lines',
      '[project]\nname = "a\\nb"',
      ["2 TOML-BAD-VALUE 'name' in [project] holds a line break or another control character → Write it on one line"],
    ],
    [
      'white space around a name',
      '[deploy]\nmodel_name = " motor"',
      [`2 TOML-BAD-VALUE 'model_name' in [deploy] begins or ends with white space → Write "motor"`],
    ],
    [
      'a date for a name',
      '[deploy]\nmodel_name = 2026-01-01',
      ["2 TOML-BAD-VALUE 'model_name' in [deploy] is a date → Write text in quotes"],
    ],
    [
      'a pipeline outside',
      '[project]\npipeline = "../main.py"',
      [
        `2 TOML-BAD-VALUE 'pipeline' in [project] is "../main.py", which may leave the project → Write a path relative to the folder of haute.toml, inside of it`,
      ],
    ],
    [
      'a pipeline from the root',
      '[project]\npipeline = "/srv/main.py"',
      [
        `2 TOML-BAD-VALUE 'pipeline' in [project] is "/srv/main.py", not a path in the project → Write a path relative to the folder of haute.toml, inside of it`,
      ],
    ],
    [
      'a pipeline that is no Python file',
      '[project]\npipeline = "rating"',
      [
        `2 TOML-BAD-VALUE 'pipeline' in [project] is "rating", not a Python file → Write the path of the .py file that defines the pipeline`,
      ],
    ],
    [
      'quotes outside',
      '[test_quotes]\ndir = "../quotes"',
      [
        `2 TOML-BAD-VALUE 'dir' in [test_quotes] is "../quotes", which may leave the project → Write a path relative to the folder of haute.toml, inside of it`,
      ],
    ],
    [
      'a portfolio outside',
      '[safety]\nimpact_dataset = "~/book.parquet"',
      [
        `2 TOML-BAD-VALUE 'impact_dataset' in [safety] is "~/book.parquet", not a path in the project → Write a path relative to the folder of haute.toml, inside of it`,
      ],
    ],
    [
      'a target that there is not',
      '[deploy]\ntarget = "aws_ecs"',
      [`2 TOML-BAD-VALUE 'target' in [deploy] is "aws_ecs" → Did you mean 'aws-ecs'?`],
    ],
    [
      'a target that is planned',
      '[deploy]\ntarget = "sagemaker"',
      [`2 TOML-BAD-VALUE 'target' in [deploy] is "sagemaker" → Write one of ${TARGET_IDS.join(', ')}`],
    ],
    [
      'a target that Haute does not know',
      '[deploy]\ntarget = "local"',
      [
        `2 TARGET-NOT-HAUTE 'target' in [deploy] is "local", which Haute itself refuses → Use the target input, or write target = "local" at the top of haute.release.toml, and leave here a target that Haute knows`,
      ],
    ],
    [
      'a port too high',
      '[deploy.container]\nport = 65536',
      ["2 TOML-BAD-VALUE 'port' in [deploy.container] is 65536 → Write a whole number from 1 to 65535, without quotes"],
    ],
    [
      'a number that 64 bits fold into a good one',
      '[safety.approval]\nmin_approvers = 18446744073709551617',
      [
        "2 TOML-BAD-VALUE 'min_approvers' in [safety.approval] is 18446744073709551617 → Write a whole number from 0 to 100, without quotes",
      ],
    ],
    [
      'port 0',
      '[deploy.container]\nport = 0',
      ["2 TOML-BAD-VALUE 'port' in [deploy.container] is 0 → Write a whole number from 1 to 65535, without quotes"],
    ],
    [
      'a port in quotes',
      '[deploy.container]\nport = "8080"',
      [
        `2 TOML-BAD-VALUE 'port' in [deploy.container] is "8080" → Write a whole number from 1 to 65535, without quotes`,
      ],
    ],
    [
      'a port with a fraction of nothing',
      '[deploy.container]\nport = 8080.0',
      [
        "2 TOML-BAD-VALUE 'port' in [deploy.container] is 8080.0 → Write a whole number from 1 to 65535, without quotes",
      ],
    ],
    [
      'a huge port',
      '[deploy.container]\nport = 99999999999999999999',
      [
        "2 TOML-BAD-VALUE 'port' in [deploy.container] is 99999999999999999999 → Write a whole number from 1 to 65535, without quotes",
      ],
    ],
    [
      'approvers below none',
      '[safety.approval]\nmin_approvers = -1',
      [
        "2 TOML-BAD-VALUE 'min_approvers' in [safety.approval] is -1 → Write a whole number from 0 to 100, without quotes",
      ],
    ],
    [
      'no output',
      '[deploy]\noutput_fields = []',
      ["2 TOML-BAD-VALUE 'output_fields' in [deploy] is an empty list → Fill it in, or remove the line"],
    ],
    [
      'an output twice',
      '[deploy]\noutput_fields = ["a", "a"]',
      [`2 TOML-BAD-VALUE 'output_fields' in [deploy] names "a" twice → Remove one of them`],
    ],
    [
      'a number as output',
      '[deploy]\noutput_fields = ["a", 1]',
      ["2 TOML-BAD-VALUE 'output_fields' in [deploy] is 1 (number 2 of the list) → Write text in quotes"],
    ],
    [
      'yes for true',
      '[deploy.databricks]\nserving_scale_to_zero = "yes"',
      [
        `2 TOML-BAD-VALUE 'serving_scale_to_zero' in [deploy.databricks] is "yes" → Write true or false, without quotes`,
      ],
    ],
    [
      'a staging suffix of nothing',
      '[ci.staging]\nendpoint_suffix = ""',
      ["2 TOML-BAD-VALUE 'endpoint_suffix' in [ci.staging] is empty → Fill it in, or remove the line"],
    ],
    [
      'a suffix with a slash',
      '[ci.staging]\nendpoint_suffix = "/x"',
      [`2 TOML-BAD-VALUE 'endpoint_suffix' in [ci.staging] is "/x" → Use letters, digits, - and _ only`],
    ],
    [
      'an address without a scheme',
      '[ci.staging]\nendpoint_url = "stage.example.org"',
      [
        `2 TOML-BAD-VALUE 'endpoint_url' in [ci.staging] is "stage.example.org", not an address → Write a full http:// or https:// address`,
      ],
    ],
    [
      'a registry with a scheme',
      '[deploy.container]\nregistry = "https://r.example.org"',
      [
        `2 TOML-BAD-VALUE 'registry' in [deploy.container] is "https://r.example.org" → Write host and path alone, like registry.example.com/pricing`,
      ],
    ],
  ])('says what is wrong, where, and what to do: %s', (_, text, found) => {
    expect(problems(text)).toEqual(found);
  });

  it('never repeats a password', () => {
    const [problem] = problems('[ci.production]\nendpoint_url = "https://ada:hunter22@example.org"');
    expect(problem).toMatch(/^2 TOML-BAD-VALUE .* holds a user name or password/);
    expect(problem).not.toMatch(/hunter22/);
  });

  it('reports everything that is wrong in one run, on its own line, with Windows line ends too', () => {
    const text = [
      '[project]',
      'nam = "x"',
      'pipeline = 3',
      '[deploy]',
      'target = "contaner"',
      '[deploy.container]',
      'port = -1',
      '[saftey]',
    ];
    for (const end of ['\n', '\r\n']) {
      expect(read(text.join(end)).problems.map(({ place }) => place?.line)).toEqual([3, 5, 7, 8, 2]);
    }
  });
});

describe('a key of haute.toml with one slip', () => {
  const keys = EVERY_KEY.split('\n').flatMap((line, i) => (/^[a-z_]+ =/.test(line) && !isEditorLine(i) ? [i] : []));

  it('is always reported, on its line', () => {
    fc.assert(
      fc.property(fc.constantFrom(...keys), (index) => {
        const lines = EVERY_KEY.split('\n');
        lines[index] = lines[index]?.replace(/^([a-z_]+)/, '$1x') ?? '';
        const meant = /^[a-z_]+(?=x )/.exec(lines[index] ?? '')?.[0];
        const found = read(lines.join('\n')).problems;
        expect(found).toEqual([expect.objectContaining({ code: 'TOML-UNKNOWN-KEY', fix: `Did you mean '${meant}'?` })]);
        expect(found[0]?.place?.line).toBe(index + 1);
      }),
    );
  });

  function isEditorLine(index: number): boolean {
    return index >= EVERY_KEY.split('\n').indexOf('[server]');
  }
});

describe('a base image', () => {
  const digest = `sha256:${'a'.repeat(64)}`;
  it.each([
    'python:3.11.9',
    'python:3.11.9-slim',
    'python:slim-3.11.9',
    'docker.io/library/python:3.11.9-slim-bookworm',
    'registry.example.org:5000/python:3.11.9',
    `python@${digest}`,
    `python:3.11-slim@${digest}`,
  ])('%s is pinned', (image) => {
    expect(isPinnedImage(image)).toBe(true);
  });

  it.each([
    '',
    'python',
    'python:latest',
    'python:3',
    'python:3.11',
    'python:3.11-slim',
    '127.0.0.1:5000/python:latest',
    '10.0.0.1/python',
    'registry/py:1.2.3/python:latest',
    `python@sha256:${'a'.repeat(63)}`,
    `python@${digest}0`,
  ])('%s is not', (image) => {
    expect(isPinnedImage(image)).toBe(false);
  });

  it.each(TARGET_IDS)('must be pinned for the targets that build one: %s', (target) => {
    const { config } = read('');
    const deploy = { ...config.deploy, target };
    const needed = ['container', 'azure-container-apps', 'aws-ecs', 'gcp-run'].includes(target);
    expect(baseImageProblems({ ...config, deploy }, { file: 'haute.toml', line: 7 }).map(({ code }) => code)).toEqual(
      needed ? ['BASE-IMAGE-NOT-PINNED'] : [],
    );
    expect(
      baseImageProblems(
        { ...config, deploy: { ...deploy, container: { ...deploy.container, baseImage: 'python:3.11.9' } } },
        { file: 'f' },
      ),
    ).toEqual([]);
  });
});

describe('the environment', () => {
  const { config } = read(EVERY_KEY);

  it('overrides haute.toml', () => {
    const env = {
      HAUTE_MODEL_NAME: 'm',
      HAUTE_ENDPOINT_NAME: 'e',
      HAUTE_TARGET: 'local',
      HAUTE_SERVING_WORKLOAD_SIZE: 'Large',
      HAUTE_SERVING_SCALE_TO_ZERO: 'YES',
    };
    const overridden = overriddenByEnv(config, env);
    expect(overridden).toMatchObject({
      problems: [],
      target: 'local',
      config: {
        deploy: {
          modelName: 'm',
          endpointName: 'e',
          databricks: { servingWorkloadSize: 'Large', servingScaleToZero: true },
        },
      },
    });
    expect(overridden.config.project).toEqual(config.project);
  });

  it('changes nothing where it says nothing', () => {
    expect(overriddenByEnv(config, { HAUTE_TARGET: undefined, OTHER: 'x' })).toEqual({
      config,
      target: undefined,
      problems: [],
    });
  });

  it.each([
    ['HAUTE_TARGET', 'datbricks', /is "datbricks", not a target .*Did you mean 'databricks'/],
    ['HAUTE_TARGET', 'toString', /not a target/],
    ['HAUTE_TARGET', '', /set, but empty/],
    ['HAUTE_MODEL_NAME', ' ', /set, but empty/],
    ['HAUTE_SERVING_SCALE_TO_ZERO', 'on', /is "on" .*true or false/],
    ['HAUTE_SERVING_SCALE_TO_ZERO', 'constructor', /is "constructor"/],
  ])('is refused with %s=%j', (name, value, what) => {
    const { problems: found, config: same } = overriddenByEnv(config, { [name]: value });
    expect(same).toEqual(config);
    expect(found.map((problem) => `${problem.code} ${problem.what} ${problem.fix}`)).toEqual([
      expect.stringMatching(new RegExp(`^ENV-BAD-VALUE ${name} .*${what.source}`)),
    ]);
  });
});
