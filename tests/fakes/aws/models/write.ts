import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { findTool } from '../../../tools/install.ts';
import { extract } from './extract.ts';
import { OPERATIONS, type ServiceId, type ServiceModel } from './model.ts';

/**
 * The extract of a service from AWS' own model as botocore carries it.
 *
 * @param botocore path of botocore's `__init__.py`
 */
export function extractOf(service: ServiceId, botocore: string): ServiceModel {
  const folder = join(dirname(botocore), 'data', service);
  const newest = readdirSync(folder).sort().at(-1) ?? '';
  const packed = join(folder, newest, 'service-2.json.gz');
  const text = existsSync(packed) ? gunzipSync(readFileSync(packed)) : readFileSync(packed.replace(/\.gz$/, ''));
  return extract(JSON.parse(text.toString('utf8')) as ServiceModel, OPERATIONS[service]);
}

/** Run by hand when an operation is added: `node tests/fakes/aws/models/write.ts`. */
if (process.argv[1] === import.meta.filename) {
  const tool = findTool('boto3-1.44.5');
  if ('missing' in tool) throw new Error(tool.missing);
  for (const service of Object.keys(OPERATIONS) as ServiceId[]) {
    const text = JSON.stringify(extractOf(service, tool.path), undefined, 1);
    writeFileSync(join(import.meta.dirname, `${service}.json`), `${text}\n`);
  }
}
