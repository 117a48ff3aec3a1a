import { isAbsolute, join, relative, sep } from 'node:path';
import type { Place, Problem } from '../errors.ts';
import type { Files } from '../ports/files.ts';
import type { HauteConfig } from './haute-config.ts';
import { fixedPart, isAddress } from './inside-project.ts';
import type { TomlDocument } from './toml/parse-toml.ts';

/** True when a path is the folder or below it. Both absolute, links resolved. */
export function isInside(root: string, path: string): boolean {
  const way = relative(root, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** A path as problems name it: relative to the project, with `/`, where it is inside. */
export function shownPath(root: string, path: string): string {
  return isInside(root, path) ? relative(root, path).split(sep).join('/') || '.' : path;
}

/** Follows the links of the paths that haute.toml names: none may lead out of the project, and the pipeline must be there. */
export async function pathProblems(
  root: string,
  config: HauteConfig,
  document: TomlDocument,
  files: Files,
): Promise<readonly Problem[]> {
  const { pipeline } = config.project;
  const named = [
    { key: ['project', 'pipeline'], path: pipeline },
    { key: ['test_quotes', 'dir'], path: config.testQuotesDir },
    {
      key: ['safety', 'impact_dataset'],
      path: config.impactDataset && !isAddress(config.impactDataset) ? fixedPart(config.impactDataset) : undefined,
    },
  ];
  const problems: Problem[] = [];
  for (const { key, path } of named) {
    if (path === undefined) continue;
    const real = await files.realPath(join(root, path));
    if (real !== undefined && !isInside(root, real)) problems.push(outside(path, document.place(key)));
    if (real === undefined && path === pipeline) problems.push(pipelineMissing(path, document.place(key)));
  }
  return problems;
}

export function outside(path: string, place: Place): Problem {
  const fix = 'Put the file itself into the project: what is outside is not part of the release';
  return { code: 'PATH-OUTSIDE-PROJECT', what: `${path} leads out of the project through a symbolic link`, fix, place };
}

function pipelineMissing(path: string, place: Place): Problem {
  const fix = 'Write the path of the pipeline to "pipeline" in [project], relative to haute.toml';
  return { code: 'PIPELINE-MISSING', what: `the pipeline ${path} is not there`, fix, place };
}
