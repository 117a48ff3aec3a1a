import { join } from 'node:path';
import { ConfigError, type Place, type Problem, throwIfAny } from '../errors.ts';
import type { Files } from '../ports/files.ts';
import { baseImageProblems } from './base-image.ts';
import { fewOfAKind } from './few-of-a-kind.ts';
import type { HauteConfig } from './haute-config.ts';
import { type Env, loadDotEnv } from './load-dot-env.ts';
import { loadQuotes, type QuotesFolder } from './load-quotes.ts';
import { isTarget, overriddenByEnv, targetFix } from './override-by-env.ts';
import { pathProblems, shownPath } from './paths.ts';
import type { Project } from './project.ts';
import { readHauteToml } from './read-haute-toml.ts';
import { digestOfPolicy, readPolicy } from './read-policy.ts';
import { readTextFile } from './read-text-file.ts';
import { emptyDocument, parseToml, type TomlDocument } from './toml/parse-toml.ts';

/** Which project, and what of it the inputs of a step override. Paths are absolute. */
export interface ProjectLocation {
  /** Folder that holds haute.toml. */
  readonly dir: string;
  /** Release policy; where not given, `haute.release.toml` in the project, if there is one. */
  readonly policyPath?: string | undefined;
  /** Wins over HAUTE_TARGET, then the policy's `target`, then haute.toml's. */
  readonly target?: string | undefined;
  /** Folder of test quotes, which may lie outside of the project; where not given, haute.toml's, then `tests/quotes`. */
  readonly quotesDir?: string | undefined;
}

const CONFIG = 'haute.toml';
const POLICY = 'haute.release.toml';
const DEFAULT_QUOTES = 'tests/quotes';
const MAX_TOML_BYTES = 2 ** 20;

/**
 * Reads a project's haute.toml, haute.release.toml, .env and test quotes.
 *
 * @param sources `env`: the environment, whose HAUTE_ variables override haute.toml; those of .env do where it has none
 * @throws ConfigError with every problem of all of these files together; ProviderError when the disk refuses.
 */
export async function loadProject(
  location: ProjectLocation,
  sources: { readonly files: Files; readonly env: Env },
): Promise<Project> {
  const { files } = sources;
  const root = await files.realPath(location.dir);
  if (root === undefined) throw noProject(location.dir);
  const policyPath = location.policyPath ?? join(root, POLICY);
  const dotEnv = await loadDotEnv(root, sources);
  const hauteToml = await loadToml(files, root, join(root, CONFIG), noConfig(root));
  const policyToml = await loadToml(
    files,
    root,
    policyPath,
    location.policyPath === undefined ? undefined : noPolicy(policyPath),
  );

  const written = readHauteToml(hauteToml.document);
  const { policy, problems: policyProblems } = readPolicy(policyToml.document, written.config.minApprovers);
  const override = overriddenByEnv(written.config, dotEnv.env);
  const input = namedTarget(location.target);
  const target = input.target ?? override.target ?? namedTarget(policy.target).target ?? written.config.deploy.target;
  const config: HauteConfig = { ...override.config, deploy: { ...override.config.deploy, target } };
  const quotes = await loadQuotes(root, quotesFolder(root, location.quotesDir, config, hauteToml.document), files);

  throwIfAny(
    fewOfAKind([
      ...hauteToml.problems,
      ...written.problems,
      ...(hauteToml.problems.length === 0
        ? await crossChecks(root, config, hauteToml.document, written.problems, files)
        : []),
      ...policyToml.problems,
      ...policyProblems,
      ...dotEnv.problems,
      ...override.problems,
      ...input.problems,
      ...quotes.problems,
    ]),
  );
  return { root, config, policy, policyDigest: digestOfPolicy(policy), quotes: quotes.quotes };
}

interface LoadedToml {
  /** Empty when the file is not there or cannot be read. */
  readonly document: TomlDocument;
  readonly problems: readonly Problem[];
}

/** @param missing the problem that it is when the file is not there; none where it may be missing */
async function loadToml(files: Files, root: string, path: string, missing: Problem | undefined): Promise<LoadedToml> {
  const name = shownPath(root, path);
  const failed = (problem: Problem): LoadedToml => ({ document: emptyDocument(name), problems: [problem] });
  const file = await readTextFile(files, path, name, MAX_TOML_BYTES);
  if (file === undefined) return missing ? failed(missing) : { document: emptyDocument(name), problems: [] };
  if ('problem' in file) return failed(file.problem);
  if (name === CONFIG && file.text.trim() === '') return failed(emptyConfig());
  const parsed = parseToml(file.text, name);
  return 'problem' in parsed ? failed(parsed.problem) : { document: parsed.document, problems: [] };
}

/** What needs more than one key or the disk to judge. A key that is wrong already is not judged again. */
async function crossChecks(
  root: string,
  config: HauteConfig,
  document: TomlDocument,
  known: readonly Problem[],
  files: Files,
): Promise<readonly Problem[]> {
  const found = [
    ...baseImageProblems(config, document.place(['deploy', 'container', 'base_image'])),
    ...(await pathProblems(root, config, document, files)),
  ];
  return found.filter(({ place }) => !known.some((problem) => samePlace(problem.place, place)));
}

function samePlace(a: Place | undefined, b: Place | undefined): boolean {
  return a?.line !== undefined && a.line === b?.line && a.column === b.column;
}

function quotesFolder(
  root: string,
  input: string | undefined,
  { testQuotesDir }: HauteConfig,
  document: TomlDocument,
): QuotesFolder {
  if (input !== undefined) return { dir: input, named: {} };
  if (testQuotesDir === undefined) return { dir: join(root, DEFAULT_QUOTES), named: undefined };
  return { dir: join(root, testQuotesDir), named: { place: document.place(['test_quotes', 'dir']) } };
}

function namedTarget(text: string | undefined): {
  target: HauteConfig['deploy']['target'] | undefined;
  problems: readonly Problem[];
} {
  if (text === undefined || isTarget(text)) return { target: text, problems: [] };
  const what = `there is no target ${JSON.stringify(text)}`;
  return { target: undefined, problems: [{ code: 'TARGET-UNKNOWN', what, fix: targetFix(text) }] };
}

function noProject(dir: string): ConfigError {
  return new ConfigError({
    code: 'PROJECT-MISSING',
    what: `there is no folder ${dir}`,
    fix: 'Name the folder that holds haute.toml with the project input',
  });
}

function noConfig(root: string): Problem {
  const fix = 'Name the folder that holds haute.toml with the project input, or make a project with `haute init`';
  return { code: 'TOML-MISSING', what: `there is no haute.toml in ${root}`, fix, place: { file: CONFIG } };
}

function noPolicy(path: string): Problem {
  return {
    code: 'POLICY-MISSING',
    what: `there is no release policy ${path}`,
    fix: 'Correct the policy input, or leave it out',
  };
}

function emptyConfig(): Problem {
  const fix = 'Write at least [project] with name and pipeline';
  return { code: 'TOML-EMPTY', what: 'the file is empty', fix, place: { file: CONFIG, line: 1 } };
}
