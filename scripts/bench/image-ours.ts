import { readFileSync, writeFileSync } from 'node:fs';
import { assembleImage } from '../../shared/image/assemble/assemble-image.ts';
import type { EnginePackage } from '../../shared/ports/engine.ts';
import type { RepositoryName } from '../../shared/ports/registry.ts';
import { registryClient } from '../../tests/image/processes.ts';
import { inputFor, toolsIn } from '../../tests/image/workbench.ts';

/** One build of ours as a process of its own: what to build comes from a file, and what came of it goes into another. */
export interface OursInput {
  readonly pkg: EnginePackage;
  readonly bases: RepositoryName;
  readonly to: RepositoryName;
  readonly architecture: string;
  readonly root: string;
  readonly temp: string;
  /** Whether layers of packages are taken from the registry by a key. */
  readonly sealed: boolean;
  readonly env: Readonly<Record<string, string>>;
}

const [from = '', to = ''] = process.argv.slice(2);
const input = JSON.parse(readFileSync(from, 'utf8')) as OursInput;
const image = await assembleImage(
  inputFor(input.pkg, {
    base: { name: input.bases, reference: 'here', text: 'python:here' },
    to: input.to,
    tags: ['latest'],
    platform: { os: 'linux', architecture: input.architecture },
  }),
  toolsIn(registryClient(), input.root, input.temp, {
    env: input.env,
    progress: (line) => console.error(line),
    ...(!input.sealed && { seal: undefined }),
  }),
);
writeFileSync(to, JSON.stringify(image));
