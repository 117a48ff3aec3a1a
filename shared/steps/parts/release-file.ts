import { join, relative } from 'node:path';
import { ConfigError, messageOf } from '../../errors.ts';
import type { Project } from '../../project/project.ts';
import { decodeRelease, encodeRelease } from '../../release/codec.ts';
import { type Digest, isDigest } from '../../release/digest.ts';
import { appendEvidence, type EvidenceKind } from '../../release/evidence.ts';
import type { JsonObject } from '../../release/json.ts';
import type { Release } from '../../release/release.ts';
import type { Verdict } from '../../release/verdict.ts';
import type { StepContext } from '../context.ts';

const FOLDER = '.haute';
/** The release that the steps hand to each other. */
const CURRENT = 'release.json';
/** Every release of this checkout, by id, so that an id is enough to name one. */
const ALL = 'releases';

/** A release and the file that it was read from. */
export interface OpenRelease {
  readonly release: Release;
  /** Absolute. */
  readonly file: string;
}

/**
 * Reads the release that a step works on and checks that it was not edited.
 * @param named the `release` input: a path, an id, or undefined for the project's current release
 * @throws ConfigError RELEASE-MISSING, RELEASE-BROKEN, RELEASE-FOREIGN; GateFailure RELEASE-TAMPERED
 */
export async function openRelease(
  context: StepContext,
  project: Project,
  named: string | undefined,
): Promise<OpenRelease> {
  const file = releasePath(context, project, named);
  const bytes = await context.files.read(file);
  if (!bytes) throw missing(file, named);
  const release = decodeRelease(new TextDecoder().decode(bytes), relative(project.root, file) || file);
  if (release.core.project !== project.config.project.name) throw foreign(release, project, file);
  return { release, file };
}

/** Like openRelease, but undefined where the project has no release yet and none was named. */
export async function openReleaseIfAny(
  context: StepContext,
  project: Project,
  named: string | undefined,
): Promise<OpenRelease | undefined> {
  if (named === undefined && !(await context.files.size(releasePath(context, project, undefined)))) return undefined;
  return openRelease(context, project, named);
}

/** What this checkout knows of a release by its id; undefined when it knows nothing, or what it has was edited. */
export async function findKnownRelease(
  context: StepContext,
  project: Project,
  id: Digest,
): Promise<Release | undefined> {
  const file = releaseFileOf(project, id);
  const bytes = await context.files.read(file);
  if (!bytes) return undefined;
  try {
    return decodeRelease(new TextDecoder().decode(bytes), file);
  } catch (error) {
    context.host.log.warn(`what is kept of this release is not used: ${messageOf(error)}`);
    return undefined;
  }
}

/**
 * Writes a release where it was read from (as the project's current one where that is not given), under its id, and as
 * the current one where that is the same release: the copies must not tell different stories. What the next step reads
 * is written last, so that a disk that fills up leaves it as it was.
 * @returns the path that the next step reads
 */
export async function saveRelease(
  context: StepContext,
  project: Project,
  release: Release,
  file?: string,
): Promise<string> {
  const { files } = context;
  const text = encodeRelease(release);
  const current = join(project.root, FOLDER, CURRENT);
  const isCurrent = file === undefined || file === current || (await namesRelease(context, current, release.id));
  const paths = [releaseFileOf(project, release.id), ...(isCurrent ? [current] : []), file ?? current];
  for (const path of new Set(paths)) await files.write(path, text);
  return file ?? current;
}

async function namesRelease(context: StepContext, file: string, id: Digest): Promise<boolean> {
  const bytes = await context.files.read(file);
  return bytes !== undefined && new TextDecoder().decode(bytes).includes(`"id": "${id}"`);
}

/** The release with one more piece of evidence from this run, saved where it was read from. */
export async function recordEvidence(
  context: StepContext,
  project: Project,
  open: OpenRelease,
  entry: { readonly kind: EvidenceKind; readonly verdict: Verdict; readonly facts: JsonObject },
): Promise<OpenRelease> {
  const at = new Date(context.clock.now()).toISOString();
  const release = appendEvidence(open.release, { ...entry, at, run: context.host.facts.run });
  return { release, file: await saveRelease(context, project, release, open.file) };
}

function releasePath(context: StepContext, project: Project, named: string | undefined): string {
  if (named === undefined) return join(project.root, FOLDER, CURRENT);
  return isDigest(named) ? releaseFileOf(project, named) : context.resolvePath(named);
}

/** Absolute path of what this checkout keeps of a release, by id. */
export function releaseFileOf(project: Project, id: Digest): string {
  return join(project.root, FOLDER, ALL, `${id.replace(':', '-')}.json`);
}

function missing(file: string, named: string | undefined): ConfigError {
  return new ConfigError({
    code: 'RELEASE-MISSING',
    what:
      named && isDigest(named) ? `release ${named} is not known in this checkout` : `there is no release file ${file}`,
    fix: 'Run build-push first, or hand over the release file of the job that did',
  });
}

function foreign(release: Release, project: Project, file: string): ConfigError {
  return new ConfigError({
    code: 'RELEASE-FOREIGN',
    what: `${file} is a release of project ${release.core.project}, not of ${project.config.project.name}`,
    fix: 'Point the release input at a release of this project',
  });
}
