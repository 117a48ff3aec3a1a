import { ConfigError } from '../../errors.ts';
import type { BuiltFrom, PushOptions, StoredArtifact } from '../../ports/artifact-store.ts';
import type { EnginePackage } from '../../ports/engine.ts';
import type { SourceState } from '../../ports/source-control.ts';
import type { Project } from '../../project/project.ts';
import { appendEvidence } from '../../release/evidence.ts';
import { newRelease, type Release, type ReleaseCore } from '../../release/release.ts';
import type { StepContext } from '../context.ts';
import type { InputValues, StepResult } from '../define.ts';
import { bullets, page, table } from '../parts/markdown.ts';
import { provePackage } from '../parts/prove-package.ts';
import { findKnownRelease, saveRelease } from '../parts/release-file.ts';
import { findValidation, type Validation, validationOf } from '../parts/validation-file.ts';
import { engineOptions, openWorkspace, type Workspace } from '../parts/workspace.ts';
import type { definition } from './definition.ts';
import { imageWishes, scannerOf } from './image-inputs.ts';
import { describeScan, type Scanned, scanFacts, scanImage } from './scan.ts';

type Inputs = InputValues<typeof definition.inputs>;
type Outputs = typeof definition.outputs;

/**
 * Packages the project, makes sure that the package is proven, stores it by digest, has it scanned where that is asked
 * for, writes the release, and only then gives it names: what fails on the way leaves none.
 */
export async function runBuildPush(inputs: Inputs, context: StepContext): Promise<StepResult<Outputs>> {
  const workspace = await openWorkspace(context, inputs, inputs.quotes);
  const { store, target } = workspace;
  const image = imageWishes(inputs, store, target.id, context.host);
  const source = await cleanSource(context, workspace.project, inputs['allow-dirty']);
  const options: PushOptions = {
    source: await builtFrom(context, workspace.project, source),
    image,
    signal: context.signal,
    progress: (line) => context.host.log.info(line),
  };
  const willStore = inputs.push ? await store.plan(options) : [];
  const dir = await context.files.tempDir('haute-package-');
  try {
    const built = await buildProven(context, workspace, dir);
    if ('faults' in built) return refused(built.faults);
    if (inputs['dry-run'] || !inputs.push) return notStored(built.pkg, willStore);
    const stored = await context.host.log.group('Storing the package', () => store.push(built.pkg, options));
    const scanner = scannerOf(inputs);
    const scanned = scanner && (await scanImage(context, workspace.project, scanner, stored.artifact));
    if (scanned?.verdict === 'fail') return turnedDown(stored, scanned);
    const release = await releaseOf(context, workspace, source, built, stored, scanned);
    const names = await store.publish(release, options);
    const file = await saveRelease(context, workspace.project, release);
    context.host.log.info(`release ${release.id} of commit ${source.commit ?? '(not a git checkout)'}`);
    return storedResult(release, file, { stored, names, scanned }, built.pkg);
  } finally {
    await context.files.remove(dir);
  }
}

type Built = { readonly pkg: EnginePackage; readonly validation: Validation };

/** The package, and its proof: the one that validate left for the same bytes, or a new one. */
async function buildProven(
  context: StepContext,
  { project, engine }: Workspace,
  dir: string,
): Promise<Built | { readonly faults: readonly string[] }> {
  const pkg = await context.host.log.group('Packaging', () => engine.package(dir, engineOptions(context)));
  const known = await findValidation(context, project, pkg.digest);
  if (known) {
    context.host.log.info(`package ${pkg.digest} is the one that validate proved`);
    return { pkg, validation: known };
  }
  const again = await context.files.tempDir('haute-proof-');
  try {
    const proof = await provePackage(context, project, engine, again);
    if (!proof.pkg) return { faults: proof.faults };
    if (proof.pkg.digest !== pkg.digest) throw notReproducible(pkg, proof.pkg);
    return { pkg, validation: validationOf(project, proof, pkg.digest) };
  } finally {
    await context.files.remove(again);
  }
}

async function cleanSource(context: StepContext, project: Project, allowDirty: boolean): Promise<SourceState> {
  const source = await context.source.state(project.root, context.signal);
  if (source.commit === null) context.host.log.warn('not a git checkout: the release will name no commit');
  if (source.dirty.length === 0) return source;
  if (!allowDirty) throw dirtyTree(source);
  context.host.log.warn(`building with ${source.dirty.length} files that differ from the commit`);
  return source;
}

/** What the content comes from. A version tag on a commit says nothing of files that differ from it. */
async function builtFrom(
  { source, signal }: StepContext,
  { root }: Project,
  { commit, dirty }: SourceState,
): Promise<BuiltFrom> {
  const isDirty = dirty.length > 0;
  if (commit === null) return { commit, dirty: isDirty, committedAt: undefined, version: undefined };
  const { committedAt, version } = await source.facts(root, commit, signal);
  return { commit, dirty: isDirty, committedAt, version: isDirty ? undefined : version };
}

