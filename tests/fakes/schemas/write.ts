import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Extract, extract } from './extract.ts';
import { OPERATIONS } from './operations.ts';
import { documentsOf, type ForgeId, readPublished } from './published.ts';

/** The extract of a forge; the names of documents that are not there, where some are missing. */
export function extractOf(forge: ForgeId): { readonly extract: Extract; readonly missing: readonly string[] } {
  const missing: string[] = [];
  const all: Extract = { answers: {}, definitions: {} };
  for (const [name, path] of Object.entries(documentsOf(forge))) {
    const published = readPublished(path);
    if (!published) {
      missing.push(path);
      continue;
    }
    const prefix = name === '' ? '' : `${name}.`;
    const own = OPERATIONS[forge].filter((operation) => name === '' || operation.startsWith(`${name} `));
    const part = extract(
      published,
      own.map((operation) => (name === '' ? operation : operation.slice(name.length + 1))),
      prefix,
    );
    Object.assign(all.answers, part.answers);
    Object.assign(all.definitions, part.definitions);
  }
  return { extract: all, missing };
}

/** Run by hand, with the documents in place, when an operation is added: `node tests/fakes/schemas/write.ts`. */
if (process.argv[1] === import.meta.filename) {
  for (const forge of Object.keys(OPERATIONS) as ForgeId[]) {
    const { extract: found, missing } = extractOf(forge);
    for (const path of missing) console.log(`${forge}: ${path} is not there; its part is left as it is`);
    if (missing.length === 0)
      writeFileSync(join(import.meta.dirname, `${forge}.json`), `${JSON.stringify(found, undefined, 1)}\n`);
  }
}
