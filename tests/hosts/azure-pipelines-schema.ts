import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

interface TaskManifest {
  readonly name: string;
  readonly version: { readonly Major: number };
  readonly inputs: readonly { readonly name: string; readonly options?: Readonly<Record<string, string>> }[];
}

interface PipelinesSchema {
  readonly definitions: {
    readonly task: {
      readonly properties: { readonly task: { readonly anyOf: object[] } };
      readonly anyOf: object[];
    };
  };
}

/**
 * The schema of Azure Pipelines that check-jsonschema carries, with our tasks and their inputs added: a misspelt
 * input of ours is an error in it, as one of a task of Microsoft's is.
 * @param checker path of check-jsonschema
 */
export function azurePipelinesSchema(root: string, checker: string): object {
  const [file] = globSync('lib/python*/site-packages/check_jsonschema/builtin_schemas/vendor/azure-pipelines.json', {
    cwd: dirname(dirname(checker)),
  });
  if (file === undefined) throw new Error('check-jsonschema carries no schema of Azure Pipelines');
  const schema = JSON.parse(readFileSync(join(dirname(dirname(checker)), file), 'utf8')) as PipelinesSchema;
  for (const path of globSync('azure-tasks/*/task.json', { cwd: root })) {
    const { name, version, inputs } = JSON.parse(readFileSync(join(root, path), 'utf8')) as TaskManifest;
    const task = `${name}@${version.Major}`;
    const known = Object.fromEntries(inputs.map((input) => [input.name, { type: 'string' }]));
    schema.definitions.task.properties.task.anyOf.push({ enum: [task] });
    schema.definitions.task.anyOf.push({
      properties: {
        task: { pattern: `^${task}$` },
        inputs: { type: 'object', properties: known, additionalProperties: false },
      },
    });
  }
  return schema;
}
