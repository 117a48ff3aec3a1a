import { dirname, join, resolve } from 'node:path';
import { ConfigError } from '../../errors.ts';
import type { Partial } from '../../impact/partial/merge-partials.ts';
import {
  checkBelongs,
  decodeManifest,
  MANIFEST_FILE,
  type PartialManifest,
  wholeRun,
} from '../../impact/partial/partial-manifest.ts';
import { globPattern } from '../../project/glob-pattern.ts';
import type { StepContext } from '../context.ts';
import type { ImpactRun } from './impact-run.ts';

const MAGIC = /[*?{[]/;

/** The partials of a whole run, found and checked; their rows are not read yet. */
export type FoundPartials = readonly Partial[];

/**
 * The partials that a glob names: it matches their folders, a folder above them, or their manifests.
 * @param glob relative to the project
 * @throws ConfigError MERGE-… where they are not the partials of exactly this run
 */
export async function findPartials(context: StepContext, run: ImpactRun, glob: string): Promise<FoundPartials> {
  const paths = await manifestsOf(context, run, glob);
  const partials: Partial[] = [];
  for (const path of paths) {
    const text = new TextDecoder().decode(await context.files.read(path));
    const manifest = decodeManifest(text, path);
    partials.push({ manifest, rows: rowsOf(context, dirname(path), manifest) });
  }
  const [first] = wholeRun(partials.map(({ manifest }) => manifest));
  checkBelongs(first, {
    total: run.sample?.rows ?? run.total,
    sampled_from: run.sample ? run.total : null,
    subject: run.subject,
    policy_digest: run.project.policyDigest,
  });
  return partials;
}

async function manifestsOf(context: StepContext, run: ImpactRun, glob: string): Promise<readonly string[]> {
  const pattern = withSlashes(resolve(run.project.root, withSlashes(glob)));
  const parts = pattern.split('/');
  const magicAt = parts.findIndex((part) => MAGIC.test(part));
  const base = magicAt < 0 ? pattern : parts.slice(0, magicAt).join('/') || '/';
  const matches = globPattern(pattern);
  const below = await context.files.list(base);
  const manifests = below
    .map((path) => withSlashes(join(base, path)))
    .filter((path) => path.endsWith(`/${MANIFEST_FILE}`) && ancestry(path).some((each) => matches.test(each)));
  if (manifests.length > 0 || !pattern.endsWith(`/${MANIFEST_FILE}`)) return manifests;
  return (await context.files.size(pattern)) === undefined ? [] : [pattern];
}

/** A path and every folder above it. */
function ancestry(path: string): readonly string[] {
  const parts = path.split('/');
  return parts.map((_, index) => parts.slice(0, parts.length - index).join('/'));
}

function withSlashes(path: string): string {
  return path.replaceAll('\\', '/');
}

/** The rows of a partial, file by file, each the one that its job wrote. */
async function* rowsOf(context: StepContext, folder: string, { files, shard }: PartialManifest): Partial['rows'] {
  for (const { path, digest } of files) {
    const found = await context.files.digest(join(folder, path));
    if (found === undefined) throw broken(`has no file ${path}`);
    if (found.digest !== digest) throw broken(`has another file ${path} than was written`);
    const portfolio = await context.portfolios.open({ root: folder, dataset: path, key: undefined }, context.signal);
    if (portfolio.files[0]?.digest !== digest) throw broken(`has a file ${path} that changes while it is read`);
    yield* portfolio.rows({ signal: context.signal });
  }

  function broken(how: string): ConfigError {
    return new ConfigError({
      code: 'MERGE-BROKEN',
      what: `the partial of shard ${shard.index} ${how}`,
      fix: 'Run its job again, and hand its files over unchanged',
      place: { file: folder },
    });
  }
}
