import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { OPERATIONS } from '../fakes/schemas/operations.ts';
import { CACHE, documentsOf, type ForgeId, GITHUB_PACKAGE } from '../fakes/schemas/published.ts';
import { extractOf } from '../fakes/schemas/write.ts';

const forges = Object.keys(OPERATIONS) as ForgeId[];
const committed = (forge: ForgeId): unknown =>
  JSON.parse(readFileSync(resolve(import.meta.dirname, `../fakes/schemas/${forge}.json`), 'utf8'));

/** GitHub's document comes from the registry, once for this machine. */
beforeAll(() => {
  if (Object.values(documentsOf('github')).every((path) => existsSync(path))) return;
  mkdirSync(CACHE, { recursive: true });
  const argv = ['install', '--prefix', CACHE, '--no-audit', '--no-fund', '--no-save', GITHUB_PACKAGE];
  execFileSync('npm', argv, { stdio: 'ignore', timeout: 170_000 });
});

describe('what the fake forges are held against', () => {
  it.for(forges)('%s: is what its published document says', (forge, { skip }) => {
    const { extract, missing } = extractOf(forge);
    if (missing.length > 0) skip(`not on this machine: ${missing.map((path) => join(path)).join(', ')}`);
    expect(committed(forge)).toEqual(extract);
  });

  it.each(forges)('%s: has an answer for every operation', (forge) => {
    const { answers } = committed(forge) as { answers: Record<string, unknown> };
    expect(Object.keys(answers)).toHaveLength(OPERATIONS[forge].length);
  });
});