async function releaseOf(
  context: StepContext,
  { project, target }: Workspace,
  source: SourceState,
  { pkg, validation }: Built,
  stored: StoredArtifact,
  scanned: Scanned | undefined,
): Promise<Release> {
  const core: ReleaseCore = {
    schema: 'haute.release/1',
    project: project.config.project.name,
    model: project.config.deploy.modelName,
    commit: source.commit,
    target: target.id,
    artifact: stored.artifact,
    packageDigest: pkg.digest,
    manifestDigest: pkg.manifestDigest,
    engine: pkg.engine,
  };
  const fresh = newRelease(core);
  // The same content built again is the same release: what is known of it stays known.
  const base = (await findKnownRelease(context, project, fresh.id)) ?? fresh;
  const common = {
    at: new Date(context.clock.now()).toISOString(),
    run: context.host.facts.run,
    verdict: 'pass',
  } as const;
  const validated = appendEvidence(base, {
    ...common,
    kind: 'validated',
    facts: { ...validation.facts, quotesDigest: validation.quotesDigest },
  });
  return appendEvidence(validated, {
    ...common,
    kind: 'built',
    verdict: scanned?.verdict ?? 'pass',
    facts: {
      packageDigest: pkg.digest,
      uploadedBytes: stored.uploadedBytes,
      dirtyFiles: source.dirty.length,
      ...stored.facts,
      ...(scanned && { scan: scanFacts(scanned) }),
    },
  });
}

interface Done {
  readonly stored: StoredArtifact;
  readonly names: readonly string[];
  readonly scanned: Scanned | undefined;
}

function storedResult(
  release: Release,
  file: string,
  { stored, names, scanned }: Done,
  pkg: EnginePackage,
): StepResult<Outputs> {
  const result = scanned?.verdict ?? 'pass';
  return {
    result,
    releaseId: release.id,
    releaseFile: file,
    outputs: outputsOf(stored),
    summary: page(
      `## Haute build and push: ${result}`,
      table(
        ['what', ''],
        [
          ['release', `\`${release.id}\``],
          ['commit', release.core.commit ?? 'none: not a git checkout'],
          ['package', `\`${pkg.digest}\``],
          ['stored as', `\`${stored.reference}\``],
          ...(names.length > 0 ? [['named', names.map((name) => `\`${name}\``).join(', ')]] : []),
          ['bytes stored / already there', `${stored.uploadedBytes} / ${stored.reusedBytes}`],
        ],
      ),
      describeScan(scanned),
    ),
  };
}

function outputsOf({
  artifact,
  reference,
  uploadedBytes,
  reusedBytes,
}: StoredArtifact): StepResult<Outputs>['outputs'] {
  return {
    image: reference,
    ...('digest' in artifact && { digest: artifact.digest }),
    ...(artifact.kind === 'model-version' && { 'model-version': artifact.version }),
    'uploaded-bytes': uploadedBytes,
    'reused-bytes': reusedBytes,
  };
}

/** The image is in the registry by its digest alone: it has no name, and there is no release of it. */
function turnedDown(stored: StoredArtifact, scanned: Scanned): StepResult<Outputs> {
  const summary = page(
    '## Haute build and push: fail',
    `\`${stored.reference}\` was stored, and has findings over the limits of \`[gates.scan]\`: it has no tag, and there is no release of it.`,
    describeScan(scanned),
  );
  return { result: 'fail', outputs: outputsOf(stored), summary };
}

function refused(faults: readonly string[]): StepResult<Outputs> {
  const summary = page(
    '## Haute build and push: fail',
    'Nothing was stored: test quotes are not as expected.',
    bullets(faults),
  );
  return { result: 'fail', outputs: {}, summary };
}

function notStored(pkg: EnginePackage, willStore: readonly string[]): StepResult<Outputs> {
  const summary = page(
    '## Haute build and push: pass',
    `Package \`${pkg.digest}\` was built and proven; it was not stored, and there is no release.`,
    willStore.length > 0 ? `Without the dry run:\n\n${bullets(willStore)}` : '',
  );
  return { result: 'pass', outputs: { digest: pkg.digest }, summary };
}

function dirtyTree(source: SourceState): ConfigError {
  const some = source.dirty.slice(0, 5).join(', ') + (source.dirty.length > 5 ? ', …' : '');
  return new ConfigError({
    code: 'SOURCE-DIRTY',
    what: `${source.dirty.length} files differ from commit ${source.commit}: ${some}`,
    fix: 'Commit them, or allow it with the allow-dirty input',
  });
}

function notReproducible(first: EnginePackage, second: EnginePackage): ConfigError {
  const other = new Map(second.files.map((file) => [file.path, file.digest]));
  const differs = first.files.find((file) => other.get(file.path) !== file.digest);
  return new ConfigError({
    code: 'PACKAGE-NOT-REPRODUCIBLE',
    what: `packaging the same files twice gave ${first.digest} and ${second.digest}${differs ? `: ${differs.path} differs` : ''}`,
    fix: 'Look for what writes into the project while it is packaged, or a pipeline that reads the clock or random numbers',
  });
}
