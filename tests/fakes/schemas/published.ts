import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { parse as parseYaml } from 'yaml';
import type { OPERATIONS } from './operations.ts';

export type ForgeId = keyof typeof OPERATIONS;

/** A published document of an API, as it was read; parts that are not there yet are undefined. */
export interface Published {
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly definitions: Readonly<Record<string, unknown>>;
}

/** GitHub's document is installed here by the test that compares with it: 385 MB are no dependency. */
export const CACHE = join(homedir(), '.cache', 'haute-deploy-tests', 'openapi');
export const GITHUB_PACKAGE = '@octokit/openapi@23.0.2';
const SPECS = resolve(import.meta.dirname, '../../../../shared/specs');

const FILES = {
  github: { '': join(CACHE, 'node_modules/@octokit/openapi/generated/api.github.com.json') },
  gitlab: { '': join(SPECS, 'gitlab.openapi-v2.yaml') },
  azure: {
    git: join(SPECS, 'azure-devops/git.json'),
    build: join(SPECS, 'azure-devops/build.json'),
    pipelinesapproval: join(SPECS, 'azure-devops/pipelinesapproval.json'),
    environments: join(SPECS, 'azure-devops/environments.json'),
  },
  // MicrosoftDocs/vsts-rest-api-specs, specification/ims/7.2/identities.json
  'azure-identities': { '': join(SPECS, 'azure-devops/identities.json') },
} as const satisfies Record<ForgeId, Readonly<Record<string, string>>>;

/** Where each document of a forge lies; the name is the first word of its operations. */
export function documentsOf(forge: ForgeId): Readonly<Record<string, string>> {
  return FILES[forge];
}

/** Undefined where the document is not there. */
export function readPublished(path: string): Published | undefined {
  if (!existsSync(path)) return undefined;
  const text = readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  const document = path.endsWith('.yaml') ? parseYaml(text) : JSON.parse(text);
  return { paths: document.paths, definitions: document.definitions ?? document.components.schemas };
}
