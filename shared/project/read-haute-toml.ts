import type { Problem } from '../errors.ts';
import { type HauteConfig, TARGET_IDS, type TargetId } from './haute-config.ts';
import { pathInProject, pathOrAddress } from './inside-project.ts';
import type { TomlDocument } from './toml/parse-toml.ts';
import { TableReader } from './toml/table-reader.ts';
import { boolean, checkedText, choice, integer, text, textList } from './toml/values.ts';
import type { Parsed } from './units.ts';

/** Targets that Haute itself does not know: it would refuse a haute.toml that names them. */
const OURS: readonly TargetId[] = ['local', 'baseten'];
/** What a target needs, it asks for itself: here it may be missing. */
const mayBeUnset = text({ mayBeEmpty: true });

/**
 * haute.toml with every default filled in, as Haute 0.6.0 reads it, and every problem found; with problems, the value
 * is not to be used. `[server]`, `[assistant]` and their keys belong to Haute's editor and are left alone.
 */
export function readHauteToml(document: TomlDocument): {
  readonly config: HauteConfig;
  readonly problems: readonly Problem[];
} {
  const file = new TableReader(document);
  const config = readTables(file);
  file.unknownKeys();
  return { config, problems: file.problems };
}

function readTables(file: TableReader): HauteConfig {
  file.ignore('server');
  file.ignore('assistant');
  const mlflow = file.table('mlflow');
  mlflow.read('tracking_uri', mayBeUnset, '');
  mlflow.read('folder', mayBeUnset, '');

  const project = readProject(file.table('project'));
  const safety = file.table('safety');
  return {
    project,
    deploy: readDeploy(file.table('deploy'), project.name),
    testQuotesDir:
      file.table('test_quotes').read('dir', checkedText(pathInProject, { mayBeEmpty: true }), undefined) || undefined,
    impactDataset:
      safety.read('impact_dataset', checkedText(pathOrAddress, { mayBeEmpty: true }), undefined) || undefined,
    minApprovers: safety.table('approval').read('min_approvers', integer({ min: 0, max: 100 }), 2),
    ci: readCi(file.table('ci')),
  };
}

function readProject(table: TableReader): HauteConfig['project'] {
  const pipeline = table.read('pipeline', checkedText(pipelinePath), 'main.py');
  const stem = pipeline.replace(/^.*\//, '').replace(/\.py$/, '');
  return { name: table.read('name', text(), stem), pipeline };
}

function pipelinePath(path: string): Parsed<string> {
  const inside = pathInProject(path);
  if ('problem' in inside || inside.value.endsWith('.py')) return inside;
  return {
    problem: `is ${JSON.stringify(path)}, not a Python file`,
    fix: 'Write the path of the .py file that defines the pipeline',
  };
}

function readDeploy(table: TableReader, name: string): HauteConfig['deploy'] {
  return {
    target: readTarget(table),
    modelName: table.read('model_name', text(), name),
    endpointName: table.read('endpoint_name', text(), undefined),
    outputFields: table.read('output_fields', textList(text()), undefined),
    databricks: readDatabricks(table.table('databricks')),
    container: readContainer(table.table('container')),
    azureContainerApps: readAzure(table.table('azure-container-apps')),
    awsEcs: readEcs(table.table('aws-ecs')),
    gcpRun: readRun(table.table('gcp-run')),
  };
}

function readDatabricks(table: TableReader): HauteConfig['deploy']['databricks'] {
  return {
    experimentName: table.read('experiment_name', text(), '/Shared/haute/default'),
    catalog: table.read('catalog', text(), 'main'),
    schema: table.read('schema', text(), 'pricing'),
    servingWorkloadSize: table.read('serving_workload_size', text(), 'Small'),
    servingScaleToZero: table.read('serving_scale_to_zero', boolean, true),
  };
}

function readContainer(table: TableReader): HauteConfig['deploy']['container'] {
  return {
    registry: table.read('registry', checkedText(registryName, { mayBeEmpty: true }), ''),
    port: table.read('port', integer({ min: 1, max: 65_535 }), 8080),
    baseImage: table.read('base_image', mayBeUnset, ''),
  };
}

function readAzure(table: TableReader): HauteConfig['deploy']['azureContainerApps'] {
  return {
    resourceGroup: table.read('resource_group', mayBeUnset, ''),
    containerAppName: table.read('container_app_name', mayBeUnset, ''),
    environmentName: table.read('environment_name', mayBeUnset, ''),
  };
}

function readEcs(table: TableReader): HauteConfig['deploy']['awsEcs'] {
  return {
    region: table.read('region', text(), 'eu-west-1'),
    cluster: table.read('cluster', mayBeUnset, ''),
    service: table.read('service', mayBeUnset, ''),
  };
}

function readRun(table: TableReader): HauteConfig['deploy']['gcpRun'] {
  return {
    project: table.read('project', mayBeUnset, ''),
    region: table.read('region', text(), 'europe-west1'),
    service: table.read('service', mayBeUnset, ''),
  };
}

function readTarget(table: TableReader): TargetId {
  const target = table.read('target', choice(...TARGET_IDS), 'databricks');
  if (!OURS.includes(target)) return target;
  const fix = `Use the target input, or write target = "${target}" at the top of haute.release.toml, and leave here a target that Haute knows`;
  table.report('TARGET-NOT-HAUTE', 'target', `is "${target}", which Haute itself refuses`, fix);
  return target;
}

function readCi(table: TableReader): HauteConfig['ci'] {
  const staging = table.table('staging');
  const production = table.table('production');
  const address = checkedText(httpAddress, { mayBeEmpty: true });
  return {
    provider: table.read('provider', text(), 'github'),
    stagingSuffix: staging.read('endpoint_suffix', checkedText(suffix), '-staging'),
    stagingUrl: staging.read('endpoint_url', address, undefined) || undefined,
    productionUrl: production.read('endpoint_url', address, undefined) || undefined,
  };
}

/** Part of the names of services; never empty, or staging would be production. */
function suffix(text: string): Parsed<string> {
  if (/^[A-Za-z0-9_-]+$/.test(text)) return { value: text };
  return { problem: `is ${JSON.stringify(text)}`, fix: 'Use letters, digits, - and _ only' };
}

function registryName(name: string): Parsed<string> {
  if (!/\s|:\/\//.test(name)) return { value: name };
  return { problem: `is ${JSON.stringify(name)}`, fix: 'Write host and path alone, like registry.example.com/pricing' };
}

function httpAddress(address: string): Parsed<string> {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol))
    return {
      problem: `is ${JSON.stringify(address)}, not an address`,
      fix: 'Write a full http:// or https:// address',
    };
  if (url.username === '' && url.password === '') return { value: address };
  return { problem: 'holds a user name or password', fix: 'Remove it, and send credentials in the headers input' };
}
